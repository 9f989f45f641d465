"""When standing messages are due: by day, on working days, once a period."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from bot.app import DATA
from bot.models import SHANGHAI, Standing
from bot.rules.standing import (
    Hour,
    Timetable,
    before,
    comes_on,
    due_at,
    next_at,
    next_ring,
    period,
    read_hour,
)
from bot.rules.workdays import WorkCalendar

CALENDAR = WorkCalendar.parse((DATA / "workdays.json").read_bytes())
DAILY, FRIDAY = Hour(time(8, 30)), Hour(time(17), 4)
MONDAY = Hour(time(9), 0)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("words", "standing", "found"),
    [
        ("9点", Standing.MORNING, "09:00"),
        ("下午5点半", Standing.DAILY, "17:30"),
        ("改到 7:00", Standing.MORNING, "07:00"),
        ("21:00", Standing.DAILY, "21:00"),
        ("每个工作日 8:15", Standing.MORNING, "08:15"),
        ("周四16:30", Standing.WEEKLY, "周四 16:30"),
        ("星期天", Standing.WEEKLY, "周日 08:30"),
        ("每周三 下午3点", Standing.QUESTIONS, "周三 15:00"),
        ("周五 17:00", Standing.WEEKLY, "周五 17:00"),
    ],
)
def test_hours_are_read_and_written(words: str, standing: Standing, found: str) -> None:
    hour = read_hour(words, standing, DAILY)
    assert str(hour) == found
    assert read_hour(str(hour), standing, DAILY) == hour


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("", Standing.MORNING),
        ("随便", Standing.WEEKLY),
        ("6:59", Standing.MORNING),
        ("21:01", Standing.DAILY),
        ("半夜12点", Standing.DAILY),
        ("25:00", Standing.DAILY),
        ("周三", Standing.MORNING),
        ("9点和10点", Standing.MORNING),
    ],
)
def test_what_is_no_hour_by_day(words: str, standing: Standing) -> None:
    with pytest.raises(ValueError, match=r"no time|night|every working day"):
        read_hour(words, standing, DAILY)


@pytest.mark.parametrize(
    ("hour", "days"),
    [
        # 10-01 to 10-07 are off, 10-10 is a Saturday on which people work.
        (DAILY, ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10"]),
        (FRIDAY, ["2026-09-30", "2026-10-09"]),
        (MONDAY, ["2026-10-08"]),
        (Hour(time(9), 5), ["2026-09-30", "2026-10-10"]),
    ],
)
def test_on_which_days_around_a_holiday(hour: Hour, days: list[str]) -> None:
    first = date(2026, 9, 29)
    told = [date.fromordinal(first.toordinal() + n) for n in range(1, 12)]
    assert [day.isoformat() for day in told if comes_on(hour, day, CALENDAR)] == days


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("11-25 08:29", False),
        ("11-25 08:30", True),
        ("11-25 10:30", True),
        ("11-25 10:31", False),
        ("11-28 08:30", False),  # a Saturday
    ],
)
def test_late_but_not_too_late(now: str, due: bool) -> None:
    assert (due_at(DAILY, at(now), CALENDAR) is not None) is due


def test_never_in_the_night_however_late() -> None:
    late = Hour(time(20, 30))
    assert due_at(late, at("11-25 20:59"), CALENDAR) == at("11-25 20:30")
    assert due_at(late, at("11-25 21:30"), CALENDAR) is None


def test_the_next_the_last_and_the_ring() -> None:
    assert next_at(FRIDAY, date(2026, 9, 30), CALENDAR) == at("10-09 17:00")
    assert before(FRIDAY, date(2026, 10, 9), CALENDAR) == at("09-30 17:00")
    assert next_at(DAILY, date(2026, 11, 27), CALENDAR) == at("11-30 08:30")
    assert next_ring([DAILY, FRIDAY], at("11-28 08:30")) == at("11-28 17:00")
    assert next_ring([DAILY], at("11-28 08:30")) == at("11-29 08:30")
    assert next_ring([], at("11-28 08:30")) is None


def test_one_message_a_day_or_week() -> None:
    assert period(Standing.DAILY, date(2026, 11, 25)) == at("11-25 00:00")
    assert period(Standing.WEEKLY, date(2026, 11, 25)) == at("11-23 00:00")


def test_a_community_leaves_out_what_it_does_not_want() -> None:
    none = Timetable(morning=None, deadlines=False, holidays=False)
    assert [standing for standing in Standing if not none.has(standing)] == [
        Standing.MORNING,
        Standing.DEADLINES,
        Standing.HOLIDAYS,
    ]
    assert none.key != Timetable().key
