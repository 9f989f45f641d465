"""When a matter is due: `5wd` counts working days, `24h` counts hours.

P0 and P1 run round the clock, everything else in office time. An appeal has three clocks: until a
person answers, until it is dealt with, until the asker has been heard; they stand still while it is
待补充 or 挂账, and what was left of them is carried on afterwards.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct

from bot.models import SHANGHAI, Urgency
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import OfficeHours, WorkTime, plain

_RULE = re.compile(r"([1-9][0-9]{0,3})(wd|h)")
_HOURS_OF_A_DAY = 24
FEEDBACK_WAITS = timedelta(hours=48)


class Span(Struct, frozen=True):
    """A term: so many working days, or so many hours."""

    amount: int
    in_days: bool

    @classmethod
    def parse(cls, rule: str) -> Span:
        """`5wd` or `24h`. Raises ValueError."""
        match = _RULE.fullmatch(rule)
        if match is None:
            raise ValueError(f"not a deadline rule: {rule!r}")
        return cls(int(match[1]), match[2] == "wd")


def is_urgent(urgency: Urgency) -> bool:
    """Whether nights and weekends count too."""
    return urgency in {Urgency.P0, Urgency.P1}


def runs_through(urgency: Urgency, rule: str) -> bool:
    """Whether a term runs through nights and weekends: an urgent one that is counted in hours."""
    return is_urgent(urgency) and not Span.parse(rule).in_days


def due_at(
    start: datetime,
    rule: str,
    calendar: WorkCalendar,
    hours: OfficeHours,
    urgency: Urgency = Urgency.P1,
) -> datetime:
    """The last moment in time for something that began at `start`, in Asia/Shanghai.

    `5wd` is closing time on the fifth working day after the day of `start`: that day itself is not
    counted, as in 民法典 第二百零一条. `24h` is clock time when it is urgent, else office time.
    Raises ValueError for a naive `start` and for a rule that is neither `<n>wd` nor `<n>h`.
    """
    if start.tzinfo is None:
        raise ValueError("a deadline needs an aware start")
    span = Span.parse(rule)
    work = WorkTime(calendar, hours)
    if not span.in_days:
        return _after(start, span.amount, work, urgency)
    day = start.astimezone(SHANGHAI).date()
    return work.closing(calendar.add_workdays(day, span.amount))


def contact_due(
    start: datetime,
    contact_hours: float,
    calendar: WorkCalendar,
    hours: OfficeHours,
    urgency: Urgency,
) -> datetime:
    """By when a person has to answer who got word at `start`."""
    return _after(start, contact_hours, WorkTime(calendar, hours), urgency)


def feedback_due(closed_at: datetime) -> datetime:
    """Until when the asker may say whether it is good now; silence is no praise."""
    return plain(closed_at, FEEDBACK_WAITS)


def carried_on(
    due: datetime,
    stopped_at: datetime,
    now: datetime,
    work: WorkTime,
    *,
    round_the_clock: bool,
) -> datetime:
    """A deadline after a pause from `stopped_at` to `now`: what was left is left again.

    One that had passed before the pause stays where it was.
    """
    if due <= stopped_at or now <= stopped_at:
        return due
    if round_the_clock:
        return plain(due, now - stopped_at)
    return work.add(now, work.between(stopped_at, due))


def _after(start: datetime, amount: float, work: WorkTime, urgency: Urgency) -> datetime:
    """Hours later. In office time 24 hours are one working day, and no rest is more than one."""
    if is_urgent(urgency):
        return plain(start, timedelta(hours=amount))
    days, rest = divmod(amount, _HOURS_OF_A_DAY)
    length = work.hours.length
    return work.add(start, days * length + min(timedelta(hours=rest), length))
