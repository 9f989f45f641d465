"""The kinds of files that a plan comes in and leaves as."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import PurePath

from bot.errors import ImportFault
from bot.rules.workdays import WorkCalendar
from bot.services import sheet
from bot.services.plan.calendars import read_calendar, write_calendar
from bot.services.plan.rows import Planned, PlanRow
from bot.services.plan.table import HEADER, cells_of, rows_of
from bot.services.plan.workbooks import read_workbook, write_workbook

MAX_BYTES = 4 * 1024 * 1024
KINDS = (".ics", ".xlsx", ".csv")
_WHICH = "文件名要以 .ics（日历）、.xlsx 或 .csv 结尾。"


def read_plan(name: str, data: bytes, now: datetime, calendar: WorkCalendar) -> Sequence[PlanRow]:
    """The notices of a file. Raises `ImportFault` with a sentence for every faulty one."""
    if len(data) > MAX_BYTES:
        raise ImportFault([f"文件超过 {MAX_BYTES // 1024 // 1024} MiB，请分几个文件导入。"])
    match PurePath(name).suffix.lower():
        case ".ics":
            return read_calendar(data)
        case ".xlsx":
            return rows_of(read_workbook(data), now, calendar)
        case ".csv":
            return rows_of(sheet.rows(sheet.decode(data)), now, calendar)
        case _:
            raise ImportFault([_WHICH])


def write_plan(name: str, plan: Sequence[Planned], now: datetime) -> bytes:
    """The plan as a file of the kind that its name says. Raises `ImportFault`."""
    match PurePath(name).suffix.lower():
        case ".ics":
            return write_calendar(plan, now)
        case ".xlsx":
            return write_workbook([cells_of(planned) for planned in plan])
        case ".csv":
            return sheet.write(HEADER, (cells_of(planned) for planned in plan))
        case _:
            raise ImportFault([_WHICH])
