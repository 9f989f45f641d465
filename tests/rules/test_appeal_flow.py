"""The life of an appeal as a table."""

from __future__ import annotations

import pytest

from bot.models import State
from bot.rules.appeal_flow import FLOW, OPEN, Act, possible


@pytest.mark.parametrize(
    ("state", "acts"),
    [
        (State.NEEDS_INFO, (Act.SUPPLY, Act.START, Act.TRANSFER, Act.CLOSE, Act.WITHDRAW)),
        (State.PENDING, (Act.START, Act.TRANSFER, Act.CLOSE, Act.WITHDRAW)),
        (State.WORKING, (Act.TRANSFER, Act.CLOSE, Act.WITHDRAW)),
        (State.DONE, ()),
        (State.WITHDRAWN, ()),
    ],
)
def test_what_is_possible(state: State, acts: tuple[Act, ...]) -> None:
    assert possible(state) == acts


def test_open_is_what_something_can_be_done_to() -> None:
    assert set(OPEN) == {state for state in State if possible(state)}


def test_every_state_but_the_first_can_be_reached() -> None:
    assert {step.target for step in FLOW.values()} == set(State) - {State.NEEDS_INFO}
