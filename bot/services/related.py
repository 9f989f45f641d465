"""Which known matter a message is about: what was just said here, the same fault, one's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from bot.language.intents import judge
from bot.models import Appeal, Audience, Group, Incoming, Kind, Person, Place, State
from bot.ports import Store
from bot.rules.appeal_flow import OPEN, Act

JOIN_WITHIN: Final = timedelta(hours=24)
SAME_WITHIN: Final = timedelta(days=30)
LOOK_BACK: Final = 12
ALIKE: Final = 55.0
"""Of 100, compared without the place: 楼道灯不亮 and 楼道灯坏了 have 60, 门禁坏了 and 路灯坏了
50."""

# What every building has says nothing about whether it is the same matter.
_EVERYWHERE = frozenset(
    {
        *("门口", "楼道", "单元", "走廊", "过道", "楼栋", "通道"),
        *("楼上", "楼下", "隔壁", "出口", "入口", "楼梯"),
    }
)
_STARTS = frozenset({Act.RECORD, Act.SUPPLY, Act.SUPPORT})
_ENDED = (State.DONE, State.STRUCK)


class RelatedService:
    """Looking things up within one transaction; nothing is changed."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def just_said(self, incoming: Incoming, is_echo: Sequence[str]) -> Appeal | None:
        """The appeal that the talk in this chat is about right now: the last message before this
        one that was not an echo recorded it, or joined it, within a day.

        `is_echo` are ids of messages to look through.
        """
        recent = self._store.inbox.recent(incoming.channel, incoming.chat, "", LOOK_BACK)
        for message, earlier in reversed(recent):
            if earlier.message_id == incoming.message_id and earlier.sender == incoming.sender:
                continue
            appeal = self._begun_by(message)
            if appeal is not None or message not in is_echo:
                return appeal
        return None

    def recent(self, incoming: Incoming) -> Sequence[tuple[str, str]]:
        """The newest messages of this chat as (id, text), oldest first."""
        found = self._store.inbox.recent(incoming.channel, incoming.chat, "", LOOK_BACK)
        return [(message, earlier.text) for message, earlier in found]

    def last_recorded(self, incoming: Incoming, within: timedelta) -> Appeal | None:
        """What was recorded in this chat last, if it is still open."""
        recent = self._store.inbox.recent(incoming.channel, incoming.chat, "", LOOK_BACK)
        for message, earlier in reversed(recent):
            appeal = self._begun_by(message)
            if appeal is not None and earlier.sent_at >= self._now - within:
                return appeal if appeal.state in OPEN else None
        return None

    def twin(self, group: Group, category: str, place: Place, summary: str) -> Appeal | None:
        """An open public appeal of the group about the same fault at the same building."""
        if not place.building:
            return None
        since = self._now - SAME_WITHIN
        for appeal in self._store.appeals.told_at(group.id, place.building, category, since):
            known = appeal.audience is Audience.PUBLIC and appeal.kind is Kind.APPEAL
            if appeal.state in OPEN and known and alike(summary, appeal.summary, place):
                return appeal
        return None

    def own(self, person: Person, text: str, *, ended: bool) -> Sequence[Appeal]:
        """A person's own matters of the last month that words speak of, newest first; all of them
        when the words name nothing."""
        states = _ENDED if ended else (*OPEN, *_ENDED)
        found = self._store.appeals.reported_by(person.id, states, 20)
        since = self._now - SAME_WITHIN
        recent = [a for a in found if (a.closed_at or self._now) >= since]
        named = things(text)
        about = [a for a in recent if _speaks_of(a, named) or _names_place(text, a)]
        return about or ([] if named else recent)

    def _begun_by(self, message: str) -> Appeal | None:
        for event in self._store.events.caused_by(message):
            if event.action in _STARTS and event.subject.startswith("appeal:"):
                appeal = self._store.appeals.get(event.subject.partition(":")[2])
                if appeal is not None and event.at >= self._now - JOIN_WITHIN:
                    return appeal
        return None


def alike(one: str, other: str, place: Place) -> bool:
    """Whether two summaries tell the same: of one thing, or in like words without the place."""
    if things(one) and things(other):
        return _share(things(one) - _EVERYWHERE, things(other) - _EVERYWHERE)
    return fuzz.ratio(_bare(one, place), _bare(other, place)) >= ALIKE


@lru_cache(maxsize=2048)
def things(text: str) -> frozenset[str]:
    """What is spoken of: 路灯, 门禁."""
    clues = judge(text).evidence
    return frozenset(clue[3:-1] for clue in clues if clue.startswith("事物「"))


def _share(some: Iterable[str], others: Collection[str]) -> bool:
    """Whether a thing is in both, also as a part: 灯 and 路灯."""
    return any(one in other or other in one for one in some for other in others)


def _bare(summary: str, place: Place) -> str:
    for part in (place.building, place.unit, place.room, place.spot):
        summary = summary.replace(part, "") if part else summary
    return summary


def _speaks_of(appeal: Appeal, named: frozenset[str]) -> bool:
    return any(word in appeal.summary for word in named) or _share(named, things(appeal.summary))


def _names_place(text: str, appeal: Appeal) -> bool:
    return appeal.place.building != "" and appeal.place.building in text
