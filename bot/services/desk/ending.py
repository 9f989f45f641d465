"""How a matter ends, and begins again: closed, rated, struck off, declined, withdrawn, reopened."""

from __future__ import annotations

from datetime import datetime

from bot.models import Appeal, Person, Rating, Verdict
from bot.rules.appeal_flow import Act
from bot.services.desk.steps import Steps


class Ending(Steps):
    """Steps to an end and back."""

    def close(self, appeal: Appeal, result: str, actor: Person, cause: str) -> Appeal:
        """办结: it is done; the asker is owed a question, so an earlier rating no longer counts."""
        return self._take(
            Act.CLOSE,
            appeal,
            actor,
            cause,
            reason=result,
            result=result,
            handler=appeal.handler or actor.id,
            rating=None,
            rated_at=None,
        )

    def rate(
        self, appeal: Appeal, rating: Rating, actor: Person, cause: str, reason: str = ""
    ) -> Appeal:
        """评价: 满意 and 基本满意 strike it off. 不满意 is `reopen` with that rating."""
        if rating is Rating.BAD:
            return self.reopen(appeal, reason or Rating.BAD, actor, cause, rating=rating)
        return self._take(
            Act.RATE, appeal, actor, cause, reason=reason, rating=rating, rated_at=self._now
        )

    def confirm(self, appeal: Appeal, actor: Person, cause: str, reason: str = "") -> Appeal:
        """确认, 销号: off the list, without a rating."""
        return self._take(Act.CONFIRM, appeal, actor, cause, reason=reason)

    def reopen(
        self,
        appeal: Appeal,
        reason: str,
        actor: Person,
        cause: str,
        rating: Rating | None = None,
    ) -> Appeal:
        """重开: it was not done after all; with `rating` the asker's word on the last end."""
        return self._take(
            Act.REOPEN,
            appeal,
            actor,
            cause,
            reason=reason,
            reopened=appeal.reopened + 1,
            rating=rating,
            rated_at=None if rating is None else self._now,
        )

    def decline(self, appeal: Appeal, reason: str, actor: Person, cause: str) -> Appeal:
        """不受理: it is not ours; the reason stays with it as its result."""
        return self._take(Act.DECLINE, appeal, actor, cause, reason=reason, result=reason)

    def withdraw(self, appeal: Appeal, actor: Person, cause: str, reason: str = "") -> Appeal:
        """撤回: the one who asked, or staff, takes it back."""
        return self._take(Act.WITHDRAW, appeal, actor, cause, reason=reason)

    def recheck(
        self, appeal: Appeal, at: datetime | None, actor: Person, cause: str, found: str = ""
    ) -> Appeal:
        """回头看: look again on some day; or (None) it was looked at and `found` so."""
        when = None if at is None else self._future(at)
        return self._take(Act.RECHECK, appeal, actor, cause, reason=found, recheck_at=when)

    def judge(
        self, appeal: Appeal, verdict: Verdict, actor: Person, cause: str, reason: str = ""
    ) -> Appeal:
        """采纳, 列入议事, 不采纳: what becomes of a suggestion, and why."""
        return self._take(
            Act(verdict),
            appeal,
            actor,
            cause,
            reason=reason,
            verdict=verdict,
            result=reason,
            handler=appeal.handler or actor.id,
        )
