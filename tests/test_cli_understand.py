"""`haitang understand`: JSON Lines in, JSON Lines out; a bad line costs only itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.models import Audience, Urgency


def run(data: bytes, *args: str) -> Result:
    return CliRunner().invoke(main, ["understand", *args], input=data, prog_name="haitang")


def read(*texts: str) -> list[dict[str, Any]]:
    lines = "\n".join(json.dumps({"text": text, "role": "resident"}) for text in texts)
    result = run(lines.encode())
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("居住证怎么办", "question"),
        ("3幢楼道灯不亮了", "appeal"),
        ("建议在长廊加几个凳子", "suggestion"),
        ("谢谢管家，灯修好了", "thanks"),
        ("上次报的路灯什么时候修", "follow_up"),
        ("灶头旁边滋滋响，一股臭鸡蛋味道", "emergency"),
        ("办结 12 已换灯泡", "command"),
        ("@海棠管家 帮助", "command"),
        ("今朝热得要起火了", "chatter"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    assert read(text)[0]["intent"] == intent


def test_everything_about_a_message() -> None:
    (found,) = read("三号楼２单元门口路灯不亮了")
    assert found["categories"][0] == "GGSS"
    assert found["places"][0]["text"].startswith("三号楼２单元")
    assert found["places"][0]["canonical"].startswith("3幢2单元")
    assert (found["urgency"], found["audience"]) == ("P2", "public")
    assert [matter["category"] for matter in found["matters"]] == ["GGSS"]
    assert found["ms"] >= 0


def test_what_staff_say_unasked_is_no_appeal() -> None:
    line = json.dumps({"text": "3幢楼道灯不亮了", "role": "steward", "group": "一群"})
    (said,) = map(json.loads, run(line.encode()).stdout.splitlines())
    assert said["intent"] == "chatter"


def test_several_matters() -> None:
    (found,) = read("3幢楼道灯不亮。另外5幢电梯又坏了")
    assert [(m["category"], m["place"][:2]) for m in found["matters"]] == [
        ("GGSS", "3幢"),
        ("DTGZ", "5幢"),
    ]


@pytest.mark.parametrize(
    ("text", "urgency", "audience"),
    [
        ("家里着火了", Urgency.P0, Audience.STAFF),
        ("井盖没了，一个大洞", Urgency.P1, Audience.PUBLIC),
        ("3幢垃圾桶满了没人清", Urgency.P2, Audience.PUBLIC),
        ("居住证怎么办", Urgency.P3, Audience.PUBLIC),
        ("隔壁小两口天天吵架，能不能来调解", Urgency.P2, Audience.PRIVATE),
        ("我老公得了癌症，家里没人照顾，能不能帮帮", Urgency.P1, Audience.PRIVATE),
        ("楼上飞线充电，别说是我反映的", Urgency.P1, Audience.PRIVATE),
        ("独居老人送餐怎么申请", Urgency.P3, Audience.PUBLIC),
    ],
)
def test_urgency_and_audience(text: str, urgency: Urgency, audience: Audience) -> None:
    (found,) = read(text)
    assert (found["urgency"], found["audience"]) == (urgency, audience)


def test_odd_texts_are_read() -> None:
    odd = ["", "a", "😀😀", "\n\t ", "３幢" * 33_000, "\ud800", "人" * 100_000]
    assert [found["intent"] for found in read(*odd)][:3] == ["chatter"] * 3


def test_bad_lines_are_told_with_their_number_and_the_good_ones_answered() -> None:
    lines = [
        b'\xef\xbb\xbf{"text": "\xe8\xb0\xa2\xe8\xb0\xa2"}',
        b"",
        b"nonsense",
        b'{"text": 5}',
        b'{"role": "resident"}',
        b'["text"]',
        b'{"text": "\xff"}',
        b'{"text": "a", "group": "g1"}',
    ]
    result = run(b"\n".join(lines))
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 2
    told = result.stderr.splitlines()
    assert [line.split("行")[0] for line in told] == ["第3", "第4", "第5", "第6", "第7"]
    assert told[0].startswith('第3行不是完整的 JSON，应如 {"text"')
    assert told[4] == "第7行不是 UTF-8 编码，请另存为 UTF-8，这一行跳过了。"


def test_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "said.jsonl"
    file.write_text('{"text": "谢谢"}\n', "utf-8")
    assert run(b"", str(file)).stdout.startswith('{"intent":"thanks"')
    missing = run(b"", str(tmp_path / "none.jsonl"))
    assert missing.exit_code == 1
    assert "读写不了" in missing.stderr
