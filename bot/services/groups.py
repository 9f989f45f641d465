"""Where chat groups belong, and how the bot listens in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from bot.errors import Ambiguous, Faulty, NotAllowed, NotFound, NotPossible, Overtaken
from bot.language.text import normalise
from bot.models import Event, Group, GroupState, Listen, Person
from bot.ports import Store
from bot.rules.appeal_flow import OPEN
from bot.rules.buildings import numbers
from bot.rules.permissions import STAFF, Deed, covers, may

_MOST_MOVED = 500
LONGEST = 40
MOST = 60


class Description(Struct, frozen=True, kw_only=True):
    """What an office says of a group, see `Group`."""

    name: str
    names: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


_DESCRIBED = Description.__struct_fields__


class GroupsService:
    """Steps on groups within one transaction. Every step leaves a line of history."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def areas(self, person: Person) -> Sequence[str]:
        """Every known area that a person is in charge of, in order."""
        return [area for area in self._known() if covers(person.area, area)]

    def find_area(self, words: str, person: Person) -> str:
        """The area that is called so, by its full path or the end of it.

        Raises `NotFound` (no such area), `NotAllowed` (somebody else's), `Ambiguous`.
        """
        wanted = "/".join(normalise(words).replace("/", " ").split())
        named = [area for area in self._known() if f"/{normalise(area)}".endswith(f"/{wanted}")]
        if not wanted or not named:
            raise NotFound(words)
        own = [area for area in named if covers(person.area, area)]
        if not own:
            raise NotAllowed(Deed.BIND)
        if len(own) > 1 and wanted not in own:
            raise Ambiguous(own)
        return wanted if wanted in own else own[0]

    def bind(self, group: Group, area: str, actor: Person, cause: str) -> int:
        """The group belongs to this area now; returns how many open appeals went with it.

        Raises `NotAllowed`.
        """
        self._authorise(actor, area)
        if group.state is GroupState.BOUND:
            self._authorise(actor, group.area)
        bound = msgspec.structs.replace(group, area=area, state=GroupState.BOUND)
        self._save(group, bound, "绑定", actor, cause)
        return self._take_along(group, area)

    def unbind(self, group: Group, actor: Person, cause: str) -> None:
        """The bot is not wanted here. Raises `NotAllowed`, `NotPossible`."""
        self._authorise_group(actor, group)
        if group.state is GroupState.CLOSED:
            raise NotPossible("这个群已经解绑了。")
        closed = msgspec.structs.replace(group, state=GroupState.CLOSED)
        self._save(group, closed, "解绑", actor, cause)

    def listen(self, group: Group, how: Listen, actor: Person, cause: str) -> bool:
        """How much of the talk is heard; False when it is so already. Raises `NotAllowed`."""
        self._authorise(actor, group.area)
        if group.listen is how:
            return False
        changed = msgspec.structs.replace(group, listen=how)
        self._save(group, changed, "听法", actor, cause)
        return True

    def basis(self, group: Group) -> str:
        """What a form about a group is filled in from: its last line of history."""
        history = self.history(group)
        return history[0].id if history else "none"

    def describe(
        self, group: Group, new: Description, actor: Person, cause: str, basis: str = ""
    ) -> Group:
        """What it is called, what notices find it by, what its places are.

        Raises `NotAllowed`, `Faulty`; `Overtaken` when `basis` is not how it stands now.
        """
        self._authorise_group(actor, group)
        if basis and basis != self.basis(group):
            raise Overtaken("刚才有人改过这个群，请看一眼现在的样子，再决定。")
        _check(new)
        described = msgspec.structs.replace(group, **msgspec.structs.asdict(new))
        if described != group:
            self._save(group, described, "改群资料", actor, cause)
        return described

    def within(self, group: str, person: Person) -> Group:
        """A group of one's own area, or one that waits where one could bind it.

        Raises `NotFound`.
        """
        found = self._store.people.group_by_id(group)
        if found is None or not _is_listed(person, found):
            raise NotFound(group)
        return found

    def history(self, group: Group) -> Sequence[Event]:
        """What was done about a group, the newest first."""
        return self._store.events.of(f"group:{group.id}")[::-1]

    def undo(self, event: Event, actor: Person, cause: str) -> Group:
        """Take back one's own last step. Raises `NotPossible` when somebody acted after it."""
        group = self._store.people.group_by_id(event.subject.partition(":")[2])
        if group is None or self._store.events.of(event.subject)[-1].id != event.id:
            raise NotPossible("这个群后来又有人改过，撤不回来了。")
        restored = _restored(group, event.before)
        self._authorise_group(actor, group)
        if restored.state is GroupState.BOUND:
            self._authorise(actor, restored.area)
        self._save(group, restored, "撤销", actor, cause)
        return restored

    def concerned(self, group: Group) -> Sequence[Person]:
        """Staff who could bind a group that waits: in charge of its area, or of a part of it."""
        staff = self._store.people.staff()
        return [person for person in staff if person.role in STAFF and _touches(person, group)]

    def listed(self, person: Person) -> Sequence[Group]:
        """A member of staff's groups, those that wait first. Raises `NotAllowed`."""
        if not may(person.role, Deed.BIND):
            raise NotAllowed(Deed.BIND)
        found = [group for group in self._store.people.groups() if _is_listed(person, group)]
        return sorted(found, key=lambda group: (group.state is not GroupState.PENDING, group.area))

    def _known(self) -> Sequence[str]:
        """Areas of groups and staff, and what lies above them, in order."""
        people = self._store.people
        named = {group.area for group in people.groups()} | {p.area for p in people.staff()}
        found = set()
        for area in named - {""}:
            parts = area.split("/")
            found |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
        return sorted(found)

    def _take_along(self, group: Group, area: str) -> int:
        """Open appeals that were recorded here where the group stood before."""
        moved = [
            appeal
            for appeal in self._store.appeals.listed(
                group=group.id, area="", states=OPEN, limit=_MOST_MOVED
            )
            if appeal.area == group.area != area
        ]
        for appeal in moved:
            self._store.appeals.save(msgspec.structs.replace(appeal, area=area))
        return len(moved)

    def _authorise(self, actor: Person, area: str) -> None:
        if not may(actor.role, Deed.BIND) or not covers(actor.area, area):
            raise NotAllowed(Deed.BIND)

    def _authorise_group(self, actor: Person, group: Group) -> None:
        if not may(actor.role, Deed.BIND) or not _is_listed(actor, group):
            raise NotAllowed(Deed.BIND)

    def _save(self, before: Group, after: Group, action: str, actor: Person, cause: str) -> None:
        self._store.people.save_group(after)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"group:{after.id}",
                action=action,
                before=_snapshot(before),
                after=_snapshot(after),
                cause=cause,
            )
        )


