"""Days, weeks and months as spans of time in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from msgspec import Struct

from bot.models import SHANGHAI

MOST_DAYS = 3660


class Period(Struct, frozen=True):
    """From the first moment of `first` to the last of `last`, both days counted."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)

    @property
    def name(self) -> str:
        """`2023年1月`, `2023年`, `2023年1月5日`, `2023年1月2日至8日`."""
        if self == month(self.first.year, self.first.month):
            return f"{self.first.year}年{self.first.month}月"
        if self == Period(date(self.first.year, 1, 1), date(self.first.year, 12, 31)):
            return f"{self.first.year}年"
        if self.first == self.last:
            return _told(self.first)
        if self.first.year != self.last.year:
            return f"{_told(self.first)}至{_told(self.last)}"
        if self.first.month != self.last.month:
            return f"{_told(self.first)}至{self.last.month}月{self.last.day}日"
        return f"{_told(self.first)}至{self.last.day}日"

    def around(self, moment: datetime) -> bool:
        """Whether it is not over yet."""
        return moment < self.end


def day(of: date) -> Period:
    """One day."""
    return Period(of, of)


def week(of: date) -> Period:
    """Monday to Sunday around a day."""
    monday = of - timedelta(days=of.weekday())
    return Period(monday, monday + timedelta(days=6))


def month(year: int, number: int) -> Period:
    """A calendar month. Raises `ValueError`."""
    following = date(year + number // 12, number % 12 + 1, 1)
    return Period(date(year, number, 1), following - timedelta(days=1))


def month_after(period: Period, months: int) -> Period:
    """The calendar month so many after (before: negative) the one in which a period begins."""
    count = period.first.year * 12 + period.first.month - 1 + months
    return month(count // 12, count % 12 + 1)


def _told(of: date) -> str:
    return f"{of.year}年{of.month}月{of.day}日"
