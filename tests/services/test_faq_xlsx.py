"""The bank as an Excel workbook: what comes back, and what is refused before it is unpacked."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest
from xlsxwriter import Workbook

from bot.errors import ImportFault
from bot.models import Audience, FaqEntry
from bot.services.faq_files import read_bank_file, write_bank_file
from bot.services.faq_table import HEADER
from bot.services.faq_xlsx import read_xlsx, write_xlsx
from bot.services.workbook_guard import MAX_UNPACKED

ENTRY = FaqEntry(
    id="A1",
    question="=1+1 怎么办证",
    phrasings=("办证", "+哪里办证"),
    answer="到窗口办\n带身份证",
    source="社区",
    dated="2026-11-05",
    valid_until="2026-12-31",
    keywords=("办证", "证件"),
    audience=Audience.PRIVATE,
)


def sheet(*rows: list[object]) -> bytes:
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        lines: list[list[object]] = [list(HEADER), *rows]
        for line, row in enumerate(lines):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(line, column, cell, day)
                else:
                    page.write(line, column, cell)
    return out.getvalue()


def test_what_is_written_comes_back() -> None:
    plain = FaqEntry(id="B2", question="几点开门", answer="八点", source="社区")
    assert read_xlsx(write_xlsx([ENTRY, plain])) == (ENTRY, plain)
    assert read_bank_file("问答.XLSX", write_bank_file("问答.xlsx", [ENTRY])) == (ENTRY,)
    assert read_bank_file("问答.csv", write_bank_file("问答.csv", [ENTRY])) == (ENTRY,)


def test_nothing_becomes_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(write_xlsx([ENTRY]))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_numbers_and_days_are_read_as_people_see_them() -> None:
    day = datetime(2026, 12, 31)  # noqa: DTZ001 - Excel knows no zone
    entry = read_xlsx(sheet([7, "几点开门", "", "八点", "社区", day]))[0]
    assert (entry.id, entry.dated) == ("7", "2026-12-31")


def test_faults_name_the_row_that_excel_shows() -> None:
    with pytest.raises(ImportFault) as caught:
        read_xlsx(sheet([], ["A1", "", "", "八点", "社区"], ["A1", "几点", "", "八", "社区"]))
    assert caught.value.faults == ("第3行：问题没有填。", "第4行：编号「A1」重复，请换一个。")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "不是 .xlsx"),
        (b"PK\x03\x04 broken", "不是 .xlsx"),
        ("编号,问题".encode(), "不是 .xlsx"),
        (sheet(["A1"])[:-40], "不是 .xlsx"),
    ],
)
def test_another_file_is_refused(data: bytes, told: str) -> None:
    with pytest.raises(ImportFault, match=told):
        read_xlsx(data)


def test_an_empty_zip_and_another_shape_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("hello.txt", "hello")
    with pytest.raises(ImportFault, match="另存为"):
        read_xlsx(out.getvalue())
    other = io.BytesIO()
    with Workbook(other, {"in_memory": True}) as workbook:
        workbook.add_worksheet().write_row(0, 0, ["姓名", "电话"])
    with pytest.raises(ImportFault, match="表头缺少"):
        read_xlsx(other.getvalue())


def test_a_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book, book.open("x", "w") as part:
        block = bytes(1024 * 1024)
        for _ in range(MAX_UNPACKED // len(block) + 1):
            part.write(block)
    assert len(out.getvalue()) < 1024 * 1024
    with pytest.raises(ImportFault, match="解开后太大"):
        read_xlsx(out.getvalue())


@pytest.mark.parametrize("name", ["问答.xls", "问答.et", "问答.ods"])
def test_other_spreadsheets_are_named(name: str) -> None:
    with pytest.raises(ImportFault, match="另存为"):
        read_bank_file(name, b"")
