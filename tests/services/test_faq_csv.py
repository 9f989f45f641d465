"""The bank as a file that people edit in Excel."""

from __future__ import annotations

import csv
import io
import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import DATA
from bot.errors import ImportFault
from bot.language.text import MAX_LENGTH, clean
from bot.models import FaqEntry
from bot.services.faq_csv import read_csv, write_csv
from bot.services.faq_table import HEADER, MAX_ROWS
from bot.services.sheet import MAX_BYTES

HEAD = ",".join(HEADER)
ROW = "A1,怎么办证,,到窗口办,社区,,,,,"


def sheet(*rows: str, head: str = HEAD) -> bytes:
    return "\r\n".join([head, *rows]).encode()


def faults(data: bytes) -> tuple[str, ...]:
    with pytest.raises(ImportFault) as caught:
        read_csv(data)
    return caught.value.faults


def test_a_row_is_an_entry() -> None:
    row = (
        "A1,怎么办证,办证|哪里办证 | ,到窗口办,社区,2026/11/5,2026-1-1,2026年12月31日,证件,海棠街道"
    )
    assert read_csv(sheet(row)) == (
        FaqEntry(
            id="A1",
            question="怎么办证",
            phrasings=("办证", "哪里办证"),
            answer="到窗口办",
            source="社区",
            dated="2026-11-05",
            valid_from="2026-01-01",
            valid_until="2026-12-31",
            tag="证件",
            area="海棠街道",
        ),
    )


