"""What an office opens: read back by two other readers, and by LibreOffice."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from bot.models import Kind
from bot.services.papers import as_csv
from bot.services.workbook import write_workbook
from tests.services.ledger.conftest import Books

ATTACKS = (
    "=HYPERLINK(\"http://127.0.0.1/\",\"点我\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1",
    "{=1+1}", "=cmd|' /C calc'!A0", "http://127.0.0.1/x", "＝1+1", "internal:Sheet1!A1",
)  # fmt: skip
"""What somebody might say in the group so that a spreadsheet computes it."""


@pytest.fixture
def workbook(january: Books) -> bytes:
    """The shared copy, with everything that residents can do to it."""
    for words in ATTACKS:
        january.put(summary=words, text=words, result=words, unit=words, source=words)
        january.put(summary=words, text=words, kind=Kind.SUGGESTION)
    return write_workbook(january.ledger())


def opened(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_every_sheet_is_laid_out_as_offices_print(workbook: bytes) -> None:
    book = opened(workbook)
    assert len(book.sheetnames) == 9
    for sheet in book:
        title = sheet["A1"]
        assert title.value == "春晓社区微网格民情台账（2023年1月）"
        assert str(sheet["A2"].value).startswith("口径：按登记时间2023年1月统计")
        merged = {str(each).split(":")[0] for each in sheet.merged_cells.ranges}
        assert merged == {"A1", "A2"}
        assert sheet.freeze_panes == "B4"
        assert sheet.auto_filter.ref.startswith("A3:")
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        across = 2 if sheet.title == "诉求台账" else 1  # 27 columns on one sheet cannot be read
        assert (int(sheet.page_setup.fitToWidth or 1), sheet.page_setup.fitToHeight) == (across, 0)
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.column_dimensions["A"].width > 5
        assert "&P" in str(sheet.oddFooter.center.text)


def test_no_word_of_a_resident_becomes_a_formula_or_a_link(workbook: bytes) -> None:
    book = opened(workbook)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert [cell.coordinate for cell in cells if cell.hyperlink is not None] == []
    texts = {cell.value for cell in cells}
    assert set(ATTACKS) - {"\t=1+1", "\r=1+1"} <= texts
    assert b"<f>" not in workbook


def test_dates_are_dates_and_numbers_numbers(workbook: bytes) -> None:
    sheet = opened(workbook)["诉求台账"]
    names = [cell.value for cell in sheet[3]]
    row = dict(zip(names, sheet[4], strict=True))
    assert row["登记时间"].is_date
    assert row["登记时间"].value == datetime(2023, 1, 10, 9, 0)  # noqa: DTZ001 - Excel knows no zones
    assert row["附议数"].data_type == "n"
    assert row["编号"].data_type == "s"
    assert row["编号"].value == "SQ20230110-0001"


def test_another_reader_finds_the_same(workbook: bytes) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook))
    rows = book.get_sheet_by_name("三率与口径").to_python()
    by_name = {row[0]: row for row in rows}
    assert by_name["响应率"][1] == pytest.approx(8 / 21, abs=1e-3)
    assert by_name["响应率"][2:4] == [8.0, 21.0]


def test_words_without_end_are_cut_and_the_file_opens(books: Books) -> None:
    books.put(summary="长" * 40_000, text="长" * 40_000)
    sheet = opened(write_workbook(books.ledger()))["诉求台账"]
    assert len(sheet["F4"].value) == 32_001


def test_csv_is_for_excel_and_computes_nothing(january: Books) -> None:
    for words in ATTACKS:
        january.put(summary=words, text=words)
    data = as_csv(january.ledger().section("appeals"))
    assert data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert table[0][:3] == ["编号", "登记时间", "来源"]
    assert table[1][1] == "2023-01-10 09:00"
    cells = [cell for row in table for cell in row]
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}] == []


@pytest.mark.slow
def test_libreoffice_opens_it_and_finds_no_formula(workbook: bytes, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed; CI installs it")
    (tmp_path / "台账.xlsx").write_bytes(workbook)
    profile = (tmp_path / "profile").as_uri()
    subprocess.run(
        [office, f"-env:UserInstallation={profile}", "--headless", "--convert-to", "fods",
         "--outdir", str(tmp_path), str(tmp_path / "台账.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    flat = (tmp_path / "台账.fods").read_text("utf-8")
    assert flat.count("<table:table ") == 9
    assert "table:formula=" not in flat
    assert 'xlink:href="http://127.0.0.1' not in flat
    assert 'office:date-value="2023-01-10T09:00:00"' in flat
    assert "=HYPERLINK(" in flat  # it is there, as the words that it is
