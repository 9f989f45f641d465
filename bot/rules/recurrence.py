"""When a recurrence comes next. Pure: the calendar and the moment are arguments."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from bot.models import SHANGHAI, Beat, Recurrence
from bot.rules.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)
LOOK_AHEAD = 800
"""Days that are searched: two years hold every beat, 节前 of a year without a table excepted."""


def next_after(recurrence: Recurrence, moment: datetime, calendar: WorkCalendar) -> datetime | None:
    """The first time after `moment`, in Asia/Shanghai; None when it never comes again.

    Raises ValueError for a naive `moment`.
    """
    return next(_times(recurrence, moment, calendar), None)


def upcoming(
    recurrence: Recurrence, moment: datetime, calendar: WorkCalendar, count: int
) -> tuple[datetime, ...]:
    """The next `count` times, fewer when it ends before."""
    return tuple(islice(_times(recurrence, moment, calendar), count))


def latest_before(
    recurrence: Recurrence, since: datetime, moment: datetime, calendar: WorkCalendar
) -> datetime:
    """The last time in (since, moment], `since` itself when there is none: what was slept through
    is one time, not many."""
    latest = since
    for at in _times(recurrence, since, calendar):
        if at > moment:
            break
        latest = at
    return latest


def _times(recurrence: Recurrence, moment: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
    if moment.tzinfo is None:
        raise ValueError("a recurrence needs an aware moment")
    day = moment.astimezone(SHANGHAI).date()
    quiet = 0
    while quiet < LOOK_AHEAD and (recurrence.until is None or day <= recurrence.until):
        at = datetime.combine(day, recurrence.at, SHANGHAI)
        quiet += 1
        if at > moment and falls_on(recurrence, day, calendar):
            quiet = 0
            yield at
        day += ONE_DAY


def falls_on(recurrence: Recurrence, day: date, calendar: WorkCalendar) -> bool:
    """Whether it comes on a day."""
    match recurrence.beat:
        case Beat.DAILY:
            return True
        case Beat.WEEKLY:
            return day.weekday() in recurrence.weekdays
        case Beat.MONTHLY:
            return day.day in _days(recurrence, day)
        case Beat.WORKDAYS:
            return calendar.is_workday(day)
        case Beat.BEFORE_HOLIDAY:
            after = day + ONE_DAY
            return after in calendar.holidays and day not in calendar.holidays


def _days(recurrence: Recurrence, day: date) -> set[int]:
    """The days of `day`'s month on which it comes."""
    last = months.monthrange(day.year, day.month)[1]
    return {last if wanted < 0 else min(wanted, last) for wanted in recurrence.days}