def _snapshot(group: Group) -> dict[str, str]:
    """The fields that a step changes."""
    told = {"area": group.area, "state": group.state.value, "listen": group.listen.value}
    return told | {
        name: "\n".join(value) if isinstance(value, tuple) else str(value)
        for name, value in ((name, getattr(group, name)) for name in _DESCRIBED)
    }


def _restored(group: Group, fields: Mapping[str, str]) -> Group:
    """The group with these fields put back; a line of an older version has three of them."""
    listed = {
        name: tuple(filter(None, fields[name].split("\n")))
        for name in _DESCRIBED
        if name in fields and name != "name"
    }
    return msgspec.structs.replace(
        group,
        area=fields["area"],
        listen=Listen(fields["listen"]),
        state=GroupState(fields["state"]),
        name=fields.get("name", group.name),
        **listed,
    )


def changed_fields(history: Sequence[Event]) -> frozenset[str]:
    """Which fields of a group people have set, so that no file sets them again."""
    changed = {
        name
        for event in history
        for name, value in event.after.items()
        if name in _DESCRIBED and event.before.get(name, value) != value
    }
    return frozenset({"area", "listen", "state", *changed} if history else ())


def _check(new: Description) -> None:
    """Raises `Faulty`."""
    if not new.name.strip():
        raise Faulty("群名")
    words = (*new.names, *new.tags, *new.buildings, *new.places)
    if len(new.name) > LONGEST or any(len(word) > LONGEST for word in words):
        raise Faulty("群名或其中一项", "long")
    if max(map(len, (new.names, new.tags, new.buildings, new.places))) > MOST:
        raise Faulty("其中一栏", "long")
    if any(not numbers([building]) for building in new.buildings):
        raise NotPossible("管哪些楼要写成「3幢」或「21-25幢」，用顿号隔开。")


def _touches(person: Person, group: Group) -> bool:
    return covers(person.area, group.area) or covers(group.area, person.area)


def _is_listed(person: Person, group: Group) -> bool:
    if group.state is GroupState.PENDING:
        return _touches(person, group)
    return covers(person.area, group.area)
