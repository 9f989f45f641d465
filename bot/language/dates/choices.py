"""A moment, and the other readings where a careful neighbour would ask: 周三, said on one."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Protocol

from msgspec import Struct, structs

from bot.language.dates.clock import TIME
from bot.models import SHANGHAI

_BARE_WEEKDAY = re.compile("(?:周|星期|礼拜)[一二三四五六日天1-7]")
_EDGE = re.compile("(?:月|年)[底末]")


class Calendar(Protocol):
    """Which days are off and which are worked: `bot.rules.workdays.WorkCalendar` is one."""

    @property
    def holidays(self) -> frozenset[date]:
        """Days off by the yearly notice."""

    def is_workday(self, day: date) -> bool:
        """Whether offices work."""


class Moment(Struct, frozen=True, kw_only=True):
    """A time that comes once, in `text[start:end]`; all instants are aware, in Asia/Shanghai.

    `at`: when it is, or when a stretch begins. `until`: when the stretch ends (of a day without a
    clock time its last minute), or None. `deadline`: 前 or 内 was said, `at` is the latest.
    `dated`, `timed`: a day, a clock time was said. `alternatives`: other readings, `at` first; not
    empty means: ask.
    """

    at: datetime
    start: int
    end: int
    until: datetime | None = None
    deadline: bool = False
    dated: bool = True
    timed: bool = False
    alternatives: tuple[datetime, ...] = ()


def with_choices(text: str, moment: Moment, now: datetime, calendar: Calendar | None) -> Moment:
    """With the other readings, where a careful neighbour would ask."""
    words = text[moment.start : moment.end]
    readings: list[datetime] = []
    if not moment.dated and moment.timed and moment.until is None:
        readings = _hours(words, moment.at, now)
    elif _BARE_WEEKDAY.match(words):
        today = moment.at - timedelta(days=7)
        if today.date() == now.date() and not moment.timed:
            readings = [moment.at, today]
        elif moment.at.date() == now.date():
            readings = [moment.at, moment.at + timedelta(days=7)]
    elif words.startswith(("本周", "这周", "这个周", "本星期", "这星期", "这礼拜")):
        if moment.at.date() < now.date():
            readings = [moment.at, moment.at + timedelta(days=7)]
    elif words.startswith(("周末", "这个周末", "下周末")):
        readings = [moment.at, moment.at + timedelta(days=1)]
    elif _EDGE.search(words) and not moment.deadline:
        readings = [at for at in _edge(moment.at, calendar) if at.date() >= now.date()]
    return structs.replace(moment, alternatives=tuple(readings)) if len(readings) > 1 else moment


def _hours(words: str, at: datetime, now: datetime) -> list[datetime]:
    """8点 at nine in the morning: tomorrow at eight, or tonight?"""
    match = TIME.match(words)
    said = match.groupdict() if match is not None else {}
    if not said or said["period"] or said["behind"] or not 1 <= at.hour <= 12:
        return [at]
    tonight = datetime.combine(now.date(), at.timetz(), SHANGHAI) + timedelta(hours=12)
    return [at, tonight] if at.date() > now.date() and now < tonight else [at]


def _edge(at: datetime, calendar: Calendar | None) -> list[datetime]:
    """月底: its last day, or the last on which people work."""
    day = at.date()
    if calendar is not None:
        while not calendar.is_workday(day):
            day -= timedelta(days=1)
    if day == at.date():
        day = day.replace(day=25)
    return [at, datetime.combine(day, at.timetz(), SHANGHAI)]
