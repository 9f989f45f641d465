"""When something comes again: a table, then a year of days against a plain count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import DATA
from bot.models import SHANGHAI, Beat, Recurrence
from bot.rules.recurrence import falls_on, latest_before, next_after, upcoming
from bot.rules.workdays import WorkCalendar

CALENDAR = WorkCalendar.parse((DATA / "workdays.json").read_bytes())
EIGHT = time(8)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("recurrence", "moment", "times"),
    [
        (
            Recurrence(beat=Beat.DAILY, at=EIGHT),
            "2026-11-21T08:00",
            ["2026-11-22T08:00", "2026-11-23T08:00"],
        ),
        (
            Recurrence(beat=Beat.DAILY, at=EIGHT),
            "2026-11-21T07:59",
            ["2026-11-21T08:00", "2026-11-22T08:00"],
        ),
        (
            Recurrence(beat=Beat.WEEKLY, at=time(8, 30), weekdays=(0, 4)),
            "2026-11-21T09:00",
            ["2026-11-23T08:30", "2026-11-27T08:30", "2026-11-30T08:30"],
        ),
        (
            Recurrence(beat=Beat.MONTHLY, at=time(9), days=(1,)),
            "2026-11-21T09:00",
            ["2026-12-01T09:00", "2027-01-01T09:00"],
        ),
        (
            Recurrence(beat=Beat.MONTHLY, at=time(9), days=(31,)),
            "2027-01-31T09:00",
            ["2027-02-28T09:00", "2027-03-31T09:00", "2027-04-30T09:00"],
        ),
        (
            Recurrence(beat=Beat.MONTHLY, at=time(9), days=(-1, 15)),
            "2028-02-01T00:00",
            ["2028-02-15T09:00", "2028-02-29T09:00", "2028-03-15T09:00"],
        ),
        # 2026-10-10 is a Saturday that is worked; 1 to 7 October are off.
        (
            Recurrence(beat=Beat.WORKDAYS, at=time(17, 30)),
            "2026-09-30T17:30",
            ["2026-10-08T17:30", "2026-10-09T17:30", "2026-10-10T17:30", "2026-10-12T17:30"],
        ),
        (
            Recurrence(beat=Beat.BEFORE_HOLIDAY, at=time(16)),
            "2026-09-01T00:00",
            ["2026-09-24T16:00", "2026-09-30T16:00"],
        ),
    ],
)
def test_the_next_times(recurrence: Recurrence, moment: str, times: list[str]) -> None:
    assert upcoming(recurrence, at(moment), CALENDAR, len(times)) == tuple(map(at, times))
    assert next_after(recurrence, at(moment), CALENDAR) == at(times[0])


def test_it_ends_on_its_last_day() -> None:
    recurrence = Recurrence(beat=Beat.DAILY, at=EIGHT, until=date(2026, 11, 23))
    assert len(upcoming(recurrence, at("2026-11-21T09:00"), CALENDAR, 9)) == 2
    assert next_after(recurrence, at("2026-11-23T08:00"), CALENDAR) is None


def test_what_never_comes_is_not_searched_for_ever() -> None:
    nowhere = WorkCalendar(frozenset(), frozenset(), frozenset())
    assert (
        next_after(Recurrence(beat=Beat.WEEKLY, at=EIGHT), at("2026-01-01T00:00"), nowhere) is None
    )


def test_before_holidays_it_goes_on_into_a_year_without_a_table() -> None:
    eve = Recurrence(beat=Beat.BEFORE_HOLIDAY, at=EIGHT)
    times = upcoming(eve, at("2026-09-30T08:00"), CALENDAR, 3)
    assert times == (at("2026-12-31T08:00"), at("2027-04-30T08:00"), at("2027-09-30T08:00"))


def test_what_was_slept_through_is_one_time() -> None:
    daily = Recurrence(beat=Beat.DAILY, at=EIGHT)
    since = at("2026-11-21T08:00")
    assert latest_before(daily, since, at("2026-11-25T07:00"), CALENDAR) == at("2026-11-24T08:00")
    assert latest_before(daily, since, at("2026-11-22T07:00"), CALENDAR) == since


def test_a_moment_without_a_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="aware"):
        next_after(Recurrence(beat=Beat.DAILY, at=EIGHT), datetime(2026, 1, 1), CALENDAR)  # noqa: DTZ001


RECURRENCES = st.builds(
    Recurrence,
    beat=st.sampled_from(Beat),
    at=st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple),
    days=st.lists(st.sampled_from([-1, *range(1, 32)]), min_size=1, max_size=3).map(tuple),
)


@settings(max_examples=25, deadline=None)
@given(RECURRENCES, st.datetimes(datetime(2024, 1, 1), datetime(2026, 9, 1)))  # noqa: DTZ001
def test_times_ascend_and_none_is_left_out(recurrence: Recurrence, naive: datetime) -> None:
    moment = naive.replace(tzinfo=SHANGHAI)
    times = upcoming(recurrence, moment, CALENDAR, 3)
    days = (moment.date() + timedelta(days=n) for n in range(120))
    plain = [
        datetime.combine(day, recurrence.at, SHANGHAI)
        for day in days
        if falls_on(recurrence, day, CALENDAR)
    ]
    known = [time for time in plain if time > moment][: len(times)]
    assert list(times[: len(known)]) == known
    assert all(earlier < later for earlier, later in pairwise(times))
