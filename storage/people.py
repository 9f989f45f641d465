"""Persons and groups."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot.models import Group, GroupState, Listen, Person, Role
from storage.keys import Keyring
from storage.memory import Memory
from storage.savepoints import LazyConnection

COLUMNS = "id, channel, account, name, role, area, unit, serves, home"
_PERSON = "SELECT " + COLUMNS + " FROM people "  # noqa: S608 - a constant
# An account that is another's alias is that other, also when it spoke before it was known as one.
_BY_ACCOUNT = (
    "SELECT id, channel, account, name, role, area, unit, serves, home FROM people WHERE id ="
    " COALESCE("
    "(SELECT person FROM person_aliases WHERE channel = ? AND account = ?),"
    " (SELECT id FROM people WHERE channel = ? AND account = ?))"
)
_GROUP = (
    "SELECT id, channel, chat, name, area, listen, names, state, tags, buildings, places"
    " FROM chat_groups "
)


class SqlitePeople:
    """Implements `bot.ports.People`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._persons: Memory[tuple[str, str], Person] = Memory(connection)
        self._groups: Memory[tuple[str, str], Group] = Memory(connection)

    def person(self, channel: str, user: str) -> Person | None:
        known = self._persons.get((channel, user))
        if known is not None:
            return known
        for row in self._execute(_BY_ACCOUNT, (channel, user, channel, user)):
            known = person_of(row, self._keys)
            self._persons.keep((channel, user), known)
        return known

    def by_id(self, person: str) -> Person | None:
        row = self._execute(_PERSON + "WHERE id = ?", (person,)).fetchone()
        return None if row is None else person_of(row, self._keys)

    def save(self, person: Person) -> None:
        self._execute(
            "INSERT INTO people (id, channel, account, name, role, area, unit, serves, home)"
            " VALUES (?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (channel, account) DO UPDATE SET name = excluded.name,"
            " role = excluded.role, area = excluded.area, unit = excluded.unit,"
            " serves = excluded.serves, home = excluded.home",
            (
                person.id,
                person.channel,
                person.user,
                person.name,
                person.role,
                person.area,
                person.unit,
                "\n".join(person.serves),
                self._keys.close(person.home, f"people.home {person.id}"),
            ),
        )
        self._persons.forget((person.channel, person.user))
        for alias in self.accounts(person.id):
            self._persons.forget(alias)

    def join(self, person: str, accounts: Sequence[tuple[str, str]]) -> None:
        before = self.accounts(person)
        self._execute("DELETE FROM person_aliases WHERE person = ?", (person,))
        for alias in before:
            self._persons.forget(alias)
        for channel, user in accounts:
            self.join_also(person, channel, user)

    def join_also(self, person: str, channel: str, user: str) -> None:
        self._execute(
            "INSERT INTO person_aliases (channel, account, person) VALUES (?,?,?)"
            " ON CONFLICT (channel, account) DO UPDATE SET person = excluded.person",
            (channel, user, person),
        )
        self._persons.forget((channel, user))

    def accounts(self, person: str) -> Sequence[tuple[str, str]]:
        rows = self._execute(
            "SELECT channel, account FROM person_aliases WHERE person = ?", (person,)
        )
        return [(channel, account) for channel, account in rows]

    def forget(self, person: Person) -> None:
        for alias in self.accounts(person.id):
            self._persons.forget(alias)
        self._persons.forget((person.channel, person.user))
        self._execute("DELETE FROM people WHERE id = ?", (person.id,))

    def staff(self) -> Sequence[Person]:
        # Sorted here: told to sort, SQLite would walk through all residents in order of their ids.
        rows = self._execute(_PERSON + "WHERE role <> 'resident'")
        return [person_of(row, self._keys) for row in sorted(rows)]

    def group(self, channel: str, chat: str) -> Group | None:
        known = self._groups.get((channel, chat))
        if known is not None:
            return known
        for row in self._execute(_GROUP + "WHERE channel = ? AND chat = ?", (channel, chat)):
            known = _group(row)
            self._groups.keep((channel, chat), known)
        return known

    def group_by_id(self, group: str) -> Group | None:
        row = self._execute(_GROUP + "WHERE id = ?", (group,)).fetchone()
        return None if row is None else _group(row)

    def save_group(self, group: Group) -> None:
        self._execute(
            "INSERT INTO chat_groups (id, channel, chat, name, area, listen, names, state, tags,"
            " buildings, places) VALUES (?,?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (channel, chat) DO UPDATE SET"
            " name = excluded.name, area = excluded.area, listen = excluded.listen,"
            " names = excluded.names, state = excluded.state, tags = excluded.tags,"
            " buildings = excluded.buildings, places = excluded.places",
            (
                group.id,
                group.channel,
                group.chat,
                group.name,
                group.area,
                group.listen,
                _list(group.names),
                group.state,
                _list(group.tags),
                _list(group.buildings),
                _list(group.places),
            ),
        )
        self._groups.forget((group.channel, group.chat))

    def groups(self) -> Sequence[Group]:
        return [_group(row) for row in self._execute(_GROUP + "ORDER BY id")]

    def residents(self, channel: str) -> Sequence[Person]:
        rows = self._execute(_PERSON + "WHERE channel = ? ORDER BY id", (channel,))
        return [person_of(row, self._keys) for row in rows]


def person_of(row: Sequence[Any], keys: Keyring) -> Person:
    """A person from a row with `COLUMNS`."""
    person, channel, user, name, role, area, unit, serves, home = row
    return Person(
        id=person,
        channel=channel,
        user=user,
        name=name,
        role=Role(role),
        area=area,
        unit=unit,
        serves=tuple(serves.split("\n")) if serves else (),
        home=keys.open(home, f"people.home {person}"),
    )


def _list(words: Sequence[str]) -> str:
    return json.dumps(words, ensure_ascii=False)


def _group(row: Sequence[Any]) -> Group:
    group, channel, chat, name, area, listen, names, state, tags, buildings, places = row
    return Group(
        id=group,
        channel=channel,
        chat=chat,
        name=name,
        area=area,
        listen=Listen(listen),
        names=tuple(json.loads(names)),
        state=GroupState(state),
        tags=tuple(json.loads(tags)),
        buildings=tuple(json.loads(buildings)),
        places=tuple(json.loads(places)),
    )
