"""Files that would fill the memory or end the process are refused before they are opened."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pytest
from xlsxwriter import Workbook

from bot.errors import ImportFault
from bot.services.faq_xlsx import read_xlsx
from bot.services.workbook_guard import check_workbook


def workbook(*cells: tuple[int, int]) -> bytes:
    """A workbook with a word in each of these cells."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, column in cells:
            sheet.write_string(row, column, "字")
    return out.getvalue()


def changed(data: bytes, change: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """The same with parts put in place of others."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            name, content = change(part.filename, old.read(part))
            new.writestr(name, content)
    return out.getvalue()


def sheet_as(content: bytes) -> bytes:
    """A workbook whose only sheet is this XML."""
    return changed(
        workbook((0, 0)), lambda name, old: (name, content if "sheet1.xml" in name else old)
    )


FAR = b'<c r="XFD1048576" t="str"><v>x</v></c>'
SHEET = (
    b'<worksheet xmlns="urn:x"><sheetData><row r="1"><c r="A1"/></row>%s</sheetData></worksheet>'
)


def test_ordinary_ones_are_let_in() -> None:
    check_workbook(workbook((0, 0), (50_000, 26)))
    check_workbook(workbook((1_048_575, 0), (1_048_570, 4)))


@pytest.mark.parametrize(
    "data",
    [
        workbook((0, 0), (1_048_575, 16_383)),
        sheet_as(SHEET % (b'<row r="1048576">' + FAR + b"</row>")),
        sheet_as(SHEET % b'<row r="1048576"><c r="&#88;FD1048576"/></row>'),
        sheet_as(SHEET % (b'<row r="1048576">' + b"<c/>" * 20 + b"</row>")),
        sheet_as(SHEET % b'<row><c r="ZZZZZZ1"/></row>'),
        sheet_as(b'<x:worksheet xmlns:x="urn:x"><x:c r="A1"/><x:c r="XFD9999"/></x:worksheet>'),
    ],
)
def test_two_cells_far_apart_do_not_end_the_process(data: bytes) -> None:
    with pytest.raises(ImportFault, match="很远的格子"):
        check_workbook(data)
    with pytest.raises(ImportFault, match="很远的格子"):
        read_xlsx(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),  # a workbook of 1997
        workbook((0, 0))[:-40],
        changed(workbook((0, 0)), lambda n, c: (n.replace("workbook.xml", "workbook.bin"), c)),
        changed(workbook((0, 0)), lambda n, c: ("content.xml" if "core" in n else n, c)),
        sheet_as(b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'),
        sheet_as(b"\x89PNG" + SHEET % FAR),  # no XML, and called a sheet
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes) -> None:
    with pytest.raises(ImportFault, match="请在 Excel 里另存"):
        check_workbook(data)


def test_a_part_larger_than_it_says_is_refused() -> None:
    content = SHEET % (b" " * 2_000_000)
    data = sheet_as(content)
    honest, lie = len(content).to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert honest in data
    with pytest.raises(ImportFault, match="不是"):
        check_workbook(data.replace(honest, lie))


def test_a_bomb_is_refused_quickly() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for number in range(17):
            book.writestr(f"xl/worksheets/sheet{number}.xml", bytes(8 << 20))
    before = time.perf_counter()
    with pytest.raises(ImportFault, match="解开后太大"):
        check_workbook(out.getvalue())
    assert time.perf_counter() - before < 2
