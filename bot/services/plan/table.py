"""A plan as a table that people fill in: one notice a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec

from bot.errors import ImportFault
from bot.language.dates import Again, Moment, Unclear, find_time, say_again
from bot.language.text import clean, normalise
from bot.models import SHANGHAI, Recurrence
from bot.rules.notice_dates import is_long_past
from bot.rules.workdays import WorkCalendar
from bot.services.plan.rows import MOST, Planned, PlanRow
from bot.services.sheet import header_faults

HEADER = ("日期", "时间", "内容", "发往", "截止", "来源", "链接")
REQUIRED = ("时间", "内容")
LONGEST = 4000


def rows_of(
    table: Sequence[Sequence[str]], now: datetime, calendar: WorkCalendar
) -> Sequence[PlanRow]:
    """The notices of a table whose first row is the header.

    Raises `ImportFault` with one Chinese sentence a faulty row.
    """
    header = [cell.strip() for cell in next(iter(table), [])]
    faults = header_faults(header, HEADER, REQUIRED)
    filled = [
        (line, row) for line, row in enumerate(table[1:], 2) if any(cell.strip() for cell in row)
    ]
    if len(filled) > MOST:
        faults.append(f"一次最多导入 {MOST} 条通知，请分几个文件。")
    if not faults and not filled:
        faults.append("表里没有通知：第一行是表头，从第二行起一行一条。")
    if faults:
        raise ImportFault(faults)
    found: list[PlanRow] = []
    for line, row in filled:
        try:
            found.append(_row(f"第{line}行", _by_name(header, row), now, calendar))
        except ValueError as error:
            faults.append(f"第{line}行：{error}")
    if faults:
        raise ImportFault(faults)
    return found


def cells_of(planned: Planned) -> Sequence[str]:
    """A row of the table, in the order of `HEADER`; days are text, which no office changes."""
    row, again = planned.row, planned.row.recurrence
    local = planned.times[0].astimezone(SHANGHAI)
    day = "" if again is not None else local.date().isoformat()
    when = f"{local:%H:%M}" if again is None else say_again(again)
    until = "" if again is None or again.until is None else again.until.isoformat()
    return (day, when, row.text, row.to, until, row.source, row.link)


def _by_name(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """The row's cells by the names of their columns. Raises ValueError."""
    if any(cell.strip() for cell in row[len(header) :]):
        raise ValueError("比表头多出几格，文字里有英文逗号时整格要加英文双引号。")
    raw = dict(zip(header, row, strict=False))
    cells = {
        name: clean(raw.get(name, ""), LONGEST + 1).strip().removeprefix("'") for name in HEADER
    }
    for name, cell in cells.items():
        if len(cell) > LONGEST:
            raise ValueError(f"{name}太长，请控制在 2000 字以内。")
    return cells


def _row(where: str, cell: Mapping[str, str], now: datetime, calendar: WorkCalendar) -> PlanRow:
    words = normalise(f"{_day(cell['日期'])} {cell['时间']}").strip()
    at, recurrence = _time(words, now, calendar)
    if cell["截止"]:
        if recurrence is None:
            raise ValueError("只有一再发的才写「截止」，如时间写「每周一8:30」。")
        recurrence = msgspec.structs.replace(recurrence, until=_until(cell["截止"], now, calendar))
    return PlanRow(
        where=where,
        text=cell["内容"],
        at=at,
        recurrence=recurrence,
        to=cell["发往"],
        source=cell["来源"],
        link=cell["链接"],
    )


def _day(cell: str) -> str:
    """Excel's day without its midnight."""
    return cell.removesuffix(" 00:00:00").removesuffix("T00:00:00")


def _time(
    words: str, now: datetime, calendar: WorkCalendar
) -> tuple[datetime | None, Recurrence | None]:
    """The one moment or the recurrence that a cell names. Raises ValueError with the reason."""
    example = "写成「12月1日8:00」，一再发的写成「每周一8:30」。"
    if not words:
        raise ValueError(f"「时间」是空的，{example}")
    found = find_time(words, now, calendar)
    shown = words[:20]
    if isinstance(found, Unclear):
        raise ValueError(f"{found.why}，{example}")
    if found is None or found.start > 0 or words[found.end :].strip(" 。.") or not found.timed:
        raise ValueError(f"时间「{shown}」看不懂，{example}")
    if isinstance(found, Again):
        return None, found.recurrence
    if not isinstance(found, Moment) or found.until is not None:
        raise ValueError(f"「{shown}」是一段时间，请写哪一刻发，{example}")
    if len(found.alternatives) > 1:
        raise ValueError(f"「{shown}」说不准是哪一天，{example}")
    if is_long_past(found.at, words, now):
        raise ValueError(f"「{shown}」已经过去了；要排明年的，写上年份。")
    return found.at, None


def _until(words: str, now: datetime, calendar: WorkCalendar) -> date:
    found = find_time(normalise(_day(words)), now, calendar)
    if not isinstance(found, Moment) or found.start > 0:
        raise ValueError(f"截止「{words[:20]}」不是日期，写成 2026-12-31。")
    return found.at.astimezone(SHANGHAI).date()
