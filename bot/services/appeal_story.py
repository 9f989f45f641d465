"""One matter from its first word to its last: what was done, by whom, and who was told what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from bot.errors import NotFound
from bot.models import CONSOLE, Appeal, Delivery, Event, Media, Note, Outgoing, Person
from bot.ports import Store
from bot.rules.appeal_flow import OPEN, Act
from bot.rules.appeal_steps import offered
from bot.rules.permissions import STAFF, covers
from bot.rules.taxonomy import Category
from bot.services.appeals import AppealsService
from bot.services.desk import DeskService
from bot.services.history import aside, subject
from bot.services.knowledge import Knowledge
from bot.services.media import THERE
from bot.services.related import SAME_WITHIN, alike

_SIMILAR = 5


class Told(Struct, frozen=True):
    """What somebody was told, and whether it arrived."""

    receiver: str
    text: str
    state: Delivery
    asker: bool = False


class Chapter(Struct, frozen=True):
    """A line of the history, with who did it and who was told of it."""

    event: Event
    who: str
    told: tuple[Told, ...]


class Remark(Struct, frozen=True):
    """An internal remark and its author's name."""

    note: Note
    who: str


class Story(Struct, frozen=True, kw_only=True):
    """Everything about a matter that one who may see it sees.

    `moved` is the id of the line that brought it to where it stands.
    """

    appeal: Appeal
    category: Category
    asker: Person | None
    handler: str
    group: str
    chapters: Sequence[Chapter]
    remarks: Sequence[Remark]
    media: Sequence[Media]
    parent: Appeal | None
    head: Appeal | None
    below: Sequence[Appeal]
    merged: Sequence[Appeal]
    similar: Sequence[Appeal]
    supporters: int
    moved: str


class StoryService:
    """Looking at one matter, within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._undo_within = knowledge.undo_within
        self._now = now
        self._appeals = AppealsService(store, knowledge, now)
        self._desk = DeskService(store, knowledge, now)

    def find(self, number: str, person: Person) -> Appeal:
        """A matter by its full number. Raises `NotFound` for what a person may not see."""
        appeal = self._store.appeals.by_number(number)
        if appeal is None or not self._appeals.may_see(appeal, person, None):
            raise NotFound(number)
        return appeal

    def story(self, appeal: Appeal, person: Person) -> Story:
        """The whole of it."""
        history = self._appeals.history(appeal)
        above = self._store.appeals.get(appeal.parent) if appeal.parent else None
        head = self._desk.head(appeal) if appeal.merged_into else None
        return Story(
            appeal=appeal,
            category=self._appeals.category(appeal),
            asker=self._store.people.by_id(appeal.reporter),
            handler=self._name(appeal.handler),
            group=self._group(appeal.group),
            chapters=[self._chapter(event, appeal) for event in history],
            remarks=[Remark(n, self._name(n.author)) for n in self._store.notes.of(appeal.id)],
            media=self._store.media.of(subject(appeal), THERE),
            parent=above,
            head=head,
            below=self._store.appeals.below(appeal.id),
            merged=self._store.appeals.merged_into(appeal.id),
            similar=[a for a in self._similar(appeal) if self._appeals.may_see(a, person, None)],
            supporters=len(self._desk.supporters(appeal)),
            moved=moved(history),
        )

    def since(self, appeal: Appeal, seen: str) -> Sequence[Chapter]:
        """What was done to a matter behind the line that somebody saw last."""
        later = [e for e in self._appeals.history(appeal) if e.id > seen and not aside(e)]
        return [self._chapter(event, appeal) for event in later]

    def acted(self, appeal: Appeal, cause: str) -> bool:
        """Whether a message did something to a matter."""
        events = self._store.events.caused_by(cause)
        return any(event.subject == subject(appeal) for event in events)

    def steps(self, appeal: Appeal, person: Person) -> tuple[Act, ...]:
        """What somebody may do to a matter as it stands, the likeliest first."""
        return offered(appeal, self._desk.standing(appeal, person))

    def in_charge(self, area: str) -> Sequence[Person]:
        """Everybody on staff who may be given a matter of an area, the nearest first."""
        staff = [p for p in self._store.people.staff() if p.role in STAFF and covers(p.area, area)]
        return sorted(staff, key=lambda p: (-len(p.area), p.name))

    def of_media(self, media: Media, person: Person) -> Appeal:
        """The matter that a picture belongs to. Raises `NotFound` for whoever may not see it."""
        kind, _, id_ = media.subject.partition(":")
        appeal = self._store.appeals.get(id_) if kind == "appeal" else None
        if appeal is None or not self._appeals.may_see(appeal, person, None):
            raise NotFound(media.id)
        return appeal

    def _chapter(self, event: Event, appeal: Appeal) -> Chapter:
        by_message = event.cause not in {"", CONSOLE}
        rows = self._store.outbox.caused_by(event.cause) if by_message else ()
        told = [self._told(row, appeal) for row in rows if not self._is_reply(row, event)]
        return Chapter(event, self._name(event.actor), tuple(told))

    def _is_reply(self, row: Outgoing, event: Event) -> bool:
        """Whether it only told the one who did it that it is done."""
        person = None if row.chat else self._store.people.person(row.channel, row.user)
        return person is not None and person.id == event.actor and event.action != Act.RECORD

    def _told(self, row: Outgoing, appeal: Appeal) -> Told:
        if row.chat:
            group = self._store.people.group(row.channel, row.chat)
            return Told("群" if group is None else group.name, row.text, row.state)
        person = self._store.people.person(row.channel, row.user)
        name = "本人" if person is None else person.name
        asker = person is not None and person.id == appeal.reporter
        return Told(f"反映人{name}" if asker else name, row.text, row.state, asker)

    def _similar(self, appeal: Appeal) -> Sequence[Appeal]:
        """Open ones of the same kind at the same building that tell the same."""
        if not appeal.place.building or appeal.state not in OPEN:
            return []
        since = appeal.created_at - SAME_WITHIN
        told = self._store.appeals.told_at(
            appeal.group, appeal.place.building, appeal.category, since
        )
        return [
            other
            for other in told
            if other.id != appeal.id
            and other.state in OPEN
            and alike(other.summary, appeal.summary, appeal.place)
        ][:_SIMILAR]

    def undoable(self, appeal: Appeal, person: Person) -> str:
        """One's own last step, if it was on this matter, lately, and nobody acted after it; else
        empty.
        """
        last = self._store.events.last_by(person.id, self._now - self._undo_within)
        if last is None or last.subject != subject(appeal) or last.action == Act.UNDO:
            return ""
        history = self._appeals.history(appeal)
        later = [e for e in history if e.id > last.id and not aside(e)]
        return "" if later else last.action

    def _name(self, person: str) -> str:
        found = self._store.people.by_id(person) if person else None
        return "" if found is None else found.name

    def _group(self, group: str) -> str:
        found = self._store.people.group_by_id(group) if group else None
        return "" if found is None else found.name


def moved(history: Sequence[Event]) -> str:
    """The id of the last line that is no side remark."""
    return next((event.id for event in reversed(history) if not aside(event)), "")
