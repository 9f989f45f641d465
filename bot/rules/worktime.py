"""Office time as a line one can measure along: hours between two moments, a moment so many on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from msgspec import Struct

from bot.models import SHANGHAI
from bot.rules.workdays import WorkCalendar

NOTHING = timedelta(0)


class OfficeHours(Struct, frozen=True):
    """When the office opens and closes, Shanghai wall time. Raises ValueError when reversed."""

    opens: time = time(8, 30)
    closes: time = time(17, 30)

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin."""
        if self.opens >= self.closes:
            raise ValueError(f"office hours end before they begin: {self.opens}-{self.closes}")

    @property
    def length(self) -> timedelta:
        """One working day."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


class WorkTime(Struct, frozen=True):
    """The hours in which an office works, day after day."""

    calendar: WorkCalendar
    hours: OfficeHours

    def is_open(self, at: datetime) -> bool:
        """Whether the office works at this moment; at closing time it does not any more."""
        local = at.astimezone(SHANGHAI)
        return (
            self.calendar.is_workday(local.date())
            and self.hours.opens <= local.time() < self.hours.closes
        )

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Office time from `start` to `end`; nothing when `end` is not later."""
        total = NOTHING
        for opens, closes in self._days(start):
            if opens >= end:
                break
            total += max(NOTHING, min(closes, end) - max(opens, start))
        return total

    def add(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which `span` of office time has passed since `start`, in Shanghai."""
        if span <= NOTHING:
            return start.astimezone(SHANGHAI)
        for opens, closes in self._days(start):
            room = closes - max(opens, start)
            if room >= span:
                return max(opens, start).astimezone(SHANGHAI) + span
            span -= max(NOTHING, room)
        raise AssertionError("the days do not end")

    def before(self, end: datetime, span: timedelta) -> datetime:
        """The moment from which `span` of office time is left until `end`, in Shanghai."""
        local = end.astimezone(SHANGHAI)
        day = local.date()
        if not self.calendar.is_workday(day):
            day = self.calendar.workday_before(day)
        while True:
            closes = min(local, self.closing(day))
            room = closes - self.opening(day)
            if room >= span:
                return closes - span
            span -= max(NOTHING, room)
            day = self.calendar.workday_before(day)

    def opening(self, day: date) -> datetime:
        """When the office opens on a day."""
        return datetime.combine(day, self.hours.opens, SHANGHAI)

    def closing(self, day: date) -> datetime:
        """When the office closes on a day."""
        return datetime.combine(day, self.hours.closes, SHANGHAI)

    def opening_after(self, at: datetime) -> datetime:
        """`at` itself while the office works, else when it opens next."""
        if self.is_open(at):
            return at.astimezone(SHANGHAI)
        return next(opens for opens, _ in self._days(at) if opens >= at)

    def _days(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing of every working day that has not ended by `start`."""
        local = start.astimezone(SHANGHAI)
        day = local.date()
        if not self.calendar.is_workday(day) or local.time() >= self.hours.closes:
            day = self.calendar.next_workday(day)
        while True:
            yield self.opening(day), self.closing(day)
            day = self.calendar.next_workday(day)


def plain(start: datetime, span: timedelta) -> datetime:
    """So much clock time later: through UTC, right across a change of offset too."""
    return (start.astimezone(UTC) + span).astimezone(SHANGHAI)
