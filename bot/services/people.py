"""Who speaks, and who is on duty."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from bot.models import Group, GroupState, Incoming, Person, Role
from bot.ports import Store
from bot.rules.permissions import ON_DUTY, STAFF, covers


class PeopleService:
    """Persons and groups within one transaction."""

    def __init__(self, store: Store, default_area: str = "") -> None:
        self._people = store.people
        self._default_area = default_area

    def speaker(self, incoming: Incoming, group: Group | None, *, keep: bool = True) -> Person:
        """The person behind a message; a stranger becomes a resident of the group's area.

        `keep` False: strangers are not written down.
        """
        person = self._people.person(incoming.channel, incoming.sender)
        if person is not None:
            return self._at_home(self._named(person, incoming.sender_name), group)
        person = Person(
            id=f"{incoming.channel}:{incoming.sender}",
            channel=incoming.channel,
            user=incoming.sender,
            name=incoming.sender_name or incoming.sender,
            area=group.area if group is not None else self._default_area,
        )
        if keep:
            self._people.save(person)
        return person

    def welcome(self, person: Person, group: Group | None) -> None:
        """Keep a new group and the one who spoke first there, unless a handler did."""
        if group is not None and self._people.group(group.channel, group.chat) is None:
            self._people.save_group(group)
        if self._people.person(person.channel, person.user) is None:
            self._people.save(person)

    def _named(self, person: Person, name: str) -> Person:
        """Somebody who was met before the platform told their name has it from now on."""
        if not name or person.name != person.user or person.role is not Role.RESIDENT:
            return person
        named = msgspec.structs.replace(person, name=name)
        self._people.save(named)
        return named

    def _at_home(self, person: Person, group: Group | None) -> Person:
        """A resident who was met before their group had its area lives in that area now."""
        if group is None or person.role is not Role.RESIDENT or person.area == group.area:
            return person
        if person.area and not covers(person.area, group.area):
            return person
        settled = msgspec.structs.replace(person, area=group.area)
        self._people.save(settled)
        return settled

    def on_duty(self, area: str) -> Sequence[Person]:
        """Stewards and grid leads of an area; without any, the nearest staff above it."""
        staff = [p for p in self._people.staff() if covers(p.area, area)]
        first = [p for p in staff if p.role in ON_DUTY]
        return first or [p for p in staff if p.role in STAFF]

    def with_roles(self, roles: Sequence[Role], area: str) -> Sequence[Person]:
        """Everybody with one of these roles in charge of an area: the nearest alone.

        Somebody of the very micro-grid comes before somebody of the whole community.
        """
        found = [p for p in self._people.staff() if p.role in roles and covers(p.area, area)]
        depth = max((len(p.area) for p in found), default=0)
        return [p for p in found if len(p.area) == depth]

    def staff_called(self, name: str, area: str, *, exact: bool) -> Sequence[Person]:
        """Staff in charge of an area by name; not `exact`: also by a part of it (小吴)."""
        staff = [p for p in self._people.staff() if p.role in STAFF and covers(p.area, area)]
        whole = [p for p in staff if p.name == name]
        if whole or exact:
            return whole
        return [p for p in staff if name in p.name or p.name in name]

    def group_areas(self) -> Sequence[str]:
        """Where there are groups that are bound, in order."""
        groups = self._people.groups()
        return sorted({group.area for group in groups if group.state is GroupState.BOUND})

    def group_name(self, group: str) -> str:
        """What a group is called; empty when there is none."""
        found = self._people.group_by_id(group) if group else None
        return "" if found is None else found.name

    def by_id(self, person: str) -> Person | None:
        """A person by our id."""
        return self._people.by_id(person)

    def known(self, channel: str, user: str) -> Person | None:
        """A person by the platform's id of them, or of another account of theirs."""
        return self._people.person(channel, user)

    def group(self, channel: str, chat: str) -> Group | None:
        """A group by the platform's id of it."""
        return self._people.group(channel, chat)

    def group_by_id(self, group: str) -> Group | None:
        """A group by our id."""
        return self._people.group_by_id(group)

    def is_group(self, name: str) -> bool:
        """Whether any group is called so."""
        return any(group.name == name for group in self._people.groups())

    def home_group(self, person: Person) -> Group | None:
        """The group of a person's own micro-grid, when there is exactly one."""
        own = [group for group in self._people.groups() if group.area == person.area]
        return own[0] if len(own) == 1 else None
