"""When standing messages are due. Pure.

They come on working days within the day, never at night. One that belongs to a weekday which is
off comes on the working day before it in that week, or on the first one after it; a week without
a working day has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from bot.language.dates.clock import TIME, read_clock
from bot.models import SHANGHAI, Role, Standing
from bot.rules.permissions import ON_DUTY
from bot.rules.workdays import ONE_DAY, WorkCalendar

EARLIEST, LATEST = time(7), time(21)
GRACE = timedelta(hours=2)
"""After so long a message of the morning is no news any more."""
OFF, ON = "关", "开"
TIMED = (Standing.MORNING, Standing.DAILY, Standing.WEEKLY, Standing.QUESTIONS)
BY_WEEK = frozenset({Standing.WEEKLY, Standing.QUESTIONS})
TOLD: dict[Standing, frozenset[Role]] = {
    Standing.MORNING: frozenset(ON_DUTY),
    Standing.DAILY: frozenset(ON_DUTY),
    Standing.WEEKLY: frozenset(ON_DUTY),
    Standing.QUESTIONS: frozenset({*ON_DUTY, Role.COMMUNITY}),
}
"""Who is told without having asked for it."""
_DAYS = "一二三四五六日"
_WEEKDAY = re.compile(rf"(?:每个?)?(?:周|星期|礼拜)([{_DAYS}天])")
_FILLING = re.compile(r"每个?工作日|每天|改到|改成|改为|[ 的,，。.]")


class Hour(Struct, frozen=True):
    """A time of every working day, or (Monday is 0) of one day a week."""

    at: time
    weekday: int | None = None

    def __str__(self) -> str:
        day = "" if self.weekday is None else f"周{_DAYS[self.weekday]} "
        return f"{day}{self.at:%H:%M}"


class Timetable(Struct, frozen=True, kw_only=True):
    """When a community wants them; None or False: not at all."""

    morning: Hour | None = Hour(time(8, 30))
    daily: Hour | None = Hour(time(18, 0))
    weekly: Hour | None = Hour(time(17, 0), 4)
    questions: Hour | None = Hour(time(9, 0), 0)
    deadlines: bool = True
    holidays: bool = True

    def hour(self, standing: Standing) -> Hour | None:
        """When one of those that have a time comes."""
        hours = (self.morning, self.daily, self.weekly, self.questions)
        return dict(zip(TIMED, hours, strict=True)).get(standing)

    def has(self, standing: Standing) -> bool:
        """Whether it comes at all, unless somebody chose otherwise."""
        match standing:
            case Standing.DEADLINES:
                return self.deadlines
            case Standing.HOLIDAYS:
                return self.holidays
            case _:
                return self.hour(standing) is not None

    @property
    def key(self) -> str:
        """Another one for every other timetable."""
        return "/".join(str(self.hour(standing)) for standing in TIMED)


def read_hour(words: str, standing: Standing, usual: Hour) -> Hour:
    """`9点`, `下午5点半`, `周四16:30`; what is not said stays as usual.

    Raises ValueError when it is no time, says a day for one that comes daily, or is at night.
    """
    day = _WEEKDAY.search(words)
    rest = words if day is None else words.replace(day.group(), " ", 1)
    found = TIME.search(rest)
    clock = None if found is None else read_clock(found)
    left = rest if found is None else rest.replace(found.group(), "", 1)
    if (found is None and day is None) or _FILLING.sub("", left) or (found and clock is None):
        raise ValueError("no time")
    if day is not None and standing not in BY_WEEK:
        raise ValueError("comes every working day")
    at = usual.at if clock is None else time(clock.hour, clock.minute)
    if not EARLIEST <= at <= LATEST or (clock is not None and clock.overnight):
        raise ValueError("night")
    weekday = usual.weekday if day is None else _DAYS.index(day.group(1).replace("天", "日"))
    return Hour(at, weekday)


def due_at(hour: Hour, now: datetime, calendar: WorkCalendar) -> datetime | None:
    """Today's time if it has come, not too long ago, and today is its day."""
    local = now.astimezone(SHANGHAI)
    at = datetime.combine(local.date(), hour.at, SHANGHAI)
    in_time = at <= local <= at + GRACE and local.time() <= LATEST
    return at if in_time and comes_on(hour, local.date(), calendar) else None


def next_at(hour: Hour, after: date, calendar: WorkCalendar) -> datetime | None:
    """The first time on a day later than `after`; None when a month has none."""
    for days in range(1, 40):
        day = after + timedelta(days=days)
        if comes_on(hour, day, calendar):
            return datetime.combine(day, hour.at, SHANGHAI)
    return None


def before(hour: Hour, day: date, calendar: WorkCalendar) -> datetime:
    """The last time on a day earlier than `day`; a week before when a month has none."""
    for days in range(1, 40):
        earlier = day - timedelta(days=days)
        if comes_on(hour, earlier, calendar):
            return datetime.combine(earlier, hour.at, SHANGHAI)
    return datetime.combine(day - timedelta(days=7), hour.at, SHANGHAI)


def comes_on(hour: Hour, day: date, calendar: WorkCalendar) -> bool:
    """Whether a day is its day."""
    if hour.weekday is None:
        return calendar.is_workday(day)
    monday = day - timedelta(days=day.weekday())
    week = [monday + timedelta(days=number) for number in range(7)]
    earlier, later = week[: hour.weekday + 1], week[hour.weekday + 1 :]
    return day == next(filter(calendar.is_workday, [*reversed(earlier), *later]), None)


def period(standing: Standing, day: date) -> datetime:
    """The day or week of which there is one message, by its first moment."""
    first = day - timedelta(days=day.weekday()) if standing in BY_WEEK else day
    return datetime.combine(first, time(), SHANGHAI)


def next_ring(hours: Iterable[Hour], now: datetime) -> datetime | None:
    """When the clock next passes one of these times, on whatever day."""
    local = now.astimezone(SHANGHAI)
    rings = []
    for hour in hours:
        today = datetime.combine(local.date(), hour.at, SHANGHAI)
        tomorrow = datetime.combine(local.date() + ONE_DAY, hour.at, SHANGHAI)
        rings.append(today if today > local else tomorrow)
    return min(rings, default=None)
