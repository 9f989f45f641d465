"""A workbook or a CSV as tables of cells, as somebody's office made it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import PurePath

from msgspec import Struct
from python_calamine import CalamineError, CalamineWorkbook

from bot.errors import ImportFault
from bot.services import sheet
from bot.services.workbook_guard import check_workbook

Cell = int | float | str | bool | time | date | datetime | timedelta
MAX_ROWS = 50_000
MAX_SHEETS = 40


class Table(Struct, frozen=True):
    """One sheet; `rows` as Excel numbers them, from 1."""

    name: str
    rows: Sequence[Sequence[Cell]]


def read_tables(name: str, data: bytes) -> list[Table]:
    """All sheets of an .xlsx, or the one of a CSV. Raises `ImportFault`."""
    ending = PurePath(name).suffix.lower()
    if ending in {".xls", ".xlsm", ".et", ".ods"}:
        raise ImportFault([f"读不了 {ending} 文件，请在 Excel 或 WPS 里另存为 .xlsx 或 CSV。"])
    if ending != ".xlsx":
        return [Table("", sheet.rows(sheet.decode(data)))]
    check_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            Table(each, book.get_sheet_by_name(each).to_python(skip_empty_area=False))
            for each in book.sheet_names[:MAX_SHEETS]
        ]
    except (CalamineError, IndexError, ValueError) as error:
        raise ImportFault([f"这个 Excel 文件打不开（{error}），请在 Excel 里另存一份。"]) from None
