"""Deadlines that come and pass: who is to hear of which appeal now, each thing once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from bot.models import SHANGHAI, Appeal, Person, Role
from bot.ports import Store
from bot.rules.appeal_flow import LADDER
from bot.rules.deadlines import is_urgent
from bot.rules.permissions import covers
from bot.rules.reminders import BEFORE, RUNGS, Stage, Step, plan
from bot.rules.worktime import WorkTime
from bot.services.desk import DeskService
from bot.services.desk.steps import CLOCK
from bot.services.history import subject
from bot.services.knowledge import Knowledge
from bot.services.people import PeopleService

AT_ONCE = 5000
OVERDUE = "到期未办"
ROLES = {Stage.GRID: Role.GRID_LEAD, Stage.COMMUNITY: Role.COMMUNITY, Stage.STREET: Role.STREET}
_YEAR_IS_OUT = (11, 15)


class Call(Struct, frozen=True):
    """One person is to hear one thing about one appeal."""

    person: Person
    appeal: Appeal
    stage: Stage
    deadline: datetime


class DeadlinesService:
    """The clock's view of appeals, within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._work = WorkTime(knowledge.calendar, knowledge.hours)
        self._people = PeopleService(store)

    def next_look(self) -> datetime | None:
        """When there may next be something to say."""
        return self._store.reminders.next_look()

    def sweep(self) -> Sequence[Call]:
        """What is due to be said now; whoever calls says it, in the same transaction.

        After a day of downtime only what still holds is said: of several things about one appeal
        the last, and it is never said again.
        """
        return [
            call
            for appeal in self._store.reminders.to_look_at(self._now, AT_ONCE)
            for call in self._look(appeal)
        ]

    def year_is_missing(self) -> int | None:
        """The next year, if it is mid-November and its working days are not known yet."""
        local = self._now.astimezone(SHANGHAI)
        known = local.year + 1 in self._knowledge.calendar.years
        return None if known or (local.month, local.day) < _YEAR_IS_OUT else local.year + 1

    def warn_of_year(self, year: int) -> Sequence[Person]:
        """Who is to hear, once, that a year's working days are a guess so far."""
        deadline = datetime(year, 1, 1, tzinfo=SHANGHAI)
        if not self._store.reminders.start("calendar", "missing", deadline, self._now):
            return []
        return [person for person in self._store.people.staff() if person.role is Role.COMMUNITY]

    def next_warning(self) -> datetime | None:
        """When the next warning of that kind is due."""
        local = self._now.astimezone(SHANGHAI)
        if (
            not self._knowledge.standing.holidays
            or local.year + 1 in self._knowledge.calendar.years
        ):
            return None
        deadline = datetime(local.year + 1, 1, 1, tzinfo=SHANGHAI)
        if ("missing", deadline) in self._store.reminders.claimed("calendar"):
            return None
        month, day = _YEAR_IS_OUT
        earliest = datetime(local.year, month, day, tzinfo=SHANGHAI)
        policy = self._knowledge.reminding
        return policy.sayable(max(earliest, self._now), self._knowledge.calendar)

    def _look(self, appeal: Appeal) -> Iterator[Call]:
        rule = self._knowledge.taxonomy.get(appeal.category).due
        steps = plan(appeal, rule, self._knowledge.reminding, self._work)
        claimed = self._store.reminders.claimed(subject(appeal)) if steps else set()
        open_ = [step for step in steps if (step.stage, step.deadline) not in claimed]
        open_ = [self._postponed(step, appeal) for step in open_]
        due = [step for step in open_ if step.at <= self._now]
        for step in due:
            self._store.reminders.start(subject(appeal), step.stage, step.deadline, self._now)
        later = [step.at for step in open_ if step.at > self._now]
        for step in _that_hold(due):
            yield from self._calls(appeal, step)
        # Last: raising a level changes the appeal, and what changed is looked at again at once.
        self._store.reminders.look_again(appeal.id, min(later, default=None))

    def _postponed(self, step: Step, appeal: Appeal) -> Step:
        """What comes late, because nothing ran at its time, is not said at night either."""
        if step.at > self._now or is_urgent(appeal.urgency):
            return step
        at = self._knowledge.reminding.sayable(self._now, self._knowledge.calendar)
        return msgspec.structs.replace(step, at=at)

    def _calls(self, appeal: Appeal, step: Step) -> Iterator[Call]:
        if step.stage not in RUNGS:
            for person in self._in_charge(appeal):
                yield Call(person, appeal, step.stage, step.deadline)
            return
        level = RUNGS[step.stage]
        current = self._store.appeals.get(appeal.id) or appeal
        if LADDER.index(level) <= LADDER.index(current.level):
            return
        desk = DeskService(self._store, self._knowledge, self._now)
        raised = desk.escalate(current, level, "", OVERDUE, CLOCK, "")
        for person in self._above(appeal, step.stage):
            yield Call(person, raised, step.stage, step.deadline)

    def _in_charge(self, appeal: Appeal) -> Sequence[Person]:
        """Who deals with it; while nobody does, those on duty."""
        handler = self._people.by_id(appeal.handler) if appeal.handler else None
        return self._people.on_duty(appeal.area) if handler is None else [handler]

    def _above(self, appeal: Appeal, stage: Stage) -> Sequence[Person]:
        return [
            person
            for person in self._store.people.staff()
            if person.role is ROLES[stage] and covers(person.area, appeal.area)
        ]


def _that_hold(due: Sequence[Step]) -> Sequence[Step]:
    """Of what is due at once: every rung, the last of the rest of each deadline."""
    rungs = [step for step in due if step.stage in RUNGS]
    rest = [step for step in due if step.stage not in RUNGS]
    late = any(step.stage is Stage.LATE for step in due)
    rest = [step for step in rest if not (late and step.stage in BEFORE)]
    before = [step for step in rest if step.stage in BEFORE]
    last = max(before, key=lambda step: step.at, default=None)
    return [*(step for step in rest if step.stage not in BEFORE or step is last), *rungs]