def test_columns_may_stand_in_any_order_and_be_left_out() -> None:
    assert read_csv(sheet("社区,到窗口办,A1,怎么办证", head="来源, 答案 ,编号,问题")) == read_csv(
        sheet(ROW)
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_every_encoding_that_excel_writes(encoding: str) -> None:
    assert read_csv(sheet(ROW).decode().encode(encoding)) == read_csv(sheet(ROW))


def test_excels_unicode_text_is_parted_by_tabs() -> None:
    assert read_csv(sheet(ROW).decode().replace(",", "\t").encode("utf-16")) == read_csv(sheet(ROW))


def test_cells_may_hold_commas_quotes_and_lines() -> None:
    (entry,) = read_csv(sheet('A1,怎么办证,"办证\n哪里办｜何时办","先""登记"",\n再办",社区,,,,,'))
    assert entry.answer == '先"登记",\n再办'
    assert entry.phrasings == ("办证", "哪里办", "何时办")


def test_blank_rows_are_passed_over() -> None:
    assert read_csv(sheet("", ROW, ",,,,,,,,,", " , ,,,,,,,,", "")) == read_csv(sheet(ROW))


def test_an_empty_bank_is_no_fault() -> None:
    assert read_csv(write_csv([])) == ()


def test_every_fault_is_named_at_once_with_excels_row() -> None:
    assert faults(
        sheet(
            ROW,
            '"A2","两行的\n问题",,答案,社区,,,,,',
            "A1,又一个,,答案,社区,,,,,",
            "A4,,,,,,,,,",
            "A5,问题,,答案,社区,昨天,2026-02-30,,,",
            "A6,问题,,答案,社区,,2026-12-31,2026-01-01,,",
            "A7,问题,,答案,有逗号,社区,,,,,,",
            "A8,问题,,答案,社区,,,,,,",
            f"A9,问题,,{'长' * (MAX_LENGTH + 1)},社区,,,,,",
        )
    ) == (
        "第4行：编号「A1」重复，请换一个。",
        "第5行：问题、答案、来源没有填。",
        "第6行：更新日期「昨天」不是日期，应写成 2026-12-31。",
        "第6行：有效开始「2026-02-30」不是日期，应写成 2026-12-31。",
        "第7行：有效截止「2026-01-01」早于有效开始「2026-12-31」，请改正。",
        "第8行：更新日期「社区」不是日期，应写成 2026-12-31。",
        f"第10行：答案太长，请控制在 {MAX_LENGTH} 字以内。",
    )


def test_a_row_that_is_longer_than_the_header_is_a_fault() -> None:
    assert faults(sheet("A7,问题,,答案,社区,,,,,,,,多", "A8,问,,答,社区,,,,")) == (
        "第2行：比表头多出几格，文字里有英文逗号时整格要加英文双引号。",
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "表头缺少：编号、问题、答案、来源"),
        (b"\xff\xff\xff", "既不是 UTF-8 也不是 GBK"),
        (b"\xff\xfe\x00", "既不是 UTF-8 也不是 GBK"),
        (b"PK\x03\x04rest", "Excel 工作簿"),
        (sheet(ROW, head="编号,问题"), "表头缺少：答案、来源"),
        (sheet(ROW, head=HEAD + ",备注"), "表头里不认识：备注"),
        (sheet(ROW, head=HEAD + ",问题"), "表头里重复：问题"),
        (sheet('A1,"没有关上的引号' + "啊" * 140_000), "引号没有配对"),
        (sheet(*(ROW.replace("A1", f"A{n}") for n in range(MAX_ROWS + 1))), "一次最多导入"),
        (bytes(MAX_BYTES + 1), "MiB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_cannot_be_read_is_explained(data: bytes, sentence: str) -> None:
    assert sentence in "\n".join(faults(data))


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_can_start_a_formula(text: str) -> None:
    entry = FaqEntry(
        id=text, question=text, answer=text, source=text, phrasings=(text,), tag=text, area=text
    )
    rows = list(csv.reader(io.StringIO(write_csv([entry]).decode("utf-8-sig"), newline="")))
    assert [cell for cell in rows[1] if cell] == ["'" + text] * 7


@pytest.mark.parametrize("text", ["=1+1", "-5度怎么办", "'引号开头", "''两个", "@海棠", "＋一"])
def test_escaped_cells_come_back_as_they_were(text: str) -> None:
    entry = FaqEntry(id="A1", question=text, answer=text, source="社区", phrasings=(text, "别的"))
    assert read_csv(write_csv([entry])) == (entry,)


def test_the_shipped_bank_goes_round() -> None:
    bank = read_csv((DATA / "demo" / "faq.csv").read_bytes())
    assert len(bank) >= 60
    assert read_csv(write_csv(bank)) == bank
    assert read_csv(write_csv(bank).decode("utf-8-sig").encode("gb18030")) == bank


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
CELL = WORDS.map(lambda text: clean(text).strip().strip("'|｜")).map(str.strip).filter(bool)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(CELL, CELL, st.lists(CELL, max_size=3)), max_size=5))
def test_any_bank_goes_round(rows: list[tuple[str, str, list[str]]]) -> None:
    bank = tuple(
        FaqEntry(
            id=str(number),
            question=question,
            answer=answer,
            source="社区",
            phrasings=tuple(p for p in phrasings if "|" not in p and "｜" not in p),
        )
        for number, (question, answer, phrasings) in enumerate(rows)
    )
    assert read_csv(write_csv(bank)) == bank


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    for octets in (data, sheet(ROW) + b"\r\n" + data):
        with suppress(ImportFault):
            read_csv(octets)


@pytest.mark.slow
def test_a_full_file_is_read_in_seconds() -> None:
    data = sheet(*(ROW.replace("A1", f"A{n}") for n in range(MAX_ROWS)))
    started = time.perf_counter()
    assert len(read_csv(data)) == MAX_ROWS
    assert time.perf_counter() - started < 5.0


@pytest.mark.parametrize(
    ("cell", "audience"),
    [("", "public"), ("所有人", "public"), ("私聊", "private"), ("工作人员", "staff")],
)
def test_for_whom_and_by_which_words(cell: str, audience: str) -> None:
    entry = read_csv(sheet(f"A1,怎么办证,,到窗口办,社区,,,,,,证件|办证,{cell}"))[0]
    assert (entry.keywords, entry.audience) == (("证件", "办证"), audience)


def test_an_unknown_audience_is_named() -> None:
    row = "A1,怎么办证,,到窗口办,社区,,,,,,,邻居"
    assert faults(sheet(row)) == ("第2行：对象「邻居」不认识，写所有人、私聊或工作人员。",)
