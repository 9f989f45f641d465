"""What a change of state does to an appeal's times."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from bot.models import SHANGHAI, Appeal, State, Urgency
from bot.rules.appeal_clocks import stamped
from bot.rules.appeal_flow import OPEN
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import OfficeHours, WorkTime
from tests.storage.samples import NOW, after, appeal

HOUR = timedelta(hours=1)
CALENDAR = WorkCalendar.parse(files("bot").joinpath("data", "workdays.json").read_bytes())
WORK = WorkTime(CALENDAR, OfficeHours())


def urgent(**fields: Any) -> Appeal:
    """A matter whose clocks run through the night."""
    return appeal(urgency=Urgency.P1, **fields)


def moved(state: State, to: State, **fields: Any) -> Appeal:
    """An appeal that goes from one state to another an hour after `NOW`."""
    before = urgent(state=state, **fields)
    return stamped(before, before, to, NOW + HOUR, WORK, "24h")


@pytest.mark.parametrize("to", list(State))
def test_an_end_is_stamped_and_an_open_state_has_none(to: State) -> None:
    closed = moved(State.WORKING, to).closed_at
    assert (closed is None) is (to in OPEN)
    assert closed in {None, NOW + HOUR}


def test_the_first_end_counts() -> None:
    assert moved(State.DONE, State.STRUCK, closed_at=NOW).closed_at == NOW
    assert moved(State.STRUCK, State.WORKING, closed_at=NOW).closed_at is None


def test_clocks_stand_and_go_on_where_they_stood() -> None:
    asked = stamped(urgent(), urgent(), State.NEEDS_INFO, NOW, WORK, "24h")
    assert asked.stopped_at == NOW
    parked = stamped(asked, asked, State.PARKED, after(60), WORK, "24h")
    assert parked.stopped_at == NOW
    working = stamped(parked, parked, State.WORKING, NOW + HOUR, WORK, "24h")
    assert working.stopped_at is None
    assert working.due_at == urgent().due_at + HOUR


def test_the_first_answer_is_due_later_too() -> None:
    asked = urgent(state=State.NEEDS_INFO, stopped_at=NOW, contact_due_at=after(7200))
    assert stamped(asked, asked, State.PENDING, NOW + HOUR, WORK, "24h").contact_due_at == after(
        10_800
    )


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    asked = urgent(state=State.NEEDS_INFO, stopped_at=NOW)
    assert stamped(asked, asked, State.PENDING, NOW - HOUR, WORK, "24h").due_at == urgent().due_at


def test_begun_once() -> None:
    assert moved(State.PENDING, State.WORKING).started_at == NOW + HOUR
    assert moved(State.DONE, State.WORKING, started_at=NOW).started_at == NOW
    assert moved(State.PENDING, State.DONE).started_at is None


def test_a_parked_day_is_forgotten_behind() -> None:
    before = urgent(state=State.PARKED, stopped_at=NOW, parked_until=after(86_400))
    assert stamped(before, before, State.DONE, after(5), WORK, "24h").parked_until is None
    again = msgspec.structs.replace(before, parked_until=after(172_800))
    assert stamped(before, again, State.PARKED, after(5), WORK, "24h").parked_until == after(
        172_800
    )


def test_the_asker_has_two_days_from_the_end_on() -> None:
    done = moved(State.WORKING, State.DONE)
    assert done.feedback_due_at == NOW + HOUR + timedelta(hours=48)
    assert stamped(done, done, State.DONE, NOW + 5 * HOUR, WORK, "24h") == done
    assert stamped(done, done, State.WORKING, NOW + 5 * HOUR, WORK, "24h").feedback_due_at is None
    assert stamped(done, done, State.STRUCK, NOW + 5 * HOUR, WORK, "24h").feedback_due_at is None


def test_days_are_counted_from_when_a_report_is_whole() -> None:
    """Recorded on Saturday without a place; told within the hour, or on Wednesday."""
    asked = appeal(state=State.NEEDS_INFO, stopped_at=NOW, due_at=at("11-27 17:30"))
    soon = stamped(asked, asked, State.PENDING, NOW + HOUR, WORK, "5wd")
    assert soon.due_at == at("11-27 17:30")
    later = stamped(asked, asked, State.PENDING, at("11-25 10:00"), WORK, "5wd")
    assert later.due_at == at("12-02 17:30")


def test_a_day_that_somebody_names_holds() -> None:
    parked = appeal(state=State.PARKED, stopped_at=NOW, due_at=at("11-27 17:30"))
    named = msgspec.structs.replace(parked, due_at=at("12-01 17:30"))
    moved_on = stamped(parked, named, State.WORKING, at("11-30 10:00"), WORK, "5wd")
    assert (moved_on.due_at, moved_on.stopped_at) == (at("12-01 17:30"), None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)
