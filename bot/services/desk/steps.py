"""What all steps have in common: who may, whether it is possible, storing it, writing it down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from bot.errors import Faulty, NotAllowed, NotPossible
from bot.models import Appeal, Event, Person, State
from bot.ports import Store
from bot.rules.appeal_clocks import stamped
from bot.rules.appeal_flow import FLOW, Act, Need, Standing, may_take, possible, target
from bot.rules.deadlines import contact_due, due_at
from bot.rules.permissions import STAFF, covers
from bot.rules.worktime import WorkTime
from bot.services.history import aside, note, subject
from bot.services.knowledge import Knowledge

CLOCK = Person(id="", channel="", user="", name="")
"""Who does what is done because time is up."""

# A person in charge has turned to the matter: the first answer that is owed within hours.
_NO_ANSWERS = {Act.SUPPORT, Act.NOTE, Act.URGE, Act.CLAIM, Act.SUPPLY, Act.UNDO}
_ANSWERS = frozenset(Act) - _NO_ANSWERS - {Act.SORT, Act.TRACK}


class Steps:
    """One transaction, one minute, one way to take a step."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def standing(self, appeal: Appeal, actor: Person) -> Standing:
        """What somebody is to an appeal."""
        return Standing(
            role=actor.role,
            inside=covers(actor.area, appeal.area),
            asker=actor.id == appeal.reporter,
            supporter=actor.id in self.supporters(appeal),
            clock=actor is CLOCK,
        )

    def supporters(self, appeal: Appeal) -> tuple[str, ...]:
        """Everybody behind an appeal but the one who asked: those who joined it, and those of all
        that was merged into it. In the order in which they came.
        """
        return tuple(p for p in dict.fromkeys(self._behind(appeal)) if p != appeal.reporter)

    def head(self, appeal: Appeal) -> Appeal:
        """The appeal that goes on in place of a merged one; itself when it was not merged."""
        while appeal.merged_into:
            found = self._store.appeals.get(appeal.merged_into)
            if found is None:
                return appeal
            appeal = found
        return appeal

    def allow(self, act: Act, appeal: Appeal, actor: Person) -> None:
        """Raises `NotAllowed`, `NotPossible`."""
        who = self.standing(appeal, actor)
        if not may_take(act, who):
            raise NotAllowed(act)
        if appeal.state not in FLOW[act].sources and appeal.merged_into:
            head = self.head(appeal).short
            raise NotPossible(f"{appeal.short}号已并到{head}号一起办，请直接对{head}号操作。")
        if appeal.kind not in FLOW[act].kinds:
            raise NotPossible(f"{appeal.short}号是{appeal.kind}，没有「{act}」这一步。")
        if appeal.state not in FLOW[act].sources:
            last = self._last(appeal)
            if last is not None and last.action == Act.RECORD:
                last = None
            raise NotPossible(
                appeal.state,
                possible(appeal.state, who),
                did=last.action if last is not None else "",
                who=last.actor if last is not None else "",
                at=last.at if last is not None else None,
            )

    def _take(
        self,
        act: Act,
        appeal: Appeal,
        actor: Person,
        cause: str,
        *,
        reason: str = "",
        **changed: Any,
    ) -> Appeal:
        """Take one step: check it against the table, store it, write it down."""
        self.allow(act, appeal, actor)
        if Need.REASON in FLOW[act].needs and not reason.strip():
            raise Faulty(Need.REASON)
        if appeal.contacted_at is None and actor.role in STAFF and act in _ANSWERS:
            changed["contacted_at"] = self._now
        state = target(act, appeal.state, started=appeal.started_at is not None)
        if act is Act.REOPEN:
            changed |= self._anew(appeal)
        after = self._stamped(appeal, msgspec.structs.replace(appeal, **changed), state)
        self._store.appeals.save(after)
        self._write(act, actor, appeal, after, cause, reason)
        return after

    def _stamped(self, before: Appeal, changed: Appeal, state: State) -> Appeal:
        """With its times as they must be in a new state."""
        work = WorkTime(self._knowledge.calendar, self._knowledge.hours)
        rule = self._knowledge.taxonomy.get(changed.category).due
        return stamped(before, changed, state, self._now, work, rule)

    def _anew(self, appeal: Appeal) -> dict[str, Any]:
        """Somebody must answer and deal with it once more: both terms begin again."""
        category = self._knowledge.taxonomy.get(appeal.category)
        calendar, hours = self._knowledge.calendar, self._knowledge.hours
        return {
            "contacted_at": None,
            "contact_due_at": contact_due(
                self._now, category.contact_hours, calendar, hours, appeal.urgency
            ),
            "due_at": due_at(self._now, category.due, calendar, hours, appeal.urgency),
        }

    def _write(
        self, act: Act, actor: Person, before: Appeal, after: Appeal, cause: str, reason: str = ""
    ) -> None:
        note(
            self._store,
            self._now,
            act,
            actor,
            before=before,
            after=after,
            cause=cause,
            reason=reason,
        )

    def _last(self, appeal: Appeal) -> Event | None:
        """What brought an appeal to where it stands."""
        history = self._store.events.of(subject(appeal))
        moves = [event for event in history if not aside(event)]
        return moves[-1] if moves else None

    def _behind(self, appeal: Appeal) -> Iterator[str]:
        yield from self._store.supporters.of(appeal.id)
        for other in self._store.appeals.merged_into(appeal.id):
            yield other.reporter
            yield from self._behind(other)

    def _future(self, at: datetime) -> datetime:
        if at <= self._now:
            raise Faulty(Need.DATE, "past")
        return at


def words(text: str, need: Need) -> str:
    """Text that must not be empty. Raises `Faulty`."""
    if not text.strip():
        raise Faulty(need)
    return text.strip()
