"""The plan's table as an Excel workbook.

A workbook is a zip: its unpacked size is checked before anything is unpacked, so that a small file
cannot fill the memory. Every cell is written as text, so that none becomes a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook
from xlsxwriter import Workbook

from bot.errors import ImportFault
from bot.services.plan.rows import MOST
from bot.services.plan.table import HEADER

MAX_UNPACKED = 32 * 1024 * 1024
MAX_PARTS = 500
WIDTHS = (12, 22, 60, 24, 12, 20, 30)
MOST_LINES = MOST * 4
"""Empty lines between notices count here, notices themselves in `table`."""

Cell = int | float | str | bool | time | date | datetime | timedelta


def read_workbook(data: bytes) -> Sequence[Sequence[str]]:
    """The first sheet as text. Raises `ImportFault`."""
    _check_size(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=MOST_LINES)
    except (CalamineError, IndexError, ValueError) as error:
        raise ImportFault([f"这个 Excel 文件打不开（{error}），请在 Excel 里另存一份。"]) from None
    return [[_text(cell) for cell in row[: len(HEADER) + 3]] for row in rows]


def write_workbook(rows: Iterable[Sequence[str]]) -> bytes:
    """One sheet with a fixed first row."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("通知计划")
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet.freeze_panes(1, 0)
        for column, (name, width) in enumerate(zip(HEADER, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, wrap)
            sheet.write_string(0, column, name, bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(line, column, cell, wrap)
    return out.getvalue()


def _check_size(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise ImportFault(["这不是 .xlsx 工作簿，请在 Excel 里另存为「Excel 工作簿」。"]) from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise ImportFault(["这个 Excel 文件解开后太大，不导入，请只留下通知计划这一张表。"])


def _text(cell: Cell) -> str:
    """As a person reads it: 7 instead of 7.0, 8:00 without its seconds."""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "minutes")
    if isinstance(cell, time):
        return cell.isoformat("minutes")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    return str(cell)
