"""What is in a standing message: matters of somebody's area, counted and named by number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from datetime import datetime
from functools import cached_property

import msgspec
from msgspec import Struct

from bot.models import SHANGHAI, Appeal, Kind, Person, Standing, State
from bot.ports import Store
from bot.rules.appeal_flow import OPEN
from bot.rules.permissions import covers
from bot.services.knowledge import Knowledge
from bot.services.learning import Bundle, LearningService
from bot.services.standing import Turn

MOST = 50_000
REPEATS = 3
"""From so many on, the same kind at the same building is worth a line."""
KINDS = 3
ENDED = frozenset({State.DONE, State.STRUCK})


class Brief(Struct, frozen=True, kw_only=True):
    """The contents of one standing message. `fresh`: something in it is new since the last one.

    `kinds` are categories by how often they came, `repeats` (building, category, how often).
    """

    standing: Standing
    since: datetime
    fresh: bool
    today: Sequence[Appeal] = ()
    tomorrow: Sequence[Appeal] = ()
    overdue: Sequence[Appeal] = ()
    untaken: Sequence[Appeal] = ()
    incomplete: Sequence[Appeal] = ()
    parked: Sequence[Appeal] = ()
    told: int = 0
    done: int = 0
    open: int = 0
    praise: int = 0
    kinds: Sequence[tuple[str, int]] = ()
    repeats: Sequence[tuple[str, str, int]] = ()
    questions: Sequence[Bundle] = ()
    several_groups: bool = False

    @property
    def blank(self) -> bool:
        """No matter and no question stands in it."""
        lists = (self.today, self.overdue, self.untaken, self.parked)
        return not (any(lists) or self.questions)

    def without(self, appeals: Set[str]) -> Brief:
        """The same without the named matters (ids)."""
        kept = {
            name: [appeal for appeal in getattr(self, name) if appeal.id not in appeals]
            for name in ("today", "tomorrow", "overdue", "untaken", "incomplete", "parked")
        }
        return msgspec.structs.replace(self, **kept)


class BriefsService:
    """Fills standing messages; what several of them need is read once a transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._today = now.astimezone(SHANGHAI).date()

    def brief(self, turn: Turn) -> Brief:
        """What one person is to be told."""
        match turn.standing:
            case Standing.MORNING:
                return self._morning(turn)
            case Standing.DAILY:
                return self._daily(turn)
            case Standing.WEEKLY:
                return self._weekly(turn)
            case _:
                return self._unanswered(turn)

    def _unanswered(self, turn: Turn) -> Brief:
        found = self._questions(turn.person, turn.since)
        return Brief(standing=turn.standing, since=turn.since, fresh=bool(found), questions=found)

    def _morning(self, turn: Turn) -> Brief:
        mine = self._mine(turn.person, self._open)
        today = [a for a in mine if self._is_due(a) and not self._is_late(a)]
        overdue = [a for a in mine if self._is_late(a)]
        untaken = [a for a in mine if a.state is State.PENDING]
        parked = [a for a in mine if self._wakes(a)]
        questions = self._questions(turn.person, turn.since)
        news = (
            *today, *parked, *questions,
            *(a for a in overdue if a.due_at > turn.since),
            *(a for a in untaken if a.created_at > turn.since),
        )  # fmt: skip
        return Brief(
            standing=turn.standing,
            since=turn.since,
            fresh=bool(news),
            today=today,
            overdue=overdue,
            untaken=untaken,
            parked=parked,
            questions=questions,
            several_groups=_in_several_groups(mine),
        )

    def _daily(self, turn: Turn) -> Brief:
        mine = self._mine(turn.person, self._open)
        (told, praise), done = self._told(turn), self._done(turn)
        following = self._knowledge.calendar.next_workday(self._today)
        soon = [
            a
            for a in mine
            if _runs(a) and self._today < a.due_at.astimezone(SHANGHAI).date() <= following
        ]
        return Brief(
            standing=turn.standing,
            since=turn.since,
            fresh=bool(told or praise or done),
            told=len(told),
            praise=praise,
            done=done,
            tomorrow=soon,
            overdue=[a for a in mine if self._is_late(a)],
            incomplete=[a for a in mine if a.state is State.NEEDS_INFO],
            several_groups=_in_several_groups(mine),
        )

    def _weekly(self, turn: Turn) -> Brief:
        mine = self._mine(turn.person, self._open)
        (told, praise), done = self._told(turn), self._done(turn)
        overdue = [appeal for appeal in mine if self._is_late(appeal)]
        questions = self._questions(turn.person, turn.since)
        kinds = Counter(self._name(appeal) for appeal in told)
        places = Counter((a.place.building, self._name(a)) for a in told if a.place.building)
        return Brief(
            standing=turn.standing,
            since=turn.since,
            fresh=bool(told or praise or done or overdue or questions),
            told=len(told),
            praise=praise,
            done=done,
            open=len(mine),
            overdue=overdue,
            kinds=[each for each in kinds.most_common(KINDS) if each[1] > 1],
            repeats=[
                (*place, count) for place, count in places.most_common(KINDS) if count >= REPEATS
            ],
            questions=questions,
            several_groups=_in_several_groups(mine),
        )

    @cached_property
    def _open(self) -> Sequence[Appeal]:
        return self._store.appeals.listed(group=None, area="", states=OPEN, limit=MOST)

    @cached_property
    def _since(self) -> dict[datetime, tuple[Sequence[Appeal], Sequence[Appeal]]]:
        return {}

    def _lately(self, since: datetime) -> tuple[Sequence[Appeal], Sequence[Appeal]]:
        """What was recorded and what was closed since then; read once for everybody."""
        if since not in self._since:
            self._since[since] = (
                self._store.appeals.created_since(since, MOST),
                self._store.appeals.ended_since(since, MOST),
            )
        return self._since[since]

    def _told(self, turn: Turn) -> tuple[Sequence[Appeal], int]:
        """Matters that were recorded, and how much praise."""
        found = self._mine(turn.person, self._lately(turn.since)[0])
        matters = [appeal for appeal in found if appeal.kind is not Kind.PRAISE]
        return matters, len(found) - len(matters)

    def _done(self, turn: Turn) -> int:
        found = self._mine(turn.person, self._lately(turn.since)[1])
        return sum(a.state in ENDED and a.kind is not Kind.PRAISE for a in found)

    def _questions(self, person: Person, since: datetime) -> Sequence[Bundle]:
        waiting = LearningService(self._store, self._now).waiting(person)
        return [b for b in waiting if any(question.at >= since for question in b.questions)]

    def _mine(self, person: Person, appeals: Sequence[Appeal]) -> Sequence[Appeal]:
        return [appeal for appeal in appeals if covers(person.area, appeal.area)]

    def _name(self, appeal: Appeal) -> str:
        category = self._knowledge.taxonomy.get(appeal.category)
        return category.short or category.name

    def _is_due(self, appeal: Appeal) -> bool:
        return _runs(appeal) and appeal.due_at.astimezone(SHANGHAI).date() == self._today

    def _is_late(self, appeal: Appeal) -> bool:
        return _runs(appeal) and appeal.due_at < self._now

    def _wakes(self, appeal: Appeal) -> bool:
        until = appeal.parked_until
        if appeal.state is not State.PARKED or until is None:
            return False
        return until.astimezone(SHANGHAI).date() == self._today


def _runs(appeal: Appeal) -> bool:
    return appeal.stopped_at is None


def _in_several_groups(appeals: Sequence[Appeal]) -> bool:
    """Whether short numbers would not say which matter is meant."""
    return len({appeal.group for appeal in appeals}) > 1
