"""A paper as an Excel workbook: a sheet a section, as offices print it.

Merged title, 口径 line, fixed header, filter, widths, real dates, A4 across, the header on every
printed page. All words are written as text: none becomes a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from bot.models import SHANGHAI
from bot.services.paper import Cell, Column, Look, Paper, Section

TITLE_ROW, CALIBER_ROW, HEADER_ROW, FIRST_ROW = 0, 1, 2, 3
MOST_TEXT = 32_000
READABLE = 190
"""Characters across a sheet of A4 that can still be read."""
A4 = 9
_FORMATS = {
    Look.TEXT: "@",
    Look.LONG: "@",
    Look.NUMBER: "0",
    Look.SHARE: "0.0%",
    Look.DAY: "yyyy-mm-dd",
    Look.MINUTE: "yyyy-mm-dd hh:mm",
}
_CENTRED = {Look.NUMBER, Look.SHARE, Look.DAY, Look.MINUTE}
_RED, _GREY = "#B83253", "#646A73"


def write_workbook(paper: Paper) -> bytes:
    """The bytes of an .xlsx file. Needs at least one section with two columns."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - a tenth of a second, for writing alone

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        looks = _Looks(book)
        for section in paper.sections:
            sheet = book.add_worksheet(section.name)
            _head(sheet, paper, section, looks)
            _rows(sheet, section, looks)
            _print(sheet, section)
    return out.getvalue()


class _Looks:
    """The formats of one workbook."""

    def __init__(self, book: Any) -> None:
        face = {"font_name": "宋体", "valign": "vcenter"}
        title = face | {"bold": True, "font_size": 16}
        self.title = book.add_format(title | {"align": "center"})
        self.wide_title = book.add_format(title | {"align": "left"})
        self.caliber = book.add_format(
            face | {"font_size": 9, "font_color": _GREY, "text_wrap": True}
        )
        self.header = book.add_format(
            face
            | {"bold": True, "font_size": 10, "align": "center", "text_wrap": True, "border": 1}
            | {"bg_color": "#F7F8FA", "bottom_color": _RED}
        )
        base = face | {"font_size": 10, "border": 1, "border_color": "#C9CDD4", "text_wrap": True}
        self.cells = {
            look: book.add_format(
                base | {"num_format": form} | ({"align": "center"} if look in _CENTRED else {})
            )
            for look, form in _FORMATS.items()
        }


def _head(sheet: Any, paper: Paper, section: Section, looks: _Looks) -> None:
    """Title, 口径 and the names of the columns."""
    last = len(section.columns) - 1
    note = f"{paper.caliber} {section.note}".rstrip()
    # In the middle of two sheets of paper nobody could read it.
    title = looks.title if _across(section) == 1 else looks.wide_title
    for row, words, look in (
        (TITLE_ROW, paper.title, title),
        (CALIBER_ROW, note, looks.caliber),
    ):
        sheet.merge_range(row, 0, row, last, "", look)
        sheet.write_string(row, 0, words, look)
    width = sum(column.width for column in section.columns)
    sheet.set_row(TITLE_ROW, 30)
    sheet.set_row(CALIBER_ROW, 13 * (1 + int(len(note) * 1.9 / width)) + 4)
    sheet.set_row(HEADER_ROW, 30)
    for place, column in enumerate(section.columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(HEADER_ROW, place, column.name, looks.header)
    sheet.freeze_panes(FIRST_ROW, 1)


def _rows(sheet: Any, section: Section, looks: _Looks) -> None:
    if not section.rows:
        sheet.write_string(FIRST_ROW, 0, section.empty, looks.caliber)
    for number, row in enumerate(section.rows, FIRST_ROW):
        for place, (cell, column) in enumerate(zip(row, section.columns, strict=True)):
            _write(sheet, number, place, cell, column, looks)
    bottom = FIRST_ROW + max(len(section.rows), 1) - 1
    sheet.autofilter(HEADER_ROW, 0, bottom, len(section.columns) - 1)


def _write(sheet: Any, row: int, place: int, cell: Cell, column: Column, looks: _Looks) -> None:
    """Text as text, numbers as numbers, moments as what Excel calls dates, in Shanghai."""
    look = looks.cells[column.look]
    if cell is None or cell == "":
        sheet.write_blank(row, place, None, look)
    elif isinstance(cell, str):
        words = cell if len(cell) <= MOST_TEXT else cell[:MOST_TEXT] + "…"
        # A sign such as “不列” in a column of numbers is text too.
        sheet.write_string(row, place, words, look)
    elif isinstance(cell, datetime):
        local = cell.astimezone(SHANGHAI).replace(tzinfo=None)
        sheet.write_datetime(row, place, local, look)
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, datetime(cell.year, cell.month, cell.day), look)  # noqa: DTZ001 - Excel knows no zones
    else:
        sheet.write_number(row, place, cell, look)


def _print(sheet: Any, section: Section) -> None:
    """A4 across, title, header and first column again on each page, numbered."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(_across(section), 0)
    sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    sheet.repeat_columns(0, 0)
    sheet.center_horizontally()
    sheet.set_footer("&C第 &P 页，共 &N 页")
    sheet.print_area(0, 0, _bottom(section.rows), len(section.columns) - 1)


def _across(section: Section) -> int:
    """How many sheets of paper it takes to be readable."""
    return max(1, round(sum(column.width for column in section.columns) / READABLE))


def _bottom(rows: Sequence[Sequence[Cell]]) -> int:
    return FIRST_ROW + max(len(rows), 1) - 1
