"""Two-way claim (双向认领): a partner unit takes a matter on, the community says yes or no."""

from __future__ import annotations

from bot.errors import NotAllowed, NotPossible
from bot.models import Appeal, Audience, Person
from bot.rules.appeal_flow import Act
from bot.rules.partners import serves
from bot.services.desk.steps import Steps


class Claims(Steps):
    """Steps between a partner unit and the community."""

    def claim(self, appeal: Appeal, actor: Person, cause: str) -> Appeal:
        """认领: only what is public, of the unit's kinds, and not claimed by another."""
        self.allow(Act.CLAIM, appeal, actor)
        category = self._knowledge.taxonomy.get(appeal.category)
        if appeal.audience is not Audience.PUBLIC or not serves(
            actor.serves, category, appeal.summary
        ):
            raise NotAllowed(Act.CLAIM)
        if appeal.claimant:
            raise NotPossible(f"{appeal.short}号已由{appeal.claimant}认领。")
        return self._take(
            Act.CLAIM,
            appeal,
            actor,
            cause,
            claimant=actor.unit or actor.name,
            claimed_by=actor.id,
            claimed_at=self._now,
            claim_confirmed_at=None,
        )

    def confirm_claim(self, appeal: Appeal, actor: Person, cause: str) -> Appeal:
        """确认认领: the unit has it from now on."""
        self._pending(Act.CONFIRM_CLAIM, appeal, actor)
        return self._take(
            Act.CONFIRM_CLAIM,
            appeal,
            actor,
            cause,
            unit=appeal.claimant,
            claim_confirmed_at=self._now,
        )

    def return_claim(self, appeal: Appeal, reason: str, actor: Person, cause: str) -> Appeal:
        """退回认领: it stays with whom it was; the unit hears why."""
        self._pending(Act.RETURN_CLAIM, appeal, actor)
        return self._take(
            Act.RETURN_CLAIM,
            appeal,
            actor,
            cause,
            reason=reason,
            claimant="",
            claimed_by="",
            claimed_at=None,
        )

    def _pending(self, act: Act, appeal: Appeal, actor: Person) -> None:
        self.allow(act, appeal, actor)
        if not appeal.claim_pending:
            known = f"已确认由{appeal.claimant}认领。" if appeal.claimant else "还没有单位认领。"
            raise NotPossible(f"{appeal.short}号{known}")
