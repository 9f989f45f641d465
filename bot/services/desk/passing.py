"""Passing a matter on: to a person, to another unit, up the ladder, and the answer from there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.errors import Faulty
from bot.models import Appeal, Level, Person
from bot.rules.appeal_flow import LADDER, Act, Need
from bot.services.desk.steps import Steps, words


class Passing(Steps):
    """Steps by which somebody else becomes responsible."""

    def assign(
        self, appeal: Appeal, actor: Person, cause: str, *, to: Person | None = None, unit: str = ""
    ) -> Appeal:
        """分派: to a person, or to a unit. Raises `Faulty` when it is neither."""
        if to is None and not unit.strip():
            raise Faulty(Need.UNIT)
        changed: dict[str, Any] = {"unit": unit.strip()} if unit.strip() else {}
        if to is not None:
            changed["handler"] = to.id
        return self._take(Act.ASSIGN, appeal, actor, cause, **changed)

    def transfer(
        self, appeal: Appeal, unit: str, actor: Person, cause: str, due: datetime | None = None
    ) -> Appeal:
        """转办: another unit deals with it, by another day where one is given."""
        changed: dict[str, Any] = {"unit": words(unit, Need.UNIT)}
        if due is not None:
            changed["due_at"] = self._future(due)
        return self._take(Act.TRANSFER, appeal, actor, cause, **changed)

    def escalate(
        self, appeal: Appeal, level: Level, venue: str, reason: str, actor: Person, cause: str
    ) -> Appeal:
        """上报: up the ladder, and where a venue is named onto its list.

        Raises `Faulty` (`lower`) when it already stands as high and nothing is new.
        """
        self.allow(Act.ESCALATE, appeal, actor)
        higher = LADDER.index(level) - LADDER.index(appeal.level)
        if higher < 0 or (higher == 0 and venue in {"", appeal.venue}):
            raise Faulty(Need.VENUE, "lower")
        changed: dict[str, Any] = {"level": level}
        if venue:
            changed |= {"venue": venue, "escalated_at": self._now}
            changed |= {"answer": "", "answered_at": None}
        return self._take(Act.ESCALATE, appeal, actor, cause, reason=reason, **changed)

    def answer(self, appeal: Appeal, text: str, actor: Person, cause: str) -> Appeal:
        """答复: what came back from where it was brought up. Raises `Faulty` if it never was."""
        self.allow(Act.ANSWER, appeal, actor)
        if not appeal.venue:
            raise Faulty(Need.VENUE)
        return self._take(
            Act.ANSWER,
            appeal,
            actor,
            cause,
            answer=words(text, Need.WORDS),
            answered_at=self._now,
        )
