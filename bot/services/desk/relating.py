"""Matters that belong together: merged, split, the same fault elsewhere, people who join."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from bot.errors import Faulty, NotAllowed, NotPossible
from bot.models import Appeal, Person, Place
from bot.rules.appeal_flow import OPEN, Act, Need
from bot.rules.permissions import covers
from bot.services.appeals import AppealsService, Report
from bot.services.desk.steps import Steps

MOST_CHILDREN = 20


class Relating(Steps):
    """Steps on several matters at once."""

    def merge(self, appeal: Appeal, into: Appeal, actor: Person, cause: str) -> Appeal:
        """合并: `appeal` ends here and goes on in `into`, which must be open.

        Nothing is moved: whoever is behind a merged appeal counts as behind the one it went into,
        so taking it back needs no more than putting this one's fields back.
        """
        self.allow(Act.MERGE, appeal, actor)
        if into.id == appeal.id:
            raise Faulty(Need.OTHER, "itself")
        if not covers(actor.area, into.area):
            raise NotAllowed(Act.MERGE)
        if into.merged_into:
            head = self.head(into).short
            raise NotPossible(f"{into.short}号已并到{head}号一起办，请直接对{head}号操作。")
        if into.state not in OPEN:
            raise NotPossible(f"{into.short}号现在是「{into.state}」，不能再并进去。")
        return self._take(
            Act.MERGE, appeal, actor, cause, reason=f"并入 {into.number}", merged_into=into.id
        )

    def split(
        self, appeal: Appeal, first: Report, others: Sequence[Report], actor: Person, cause: str
    ) -> tuple[Appeal, list[Appeal]]:
        """拆分: the appeal keeps the first matter, each other one gets a number of its own."""
        self.allow(Act.SPLIT, appeal, actor)
        if not others or len(others) > MOST_CHILDREN:
            raise Faulty(Need.PARTS)
        made = [self._child(appeal, report) for report in others]
        changed: dict[str, Any] = {"summary": first.summary, "category": first.category.code}
        if first.place != Place():
            changed["place"] = first.place
        numbers = "、".join(child.number for child in made)
        kept = self._take(Act.SPLIT, appeal, actor, cause, reason=f"拆出 {numbers}", **changed)
        return kept, made

    def sweep(
        self, appeal: Appeal, elsewhere: Sequence[Report], actor: Person, cause: str
    ) -> list[Appeal]:
        """同类排查: the same fault is looked for elsewhere, each place an appeal of its own."""
        self.allow(Act.SWEEP, appeal, actor)
        if not elsewhere or len(elsewhere) > MOST_CHILDREN:
            raise Faulty(Need.PARTS)
        made = [self._child(appeal, report) for report in elsewhere]
        numbers = "、".join(child.number for child in made)
        self._take(Act.SWEEP, appeal, actor, cause, reason=f"排查 {numbers}")
        return made

    def support(self, appeal: Appeal, actor: Person, cause: str) -> bool:
        """附议: one more stands behind it; False when they did already."""
        self.allow(Act.SUPPORT, appeal, actor)
        if actor.id == appeal.reporter or actor.id in self.supporters(appeal):
            return False
        self._store.supporters.add(appeal.id, actor.id, self._now)
        self._take(Act.SUPPORT, appeal, actor, cause)
        return True

    def _child(self, parent: Appeal, report: Report) -> Appeal:
        register = AppealsService(self._store, self._knowledge, self._now)
        return register.record(msgspec.structs.replace(report, parent=parent.id))
