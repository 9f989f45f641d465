"""The life of an appeal as one table: what is done to it, from which states, to which state.

待补充 ──补充──► 待受理 ──受理──► 办理中 ──办结──► 已办结
   └──────────────┴───── 转 (stays, or starts work) ─────┘
anything open ──撤回──► 已撤回
"""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.models import State

OPEN = (State.PENDING, State.NEEDS_INFO, State.WORKING)


class Act(StrEnum):
    """What people do to an appeal; the values are the words they use."""

    RECORD = "登记"
    SUPPLY = "补充"
    START = "受理"
    TRANSFER = "转"
    CLOSE = "办结"
    WITHDRAW = "撤回"
    UNDO = "撤销"


class Step(Struct, frozen=True):
    """From which states an act is possible, and where it leads."""

    sources: tuple[State, ...]
    target: State


FLOW: dict[Act, Step] = {
    Act.SUPPLY: Step((State.NEEDS_INFO,), State.PENDING),
    Act.START: Step((State.PENDING, State.NEEDS_INFO), State.WORKING),
    Act.TRANSFER: Step(OPEN, State.WORKING),
    Act.CLOSE: Step(OPEN, State.DONE),
    Act.WITHDRAW: Step(OPEN, State.WITHDRAWN),
}


def possible(state: State) -> tuple[Act, ...]:
    """What can be done to an appeal in this state."""
    return tuple(act for act, step in FLOW.items() if state in step.sources)
