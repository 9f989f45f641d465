"""The bank as an Excel workbook: the first sheet, the same columns as the CSV.

A file is looked at before it is opened, so that a small one cannot fill the memory. Every cell is
written as text, so that none becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook

from bot.errors import ImportFault
from bot.models import FaqEntry
from bot.services.faq_table import HEADER, READ_ROWS, cells_of, entries_of
from bot.services.workbook_guard import check_workbook

WIDTHS = (10, 28, 40, 60, 22, 12, 12, 12, 10, 24, 16, 10)

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_xlsx(data: bytes) -> tuple[FaqEntry, ...]:
    """Entries of a workbook's first sheet. Raises `ImportFault` naming every faulty row."""
    return entries_of(xlsx_rows(data))


def xlsx_rows(data: bytes) -> list[list[str]]:
    """The first sheet's cells as people read them. Raises `ImportFault`."""
    check_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        # Rows that Excel keeps for their format alone are none; a fault names the row Excel shows.
        rows = sheet.to_python(skip_empty_area=False, nrows=READ_ROWS)
    except (CalamineError, IndexError, ValueError) as error:
        raise ImportFault([f"这个 Excel 文件打不开（{error}），请在 Excel 里另存一份。"]) from None
    return [[_text(cell) for cell in row] for row in rows]


def write_xlsx(entries: Iterable[FaqEntry]) -> bytes:
    """The bank as one sheet with a fixed first row."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - a tenth of a second, for writing alone

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("问答")
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet.freeze_panes(1, 2)
        for column, (name, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, wrap)
            sheet.write_string(0, column, name, bold)
        for row, entry in enumerate(entries, 1):
            for column, cell in enumerate(cells_of(entry)):
                sheet.write_string(row, column, cell, wrap)
    return out.getvalue()


def _text(cell: Cell) -> str:
    """As a person reads it: 7 instead of 7.0, a day without its midnight."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, bool):
        return "是" if cell else "否"
    return str(cell)
