"""What is said about an open appeal, and when: before its time, at it, after it, and up the ladder.

Pure. Each step has its moment and the deadline that it is about, so that a deadline which moves is
reminded of anew and one that does not is reminded of once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from bot.models import SHANGHAI, Appeal, Level, State
from bot.rules.deadlines import due_at, is_urgent, runs_through
from bot.rules.workdays import WorkCalendar
from bot.rules.worktime import WorkTime, plain

RUNNING = frozenset({State.PENDING, State.WORKING})


class Stage(StrEnum):
    """What a step says; the later in this order, the more it matters."""

    WAITING = "waiting"
    TOMORROW = "tomorrow"
    TODAY = "today"
    SOON = "soon"
    CONTACT = "contact"
    LATE = "late"
    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"


BEFORE = frozenset({Stage.TOMORROW, Stage.TODAY, Stage.SOON})
RUNGS = {Stage.GRID: Level.GRID, Stage.COMMUNITY: Level.COMMUNITY, Stage.STREET: Level.STREET}
RANK = {stage: rank for rank, stage in enumerate(Stage)}


class Step(Struct, frozen=True):
    """One thing to be said: of which deadline, and from when on."""

    stage: Stage
    deadline: datetime
    at: datetime


class Policy(Struct, frozen=True, kw_only=True):
    """How a community wants to be reminded.

    From `quiet_from` to `quiet_until` and on days off nothing is said of what is not urgent.
    `ladder`: how long after the deadline (`4h` of office time, `1wd`) each rung hears of it.
    """

    quiet_from: time = time(20, 0)
    quiet_until: time = time(8, 30)
    soon: timedelta = timedelta(hours=4)
    waiting: str = "1wd"
    ladder: tuple[tuple[Stage, str], ...] = (
        (Stage.GRID, "4h"),
        (Stage.COMMUNITY, "1wd"),
        (Stage.STREET, "3wd"),
    )

    def sayable(self, at: datetime, calendar: WorkCalendar) -> datetime:
        """`at` itself when people may be disturbed then, else the next moment when they may."""
        local = at.astimezone(SHANGHAI)
        day = local.date()
        if calendar.is_workday(day):
            if local.time() < self.quiet_until:
                return self._morning(day)
            if local.time() < self.quiet_from:
                return local
        return self._morning(calendar.next_workday(day))

    def _morning(self, day: date) -> datetime:
        return datetime.combine(day, self.quiet_until, SHANGHAI)


def plan(appeal: Appeal, rule: str, policy: Policy, work: WorkTime) -> list[Step]:
    """All steps of an appeal as it stands, earliest first; none while nothing is owed.

    `rule` is the term of its category: it tells whether its clock runs through the night.
    """
    if appeal.state in RUNNING and appeal.stopped_at is None:
        steps = [*_contact(appeal), *_handling(appeal, rule, policy, work)]
    elif appeal.state is State.NEEDS_INFO and appeal.stopped_at is not None:
        term = due_at(appeal.stopped_at, policy.waiting, work.calendar, work.hours)
        steps = [Step(Stage.WAITING, appeal.stopped_at, term)]
    else:
        return []
    if not is_urgent(appeal.urgency):
        steps = [
            Step(step.stage, step.deadline, policy.sayable(step.at, work.calendar))
            for step in steps
        ]
    return sorted(steps, key=lambda step: (step.at, RANK[step.stage]))


def _contact(appeal: Appeal) -> Iterator[Step]:
    if appeal.contact_due_at is not None and appeal.contacted_at is None:
        yield Step(Stage.CONTACT, appeal.contact_due_at, appeal.contact_due_at)


def _handling(appeal: Appeal, rule: str, policy: Policy, work: WorkTime) -> Iterator[Step]:
    due = appeal.due_at
    for stage, at in _before(appeal, policy, work, runs_through(appeal.urgency, rule)):
        if at > appeal.created_at:
            yield Step(stage, due, at)
    yield Step(Stage.LATE, due, due)
    for stage, term in policy.ladder:
        yield Step(stage, due, due_at(due, term, work.calendar, work.hours, appeal.urgency))


def _before(
    appeal: Appeal, policy: Policy, work: WorkTime, through: bool
) -> Iterator[tuple[Stage, datetime]]:
    """The working day before and the day itself; the last hours where there is no day before."""
    due = appeal.due_at
    if through:
        yield Stage.SOON, plain(due, -policy.soon)
        return
    day = due.astimezone(SHANGHAI).date()
    eve = work.calendar.workday_before(day)
    yield Stage.TODAY, work.opening(day)
    if work.opening(eve) > appeal.created_at:
        yield Stage.TOMORROW, work.opening(eve)
    else:
        yield Stage.SOON, work.before(due, policy.soon)
