"""What a change of state does to an appeal's times: begun, stopped, closed, begun again.

Clocks stand still in 待补充 and 挂账; when they go on, what was left of every deadline is left
again: office time of office time, hours of what is urgent. A matter that ends is stamped once; one
that is taken up again is open as before.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.models import Appeal, State
from bot.rules.appeal_flow import OPEN, STOPPED
from bot.rules.deadlines import (
    Span,
    carried_on,
    due_at,
    feedback_due,
    is_urgent,
    runs_through,
)
from bot.rules.worktime import WorkTime

_BEGUN = frozenset({State.WORKING, State.PARKED})


def stamped(
    before: Appeal, changed: Appeal, state: State, now: datetime, work: WorkTime, rule: str
) -> Appeal:
    """`changed` in a new state, with its times as they must be then; `rule` is its term."""
    after = msgspec.structs.replace(
        changed,
        state=state,
        started_at=changed.started_at or (now if state in _BEGUN else None),
        closed_at=None if state in OPEN else (before.closed_at or now),
        feedback_due_at=_feedback_due(before, state, now),
        parked_until=changed.parked_until if state is State.PARKED else None,
    )
    if state in STOPPED:
        return msgspec.structs.replace(after, stopped_at=before.stopped_at or now)
    going = resumed(after, now, work, rule)
    if changed.due_at != before.due_at:  # somebody named a day: that day holds
        going = msgspec.structs.replace(going, due_at=changed.due_at)
    return going


def _feedback_due(before: Appeal, state: State, now: datetime) -> datetime | None:
    """While it is done and waits for the asker's word: until when. It begins with the end."""
    if state is not State.DONE:
        return None
    return before.feedback_due_at if before.state is State.DONE else feedback_due(now)


def resumed(appeal: Appeal, now: datetime, work: WorkTime, rule: str) -> Appeal:
    """The clocks go on: what was left of each deadline is left again."""
    if appeal.stopped_at is None:
        return appeal
    contact, stopped = appeal.contact_due_at, appeal.stopped_at
    urgent = is_urgent(appeal.urgency)
    return msgspec.structs.replace(
        appeal,
        stopped_at=None,
        due_at=_due(appeal, stopped, now, work, rule),
        contact_due_at=None
        if contact is None
        else carried_on(contact, stopped, now, work, round_the_clock=urgent),
    )


def _due(appeal: Appeal, stopped: datetime, now: datetime, work: WorkTime, rule: str) -> datetime:
    """What was left is left again. Days that were to be counted from a report which was not whole
    yet are counted from when it is: a question back does not cost the office, nor the asker, a day.
    """
    if stopped == appeal.created_at and Span.parse(rule).in_days:
        return max(appeal.due_at, due_at(now, rule, work.calendar, work.hours))
    through = runs_through(appeal.urgency, rule)
    return carried_on(appeal.due_at, stopped, now, work, round_the_clock=through)
