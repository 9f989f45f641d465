"""What a change of state does to an appeal's times: begun, stopped, closed, begun again.

Clocks stand still in 待补充 and 挂账; when they go on, every deadline has moved by as long as they
stood. A matter that ends is stamped once; one that is taken up again is open as before.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.models import Appeal, State
from bot.rules.appeal_flow import OPEN, STOPPED

_BEGUN = frozenset({State.WORKING, State.PARKED})


def stamped(before: Appeal, changed: Appeal, state: State, now: datetime) -> Appeal:
    """`changed` in a new state, with its times as they must be then."""
    after = msgspec.structs.replace(
        changed,
        state=state,
        started_at=changed.started_at or (now if state in _BEGUN else None),
        closed_at=None if state in OPEN else (before.closed_at or now),
        parked_until=changed.parked_until if state is State.PARKED else None,
    )
    if state in STOPPED:
        return msgspec.structs.replace(after, stopped_at=before.stopped_at or now)
    return resumed(after, now)


def resumed(appeal: Appeal, now: datetime) -> Appeal:
    """The clocks go on: what was due is due later by as long as they stood."""
    if appeal.stopped_at is None:
        return appeal
    stood = max(now, appeal.stopped_at) - appeal.stopped_at
    contact = appeal.contact_due_at
    return msgspec.structs.replace(
        appeal,
        stopped_at=None,
        due_at=appeal.due_at + stood,
        contact_due_at=None if contact is None else contact + stood,
    )
