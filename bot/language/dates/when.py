"""The first time that a text names, as one instant. The answer is echoed back to who said it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from bot.language.dates.clock import TIME, Clock, clock_after, read_clock
from bot.language.dates.days import DAY, DAYS, span
from bot.models import SHANGHAI


class When(Struct, frozen=True):
    """An instant that a text names in `text[start:end]`.

    `at` is aware (Asia/Shanghai); `dated`: a day was said; `timed`: a clock time was said (a mere
    早上 or 晚上 is none and stands for 8:00 or 19:00); 立即 and 2小时后 are both.
    """

    at: datetime
    start: int
    end: int
    dated: bool
    timed: bool


def find_when(text: str, now: datetime) -> When | None:
    """The first expression of time in a text; None when there is none or no such day (2月30日).

    A named day in the past (昨天, 2020年1月1日, 今天8点 at nine) is returned as it is.
    """
    now = now.astimezone(SHANGHAI)
    day, clock = DAY.search(text), TIME.search(text)
    if day is not None and (clock is None or day.start() <= clock.start()):
        try:
            return _on_day(text, day, now)
        except (ValueError, OverflowError):
            return None
    return None if clock is None else _undated(clock, now)


def say_when(at: datetime) -> str:
    """`11月22日（周日）8:00`, in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return f"{say_day(at)}（周{'一二三四五六日'[local.weekday()]}）{local.hour}:{local.minute:02}"


def say_day(at: datetime) -> str:
    """`11月22日`, in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日"


def _on_day(text: str, match: re.Match[str], now: datetime) -> When:
    """A day with the time behind it, or a span from now. Raises `ValueError` for no such day."""
    kind = str(match.lastgroup)
    if kind in {"soon", "after"}:
        at = now + (span(match) if kind == "after" else timedelta())
        return When(at, match.start(), match.end(), dated=True, timed=True)
    part = match["part"] if kind == "near" else None
    clock = clock_after(text, match.end(), part)
    at = _at(DAYS[kind](match, now.date()), clock)
    if kind == "weekday" and match["week"] is None and at <= now:
        at += timedelta(days=7)
    return When(at, match.start(), clock.end, dated=True, timed=clock.timed)


def _undated(match: re.Match[str], now: datetime) -> When | None:
    """A time without a day: today when it is still ahead, else tomorrow."""
    clock = read_clock(match)
    if clock is None:
        return None
    at = datetime.combine(now.date(), time(clock.hour, clock.minute), SHANGHAI)
    if at <= now:
        at += timedelta(days=1)
    return When(at, match.start(), match.end(), dated=False, timed=clock.timed)


def _at(day: date, clock: Clock) -> datetime:
    start = datetime.combine(day, time(clock.hour, clock.minute), SHANGHAI)
    return start + timedelta(days=1) if clock.overnight else start
