"""Which steps a page offers somebody on a matter: those that the table of its life permits now."""

from __future__ import annotations

from bot.models import Appeal
from bot.rules.appeal_flow import FLOW, Act, Standing, above, may_take

_IN_ORDER = (
    Act.CONFIRM_CLAIM, Act.SUPPLY, Act.RESUME, Act.START, Act.ADOPT, Act.CLOSE, Act.CONFIRM,
    Act.ASSIGN, Act.TRANSFER, Act.ASK, Act.PARK, Act.EXTEND, Act.ESCALATE, Act.ANSWER, Act.AGENDA,
    Act.REJECT, Act.RETURN_CLAIM, Act.REOPEN, Act.RECHECK, Act.URGE, Act.SORT, Act.TRACK,
    Act.MERGE, Act.SPLIT, Act.SWEEP, Act.DECLINE, Act.WITHDRAW, Act.NOTE,
)  # fmt: skip
"""The likeliest next step first."""


def offered(appeal: Appeal, who: Standing) -> tuple[Act, ...]:
    """What somebody can do to a matter as it stands, the likeliest first."""
    return tuple(act for act in _IN_ORDER if _fits(act, appeal, who))


def _fits(act: Act, appeal: Appeal, who: Standing) -> bool:
    step = FLOW[act]
    possible = appeal.state in step.sources and appeal.kind in step.kinds
    return possible and may_take(act, who) and _makes_sense(act, appeal)


def _makes_sense(act: Act, appeal: Appeal) -> bool:
    """What the table leaves to the step itself."""
    match act:
        case Act.CONFIRM_CLAIM | Act.RETURN_CLAIM:
            return appeal.claim_pending
        case Act.ANSWER:
            return appeal.venue != ""
        case Act.ESCALATE:
            return above(appeal.level) is not None or appeal.venue == ""
        case _:
            return True
