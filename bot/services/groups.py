"""Where chat groups belong, and how the bot listens in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.errors import Ambiguous, NotAllowed, NotFound, NotPossible
from bot.language.text import normalise
from bot.models import Event, Group, GroupState, Listen, Person
from bot.ports import Store
from bot.rules.appeal_flow import OPEN
from bot.rules.permissions import STAFF, Deed, covers, may

_MOST_MOVED = 500


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

    def undo(self, event: Event, actor: Person, cause: str) -> Group:
        """Take back one's own last step. Raises `NotPossible` when somebody acted after it."""
        group = self._store.people.group_by_id(event.subject.partition(":")[2])
        if group is None or self._store.events.of(event.subject)[-1].id != event.id:
            raise NotPossible("这个群后来又有人改过，撤不回来了。")
        restored = msgspec.structs.replace(
            group,
            area=event.before["area"],
            listen=Listen(event.before["listen"]),
            state=GroupState(event.before["state"]),
        )
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
    return {"area": group.area, "state": group.state, "listen": group.listen}


def _touches(person: Person, group: Group) -> bool:
    return covers(person.area, group.area) or covers(group.area, person.area)


def _is_listed(person: Person, group: Group) -> bool:
    if group.state is GroupState.PENDING:
        return _touches(person, group)
    return covers(person.area, group.area)
