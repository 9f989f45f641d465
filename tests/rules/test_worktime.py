"""Office time: what lies between two moments, and the moment so many hours on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models import SHANGHAI
from bot.rules.deadlines import carried_on
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import OfficeHours, WorkTime, plain

CALENDAR = WorkCalendar.parse(files("bot").joinpath("data", "workdays.json").read_bytes())
WORK = WorkTime(CALENDAR, OfficeHours())

FIRST = datetime(2024, 1, 1, tzinfo=SHANGHAI)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
spans = st.timedeltas(timedelta(0), timedelta(hours=300))


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-11-18 10:00", "2026-11-18 12:30", 2.5),
        ("2026-11-18 06:00", "2026-11-18 09:00", 0.5),
        ("2026-11-18 17:00", "2026-11-19 09:00", 1.0),
        ("2026-11-20 17:30", "2026-11-23 08:30", 0.0),
        ("2026-11-21 10:00", "2026-11-22 18:00", 0.0),
        ("2026-02-14 08:30", "2026-02-24 17:30", 18.0),
        ("2026-11-18 12:00", "2026-11-18 10:00", 0.0),
    ],
)
def test_between(start: str, end: str, hours: float) -> None:
    assert WORK.between(shanghai(start), shanghai(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("at", "is_open", "opens"),
    [
        ("2026-11-18 08:29", False, "2026-11-18 08:30"),
        ("2026-11-18 08:30", True, "2026-11-18 08:30"),
        ("2026-11-18 17:29", True, "2026-11-18 17:29"),
        ("2026-11-18 17:30", False, "2026-11-19 08:30"),
        ("2026-11-21 10:00", False, "2026-11-23 08:30"),
        ("2026-02-14 10:00", True, "2026-02-14 10:00"),
        ("2026-10-01 10:00", False, "2026-10-08 08:30"),
    ],
)
def test_open_and_closed(at: str, is_open: bool, opens: str) -> None:
    assert WORK.is_open(shanghai(at)) is is_open
    assert WORK.opening_after(shanghai(at)) == shanghai(opens)


def test_a_moment_elsewhere_is_read_in_shanghai() -> None:
    assert WORK.is_open(datetime(2026, 11, 18, 0, 30, tzinfo=UTC))
    added = WORK.add(datetime(2026, 11, 18, 9, 0, tzinfo=UTC), timedelta(hours=1))
    assert added == shanghai("2026-11-19 09:00")


def test_nothing_more_is_the_moment_itself() -> None:
    assert WORK.add(shanghai("2026-11-21 10:00"), timedelta(0)) == shanghai("2026-11-21 10:00")


@settings(max_examples=60, deadline=None)
@given(moments, spans)
def test_adding_is_measured_again(start: datetime, span: timedelta) -> None:
    end = WORK.add(start, span)
    assert WORK.between(start, end) == span
    assert end >= start


@settings(max_examples=60, deadline=None)
@given(moments, spans, spans, spans)
def test_a_pause_neither_gives_nor_takes(
    start: datetime, left: timedelta, worked: timedelta, pause: timedelta
) -> None:
    """However often a clock stops, the office has the time it was given, no more and no less."""
    stopped = WORK.add(start, min(worked, left))
    due = WORK.add(start, left)
    on = plain(stopped, pause)
    carried = carried_on(due, stopped, on, WORK, round_the_clock=False)
    if due > stopped and on > stopped:
        assert WORK.between(on, carried) == WORK.between(stopped, due)
    else:
        assert carried == due
