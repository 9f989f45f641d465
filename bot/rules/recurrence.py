"""When a recurrence comes next. Pure: the calendar and the moment are arguments."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice

from bot.models import SHANGHAI, Beat, Recurrence
from bot.rules.workdays import WorkCalendar

ONE_DAY = timedelta(days=1)
# New Year's Day, Labour Day, National Day: 《全国年节及纪念日放假办法》.
BY_LAW = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
LOOK_AHEAD = 800
"""Days that are searched: two years hold every beat."""


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
            return _is_off(day + ONE_DAY, calendar) and not _is_off(day, calendar)


def _is_off(day: date, calendar: WorkCalendar) -> bool:
    """By the table; of a year without one only the days that the law itself names by date.

    So a notice before holidays goes on over the turn of the year, until the table comes.
    """
    if calendar.is_estimated(day):
        return (day.month, day.day) in BY_LAW
    return day in calendar.holidays


def _days(recurrence: Recurrence, day: date) -> set[int]:
    """The days of `day`'s month on which it comes."""
    last = months.monthrange(day.year, day.month)[1]
    return {last if wanted < 0 else min(wanted, last) for wanted in recurrence.days}
