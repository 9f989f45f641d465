"""Our working days against another's: every day and a year of deadlines, 2024 to 2026."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from importlib.resources import files

import chinese_calendar
import pytest

from bot.models import SHANGHAI
from bot.rules.deadlines import due_at
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import OfficeHours

CALENDAR = WorkCalendar.parse(files("bot").joinpath("data", "workdays.json").read_bytes())
HOURS = OfficeHours()
YEARS = (2024, 2025, 2026)
TERMS = (1, 2, 3, 5, 15)
DAY = timedelta(days=1)


def days(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += DAY


def oracle(day: date, n: int) -> date:
    """The n-th working day after `day` as chinesecalendar knows them."""
    while n:
        day += DAY
        n -= chinese_calendar.is_workday(day)
    return day


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year(year: int) -> None:
    ours = {day: CALENDAR.is_workday(day) for day in days(year)}
    assert ours == {day: chinese_calendar.is_workday(day) for day in days(year)}
    assert len(ours) >= 365


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("year", YEARS)
def test_a_year_of_deadlines(year: int, term: int) -> None:
    """Every day of the year at noon; in December 2026 as long as the other knows the year."""
    checked = 0
    for day in days(year):
        try:
            expected = oracle(day, term)
        except NotImplementedError:
            assert day > date(2026, 12, 1)
            continue
        noon = datetime.combine(day, time(12), SHANGHAI)
        due = due_at(noon, f"{term}wd", CALENDAR, HOURS)
        assert due == datetime.combine(expected, HOURS.closes, SHANGHAI), day
        checked += 1
    assert checked >= 340
