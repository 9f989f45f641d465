"""Working on a matter: taking it on, asking back, waiting, going on, more time."""

from __future__ import annotations

from datetime import datetime

from bot.errors import Faulty
from bot.models import Appeal, Note, Person, Place
from bot.rules.appeal_flow import Act, Need
from bot.services.desk.steps import Steps, words


class Handling(Steps):
    """Steps of those who work on a matter."""

    def start(self, appeal: Appeal, actor: Person, cause: str) -> Appeal:
        """受理, 我来办理."""
        return self._take(Act.START, appeal, actor, cause, handler=actor.id)

    def ask(self, appeal: Appeal, what: str, actor: Person, cause: str) -> Appeal:
        """要求补充: the clocks stop until the asker has told `what`."""
        reason = words(what, Need.WORDS)
        return self._take(Act.ASK, appeal, actor, cause, reason=reason)

    def supply(self, appeal: Appeal, told: str, actor: Person, cause: str) -> Appeal:
        """补充: what was asked for has been told; the words stay in the history."""
        return self._take(Act.SUPPLY, appeal, actor, cause, reason=told)

    def supply_place(
        self, appeal: Appeal, place: Place, summary: str, actor: Person, cause: str
    ) -> Appeal:
        """补充: the missing place has been told (or cannot be): the appeal goes on the list."""
        return self._take(Act.SUPPLY, appeal, actor, cause, place=place, summary=summary)

    def park(
        self, appeal: Appeal, until: datetime, reason: str, actor: Person, cause: str
    ) -> Appeal:
        """挂账: it cannot be done before some day; the clocks stop."""
        return self._take(
            Act.PARK,
            appeal,
            actor,
            cause,
            reason=reason,
            parked_until=self._future(until),
            handler=appeal.handler or actor.id,
        )

    def resume(self, appeal: Appeal, actor: Person, cause: str, reason: str = "") -> Appeal:
        """恢复: the clocks go on."""
        return self._take(Act.RESUME, appeal, actor, cause, reason=reason)

    def extend(
        self, appeal: Appeal, until: datetime, reason: str, actor: Person, cause: str
    ) -> Appeal:
        """延期: later than it was due. Raises `Faulty` for an earlier day."""
        self.allow(Act.EXTEND, appeal, actor)
        if self._future(until) <= appeal.due_at:
            raise Faulty(Need.DATE, "not_later")
        return self._take(Act.EXTEND, appeal, actor, cause, reason=reason, due_at=until)

    def urge(self, appeal: Appeal, actor: Person, cause: str, reason: str = "") -> Appeal:
        """催办: whoever is in charge hears that somebody waits."""
        return self._take(Act.URGE, appeal, actor, cause, reason=reason)

    def remark(self, appeal: Appeal, text: str, actor: Person, cause: str) -> Appeal:
        """备注: an internal remark; the history holds that there is one, not what it says."""
        self.allow(Act.NOTE, appeal, actor)
        note = Note(
            id="", appeal=appeal.id, at=self._now, author=actor.id, text=words(text, Need.WORDS)
        )
        self._store.notes.add(note)
        return self._take(Act.NOTE, appeal, actor, cause)
