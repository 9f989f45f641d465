"""When things are due, as tables: start, rule, due (all Shanghai unless marked)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from importlib.resources import files

import pytest

from bot.models import SHANGHAI, Urgency
from bot.rules.deadlines import carried_on, contact_due, due_at, feedback_due
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import OfficeHours, WorkTime

CALENDAR = WorkCalendar.parse(files("bot").joinpath("data", "workdays.json").read_bytes())
HOURS = OfficeHours()
WORK = WorkTime(CALENDAR, HOURS)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "rule", "due"),
    [
        # An ordinary week.
        ("2026-11-18 10:00", "1wd", "2026-11-19 17:30"),
        ("2026-11-18 10:00", "5wd", "2026-11-25 17:30"),
        ("2026-11-18 06:00", "1wd", "2026-11-19 17:30"),
        ("2026-11-18 17:29", "1wd", "2026-11-19 17:30"),
        ("2026-11-18 17:30", "1wd", "2026-11-19 17:30"),
        ("2026-11-18 23:59", "1wd", "2026-11-19 17:30"),
        # The day itself never counts; a weekend is passed over.
        ("2026-11-20 18:00", "1wd", "2026-11-23 17:30"),
        ("2026-11-21 10:00", "1wd", "2026-11-23 17:30"),
        ("2026-11-21 10:00", "5wd", "2026-11-27 17:30"),
        ("2026-11-22 23:00", "15wd", "2026-12-11 17:30"),
        # 2024: work until the eve, back on a Sunday.
        ("2024-02-09 10:00", "1wd", "2024-02-18 17:30"),
        ("2024-02-09 18:00", "1wd", "2024-02-18 17:30"),
        ("2024-04-03 09:00", "2wd", "2024-04-08 17:30"),
        ("2024-04-30 09:00", "3wd", "2024-05-08 17:30"),
        ("2024-05-10 09:00", "1wd", "2024-05-11 17:30"),
        ("2024-09-14 09:00", "1wd", "2024-09-18 17:30"),
        ("2024-09-29 09:00", "5wd", "2024-10-11 17:30"),
        ("2024-12-31 18:00", "1wd", "2025-01-02 17:30"),
        # 2025
        ("2025-01-26 12:00", "1wd", "2025-01-27 17:30"),
        ("2025-01-27 09:00", "5wd", "2025-02-10 17:30"),
        ("2025-04-26 09:00", "1wd", "2025-04-27 17:30"),
        ("2025-10-05 09:00", "2wd", "2025-10-10 17:30"),
        ("2025-12-31 09:00", "2wd", "2026-01-05 17:30"),
        # 2026
        ("2026-02-13 16:00", "1wd", "2026-02-14 17:30"),
        ("2026-02-14 17:29", "1wd", "2026-02-24 17:30"),
        ("2026-02-14 17:30", "1wd", "2026-02-24 17:30"),
        ("2026-02-18 09:00", "5wd", "2026-02-28 17:30"),
        ("2026-09-19 09:00", "5wd", "2026-09-24 17:30"),
        ("2026-09-30 09:00", "15wd", "2026-10-27 17:30"),
        # Into a year without a table: Monday to Friday.
        ("2026-12-30 09:00", "3wd", "2027-01-04 17:30"),
        ("2026-12-31 18:00", "1wd", "2027-01-01 17:30"),
        # Clock hours do not care what day it is.
        ("2026-02-14 20:15", "2h", "2026-02-14 22:15"),
        ("2026-02-14 20:15", "24h", "2026-02-15 20:15"),
        ("2026-12-31 23:30", "1h", "2027-01-01 00:30"),
        ("2024-02-28 12:00", "48h", "2024-03-01 12:00"),
    ],
)
def test_due_at(start: str, rule: str, due: str) -> None:
    assert due_at(shanghai(start), rule, CALENDAR, HOURS) == shanghai(due)


@pytest.mark.parametrize(
    ("start", "rule", "due"),
    [
        (datetime(2026, 11, 20, 9, 45, tzinfo=UTC), "1wd", "2026-11-23 17:30"),
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "1wd", "2026-11-24 17:30"),
        (datetime(2026, 11, 22, 15, 30, tzinfo=UTC), "24h", "2026-11-23 23:30"),
    ],
)
def test_a_start_elsewhere_is_read_in_shanghai(start: datetime, rule: str, due: str) -> None:
    result = due_at(start, rule, CALENDAR, HOURS)
    assert result == shanghai(due)
    assert result.tzinfo is SHANGHAI


def test_the_old_summer_time_does_not_stretch_an_hour() -> None:
    """Shanghai put its clocks forward on 1986-05-04; an hour stays an hour."""
    start = datetime(1986, 5, 3, 12, 0, tzinfo=SHANGHAI)
    due = due_at(start, "24h", CALENDAR, HOURS)
    assert due.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24)
    assert due.hour == 13


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-11-18 15:59", "2026-11-19 16:00"), ("2026-11-18 16:00", "2026-11-19 16:00")],
)
def test_another_office_closes_at_four(start: str, due: str) -> None:
    hours = OfficeHours(opens=time(9), closes=time(16))
    assert due_at(shanghai(start), "1wd", CALENDAR, hours) == shanghai(due)


@pytest.mark.parametrize(
    "rule", ["", "5", "wd", "0wd", "0h", "-1wd", "1.5h", "5 wd", "5WD", "５wd", "5wd\n", "99999h"]
)
def test_a_rule_that_is_none_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="not a deadline rule"):
        due_at(shanghai("2026-11-18 10:00"), rule, CALENDAR, HOURS)


@pytest.mark.parametrize("rule", ["1wd", "24h"])
def test_a_naive_start_is_refused(rule: str) -> None:
    naive = shanghai("2026-11-18 10:00").replace(tzinfo=None)
    with pytest.raises(ValueError, match="aware"):
        due_at(naive, rule, CALENDAR, HOURS)


@pytest.mark.parametrize("closes", [time(8, 30), time(7)])
def test_office_hours_run_forwards(closes: time) -> None:
    with pytest.raises(ValueError, match="end before they begin"):
        OfficeHours(opens=time(8, 30), closes=closes)


@pytest.mark.parametrize(
    ("start", "hours", "urgency", "due"),
    [
        # Danger and what must be seen to the same day: nights and holidays count.
        ("2026-11-20 23:00", 2, "P1", "2026-11-21 01:00"),
        ("2026-02-16 10:00", 0.5, "P0", "2026-02-16 10:30"),
        ("2026-11-21 10:00", 24, "P1", "2026-11-22 10:00"),
        # Everything else in office time; 24 hours are one working day of it.
        ("2026-11-18 10:00", 24, "P2", "2026-11-19 10:00"),
        ("2026-11-20 16:00", 24, "P2", "2026-11-23 16:00"),
        ("2026-11-21 10:00", 24, "P2", "2026-11-23 17:30"),
        ("2026-11-18 20:00", 24, "P3", "2026-11-19 17:30"),
        ("2026-11-18 06:00", 2, "P2", "2026-11-18 10:30"),
        ("2026-11-18 16:30", 2, "P2", "2026-11-19 09:30"),
        ("2026-11-18 10:00", 12, "P2", "2026-11-19 10:00"),
        ("2026-11-18 10:00", 48, "P2", "2026-11-20 10:00"),
        # Over a long holiday and on a Sunday that is worked.
        ("2026-02-14 16:30", 2, "P2", "2026-02-24 09:30"),
        ("2026-10-09 17:00", 24, "P2", "2026-10-10 17:00"),
    ],
)
def test_contact_due(start: str, hours: float, urgency: str, due: str) -> None:
    found = contact_due(shanghai(start), hours, CALENDAR, HOURS, Urgency(urgency))
    assert found == shanghai(due)


def test_hours_of_what_is_not_urgent_are_office_hours() -> None:
    start = shanghai("2026-11-20 16:00")
    assert due_at(start, "24h", CALENDAR, HOURS, Urgency.P2) == shanghai("2026-11-23 16:00")
    assert due_at(start, "24h", CALENDAR, HOURS, Urgency.P1) == shanghai("2026-11-21 16:00")


def test_the_asker_has_two_days_to_say_whether_it_is_good() -> None:
    assert feedback_due(shanghai("2026-11-20 16:00")) == shanghai("2026-11-22 16:00")


@pytest.mark.parametrize(
    ("due", "stopped", "on", "urgent", "carried"),
    [
        # Wednesday 10:00 to Friday's closing: 25 and a half hours of office time are left.
        ("2026-11-20 17:30", "2026-11-18 10:00", "2026-11-23 14:00", False, "2026-11-26 12:30"),
        # A pause at night costs nothing and gives nothing.
        ("2026-11-20 17:30", "2026-11-18 18:00", "2026-11-19 08:00", False, "2026-11-20 17:30"),
        ("2026-11-20 17:30", "2026-11-18 10:00", "2026-11-18 10:30", False, "2026-11-23 09:00"),
        # Over the spring festival.
        ("2026-02-14 17:30", "2026-02-14 09:30", "2026-02-23 12:00", False, "2026-02-24 16:30"),
        # What had passed before stays passed.
        ("2026-11-17 17:30", "2026-11-18 10:00", "2026-11-23 14:00", False, "2026-11-17 17:30"),
        # Round the clock.
        ("2026-11-21 10:00", "2026-11-20 22:00", "2026-11-21 08:00", True, "2026-11-21 20:00"),
        # A clock that was set back takes nothing away.
        ("2026-11-20 17:30", "2026-11-18 10:00", "2026-11-18 09:00", False, "2026-11-20 17:30"),
    ],
)
def test_what_was_left_is_carried_on(
    due: str, stopped: str, on: str, urgent: bool, carried: str
) -> None:
    found = carried_on(shanghai(due), shanghai(stopped), shanghai(on), WORK, round_the_clock=urgent)
    assert found == shanghai(carried)
