"""`haitang faq eval`: two files in, JSON Lines out, or one sentence a fault and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main

BANK = '{"faq": 3, "question": "居住证怎么续签"}\n{"faq": "b", "question": "大件垃圾放在哪里"}\n'


def evaluate(folder: Path, bank: bytes, queries: bytes) -> Result:
    (folder / "bank.jsonl").write_bytes(bank)
    (folder / "queries.jsonl").write_bytes(queries)
    return run(folder / "bank.jsonl", folder / "queries.jsonl")


def run(bank: Path, queries: Path) -> Result:
    words = ["faq", "eval", "--bank", str(bank), "--queries", str(queries)]
    return CliRunner().invoke(main, words, prog_name="haitang")


def test_a_line_a_question(tmp_path: Path) -> None:
    queries = '{"text": "居住证怎么续签？"}\n{"text": "\\ud800"}\n{"text": "大件垃圾放在哪里"}'
    result = evaluate(tmp_path, BANK.encode(), queries.encode())
    assert result.exit_code == 0, result.output
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["group"] for line in found] == [3, None, "b"]
    assert [line["text"] for line in found] == ["居住证怎么续签？", "\ud800", "大件垃圾放在哪里"]


@pytest.mark.parametrize(
    ("bank", "queries", "told"),
    [
        (b"{\n", b'{"text": ""}', "bank.jsonl 第1行：不是 JSON"),
        (BANK.encode(), b'{"text": ""}\n{"txt": ""}', "queries.jsonl 第2行：缺少 text"),
        (b"", b'{"text": ""}', "bank.jsonl 文件里没有内容"),
        (BANK.encode("gb18030"), b'{"text": ""}', "bank.jsonl 第1行：不是 UTF-8 编码"),
    ],
)
def test_a_fault_and_nothing_else(tmp_path: Path, bank: bytes, queries: bytes, told: str) -> None:
    result = evaluate(tmp_path, bank, queries)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(told)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = run(tmp_path / "no.jsonl", tmp_path / "no.jsonl")
    assert result.exit_code == 1
    assert "读不了" in result.stderr
