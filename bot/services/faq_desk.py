"""The bank as its keepers see it: found, written, changed, ended, taken out, put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import msgspec

from bot.errors import DomainError, NotAllowed, NotFound, NotPossible
from bot.models import (
    SHANGHAI,
    AnswerCounts,
    Event,
    FaqEntry,
    FaqSearch,
    Person,
    Validity,
)
from bot.ports import Store
from bot.rules.permissions import STAFF, Deed, covers, may
from bot.services.faq_entries import entry_of, faults_of, stamp, tidy, words_of

SOON = timedelta(days=30)
"""An answer that ends within this is due for a look."""


class FaultyEntry(DomainError):
    """An entry cannot stand like this; `faults` are Chinese sentences by the fields' names."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("\n".join(faults.values()))
        self.faults = dict(faults)


class Overtaken(DomainError):
    """Somebody else changed the entry meanwhile; `entry` is how it stands now."""

    def __init__(self, entry: FaqEntry) -> None:
        super().__init__(entry.id)
        self.entry = entry


class FaqDesk:
    """The bank within one transaction. What is written here answers from the next message on."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    @property
    def today(self) -> str:
        """The day in Shanghai, ISO."""
        return self._now.astimezone(SHANGHAI).date().isoformat()

    def search(self, area: str, words: str = "", **fields: object) -> FaqSearch:
        """What to look for in an area's bank; `fields` are those of `FaqSearch`."""
        soon = (self._now.astimezone(SHANGHAI).date() + SOON).isoformat()
        told = {"area": area, "words": tuple(words.split()[:8]), "day": self.today, "soon": soon}
        return msgspec.convert(told | fields, FaqSearch)

    def found(self, search: FaqSearch, limit: int, skip: int = 0) -> Sequence[FaqEntry]:
        """Some of what is looked for."""
        return self._store.faq.found(search, limit, skip)

    def counts(self, search: FaqSearch) -> Mapping[Validity, int]:
        """How many there are of each validity."""
        return self._store.faq.counts(search)

    def tags(self, person: Person) -> Sequence[str]:
        """The tags that are in use."""
        return self._store.faq.tags(person.area)

    def areas(self, person: Person) -> Sequence[str]:
        """The areas that entries name."""
        return self._store.faq.areas(person.area)

    def answered(self, entries: Sequence[FaqEntry], person: Person) -> Mapping[str, AnswerCounts]:
        """How often entries were said in somebody's area, and what people thought."""
        return self._store.questions.answered([entry.id for entry in entries], person.area)

    def validity(self, entry: FaqEntry) -> Validity:
        """Whether it is said today."""
        if entry.valid_until and entry.valid_until < self.today:
            return Validity.EXPIRED
        if entry.valid_from > self.today:
            return Validity.COMING
        soon = (self._now.astimezone(SHANGHAI).date() + SOON).isoformat()
        return Validity.EXPIRING if "" < entry.valid_until <= soon else Validity.CURRENT

    def get(self, entry: str, person: Person) -> FaqEntry:
        """An entry that holds in somebody's area. Raises `NotFound`."""
        found = self._store.faq.get(entry)
        if found is None or not _concerns(found.area, person):
            raise NotFound(entry)
        return found

    def may_write(self, area: str, person: Person) -> bool:
        """Whether somebody keeps the answers of an area. Those for everywhere are kept by whoever
        is in charge of all groups that there are."""
        if not may(person.role, Deed.APPROVE):
            return False
        if area:
            return covers(person.area, area)
        return all(covers(person.area, group.area) for group in self._store.people.groups())

    def check(self, wanted: FaqEntry) -> FaqEntry:
        """The entry as it would be kept. Raises `FaultyEntry`."""
        entry = tidy(wanted, self.today)
        faults = faults_of(entry)
        if faults:
            raise FaultyEntry(faults)
        return entry

    def create(self, wanted: FaqEntry, actor: Person, cause: str = "") -> FaqEntry:
        """A new entry; its id is made here. Raises `NotAllowed`, `FaultyEntry`."""
        entry = self._checked(msgspec.structs.replace(wanted, id=self._new_id()), actor)
        return self._keep(None, entry, actor, "新增问答", cause)

    def change(self, wanted: FaqEntry, based_on: str, actor: Person, cause: str = "") -> FaqEntry:
        """Other words, days or areas. `based_on` is the `stamp` of what the writer saw.

        Raises `NotFound`, `NotAllowed`, `FaultyEntry`, `Overtaken`.
        """
        before = self._own(wanted.id, actor)
        entry = self._checked(wanted, actor)
        if stamp(before) != based_on:
            raise Overtaken(before)
        return self._keep(before, entry, actor, "修改问答", cause)

    def phrase(self, entry: str, texts: Sequence[str], actor: Person, cause: str = "") -> FaqEntry:
        """Other ways to ask for an entry. Raises `NotFound`, `NotAllowed`, `FaultyEntry`."""
        before = self._own(entry, actor)
        known = {before.question, *before.phrasings}
        more = [text for text in dict.fromkeys(texts) if text not in known]
        if not more:
            return before
        wanted = msgspec.structs.replace(before, phrasings=(*before.phrasings, *more))
        return self._keep(before, self._checked(wanted, actor), actor, "补充问法", cause)

    def expire(self, entry: str, actor: Person, cause: str = "") -> FaqEntry:
        """It is not said any more from now on. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        before = self._own(entry, actor)
        if self.validity(before) is Validity.EXPIRED:
            raise NotPossible("这条早就停用了。")
        yesterday = (date.fromisoformat(self.today) - timedelta(days=1)).isoformat()
        begins = "" if before.valid_from > yesterday else before.valid_from
        ended = msgspec.structs.replace(before, valid_from=begins, valid_until=yesterday)
        return self._keep(before, ended, actor, "停用问答", cause)

    def remove(self, entry: str, actor: Person, cause: str = "") -> FaqEntry:
        """Out of the bank; `undo` brings it back. Raises `NotFound`, `NotAllowed`."""
        before = self._own(entry, actor)
        self._store.faq.remove(entry)
        self._note(before, None, actor, "删除问答", cause)
        return before

    def take_in(
        self,
        fresh: Sequence[FaqEntry],
        changed: Sequence[tuple[FaqEntry, FaqEntry]],
        actor: Person,
    ) -> None:
        """What a file brings, already looked over: new entries, and others for known ones."""
        self._store.faq.replace([*fresh, *(after for _, after in changed)])
        for entry in fresh:
            self._note(None, entry, actor, "导入问答", "")
        for before, after in changed:
            self._note(before, after, actor, "导入问答", "")

    def undo(self, entry: str, actor: Person, cause: str = "") -> FaqEntry | None:
        """Take the last step on an entry back; what it is then, None when it is gone.

        Raises `NotFound`, `NotAllowed`, `NotPossible` when nothing is to be taken back.
        """
        history = self._store.events.of(f"faq:{entry}")
        last = history[-1] if history else None
        if last is None or last.action == "撤销":
            raise NotPossible("没有能撤销的一步了。")
        now = self._store.faq.get(entry)
        if (now is not None and words_of(now) != last.after) or (now is None and last.after):
            raise NotPossible("这条后来又改过，撤不回来了。请打开这条再改。")
        before = entry_of(entry, last.before) if last.before else None
        for one in (now, before):
            if one is not None and not self.may_write(one.area, actor):
                raise NotAllowed(Deed.APPROVE)
        if before is None:
            self._store.faq.remove(entry)
        else:
            self._store.faq.replace([before])
        self._note(now, before, actor, "撤销", cause)
        return before

    def history(self, entry: str) -> Sequence[Event]:
        """What was done to an entry, the newest first."""
        return list(reversed(self._store.events.of(f"faq:{entry}")))

    def _own(self, entry: str, actor: Person) -> FaqEntry:
        found = self.get(entry, actor)
        if not self.may_write(found.area, actor):
            raise NotAllowed(Deed.APPROVE)
        return found

    def _checked(self, wanted: FaqEntry, actor: Person) -> FaqEntry:
        entry = self.check(wanted)
        if not self.may_write(entry.area, actor):
            raise NotAllowed(Deed.APPROVE)
        return entry

    def _new_id(self) -> str:
        while self._store.faq.get(made := f"WD{self._store.appeals.next_number('faq')}"):
            pass
        return made

    def _keep(
        self, before: FaqEntry | None, entry: FaqEntry, actor: Person, action: str, cause: str
    ) -> FaqEntry:
        self._store.faq.replace([entry])
        self._note(before, entry, actor, action, cause)
        return entry

    def _note(
        self,
        before: FaqEntry | None,
        after: FaqEntry | None,
        actor: Person,
        action: str,
        cause: str,
    ) -> None:
        known = after or before
        assert known is not None  # noqa: S101 - a step is about something
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"faq:{known.id}",
                action=action,
                before={} if before is None else words_of(before),
                after={} if after is None else words_of(after),
                cause=cause,
            )
        )


def _concerns(area: str, person: Person) -> bool:
    """Whether answers of an area are said in somebody's, or in a part of it."""
    if person.role not in STAFF:
        return False
    return area == "" or covers(person.area, area) or covers(area, person.area)
