"""What was volunteered about a notice. Only counts come out: who answered is not kept, and who did
not is never asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b

from bot.language.notice_replies import Reply, notice_number
from bot.models import Group, GroupState, Person, Replies, ReplyKind, Run
from bot.ports import Store
from bot.rules.permissions import covers
from bot.services.notice_looks import NoticeLooks
from bot.services.notice_told import Told

ANSWERED = timedelta(hours=24)
"""收到 that comes later is about something else."""
RELAYED = timedelta(days=3)
"""How long people go from door to door with a notice."""
NOWHERE = (0, 0)


class NoticeRepliesService:
    """Replies within one transaction."""

    def __init__(self, store: Store, looks: NoticeLooks, now: datetime) -> None:
        self._store = store
        self._looks = looks
        self._now = now

    def about(
        self, replies: Sequence[Reply], group: Group | None, person: Person, text: str, quote: str
    ) -> Told | None:
        """The notice that these are about; None when that is not certain.

        A bare number counts right behind the notice, or when it quotes it.
        """
        kinds = {reply.kind for reply in replies}
        relayed = kinds <= {ReplyKind.GROUPS, ReplyKind.HOUSEHOLDS}
        within = RELAYED if relayed else ANSWERED
        told = self._told(group, person, within, relayed)
        number = notice_number(text) if relayed else ""
        if number:
            return next((one for one in told if one.notice.id == f"n{number}"), None)
        if quote:
            return next((one for one in told if _same(quote, one.text)), None)
        if ReplyKind.NUMBER in kinds and not self._was_last(told, group, person):
            return None
        return told[0] if told else None

    def count(self, told: Told, person: Person, replies: Sequence[Reply]) -> None:
        """Count what a person volunteered; who says it again replaces it."""
        who = blake2b(f"{told.run}/{person.id}".encode(), digest_size=12).hexdigest()
        for reply in replies:
            self._store.notice_replies.save(told.run, who, reply.kind, reply.number, self._now)

    def of(self, run: Run) -> Replies:
        """What was volunteered about one sending."""
        counts = self._store.notice_replies.counts(run.cause)
        people, total = counts.get(ReplyKind.NUMBER, NOWHERE)
        return Replies(
            received=counts.get(ReplyKind.RECEIVED, NOWHERE)[0],
            numbers=people,
            total=total,
            groups=counts.get(ReplyKind.GROUPS, NOWHERE)[1],
            households=counts.get(ReplyKind.HOUSEHOLDS, NOWHERE)[1],
        )

    def _told(
        self, group: Group | None, person: Person, within: timedelta, relayed: bool
    ) -> Sequence[Told]:
        """What was told here; a relay may also be told of in private."""
        if group is not None:
            return self._looks.told(group, within)
        found = list(self._looks.told(person, within))
        if relayed and not found:
            for one in self._store.people.groups():
                near = covers(one.area, person.area) or covers(person.area, one.area)
                if one.state is GroupState.BOUND and near:
                    found += self._looks.told(one, within)
        return sorted(found, key=lambda told: told.at, reverse=True)

    def _was_last(self, told: Sequence[Told], group: Group | None, person: Person) -> bool:
        """Whether the notice was the last thing that the bot said here."""
        if not told:
            return False
        channel, chat, user = (
            (group.channel, group.chat, "") if group else (person.channel, "", person.user)
        )
        rows = [
            row
            for row in self._store.outbox.recent(channel, chat, user, 20)
            if row.cause != told[0].run or row.rich is None
        ]
        return bool(rows) and rows[-1].cause == told[0].run


def _same(quote: str, text: str) -> bool:
    """Platforms cut what is quoted, and some write who said it in front."""
    words = "".join(quote.split()).rstrip("….")
    beginning = "".join(text.split())[:12]
    return beginning != "" and beginning in words
