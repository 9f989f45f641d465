"""What a change of state does to an appeal's times."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bot.models import Appeal, State
from bot.rules.appeal_clocks import stamped
from bot.rules.appeal_flow import OPEN
from tests.storage.samples import NOW, after, appeal

HOUR = timedelta(hours=1)


def moved(state: State, to: State, **fields: Any) -> Appeal:
    """An appeal that goes from one state to another an hour after `NOW`."""
    before = appeal(state=state, **fields)
    return stamped(before, before, to, NOW + HOUR)


@pytest.mark.parametrize("to", list(State))
def test_an_end_is_stamped_and_an_open_state_has_none(to: State) -> None:
    closed = moved(State.WORKING, to).closed_at
    assert (closed is None) is (to in OPEN)
    assert closed in {None, NOW + HOUR}


def test_the_first_end_counts() -> None:
    assert moved(State.DONE, State.STRUCK, closed_at=NOW).closed_at == NOW
    assert moved(State.STRUCK, State.WORKING, closed_at=NOW).closed_at is None


def test_clocks_stand_and_go_on_where_they_stood() -> None:
    asked = stamped(appeal(), appeal(), State.NEEDS_INFO, NOW)
    assert asked.stopped_at == NOW
    parked = stamped(asked, asked, State.PARKED, after(60))
    assert parked.stopped_at == NOW
    working = stamped(parked, parked, State.WORKING, NOW + HOUR)
    assert working.stopped_at is None
    assert working.due_at == appeal().due_at + HOUR


def test_the_first_answer_is_due_later_too() -> None:
    asked = appeal(state=State.NEEDS_INFO, stopped_at=NOW, contact_due_at=after(7200))
    assert stamped(asked, asked, State.PENDING, NOW + HOUR).contact_due_at == after(10_800)


def test_a_clock_that_was_set_back_takes_no_time_away() -> None:
    asked = appeal(state=State.NEEDS_INFO, stopped_at=NOW)
    assert stamped(asked, asked, State.PENDING, NOW - HOUR).due_at == appeal().due_at


def test_begun_once() -> None:
    assert moved(State.PENDING, State.WORKING).started_at == NOW + HOUR
    assert moved(State.DONE, State.WORKING, started_at=NOW).started_at == NOW
    assert moved(State.PENDING, State.DONE).started_at is None


def test_a_parked_day_is_forgotten_behind() -> None:
    before = appeal(state=State.PARKED, stopped_at=NOW, parked_until=after(86_400))
    assert stamped(before, before, State.DONE, after(5)).parked_until is None
    again = msgspec.structs.replace(before, parked_until=after(172_800))
    assert stamped(before, again, State.PARKED, after(5)).parked_until == after(172_800)
