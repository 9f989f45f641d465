"""Looking people up by where they belong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from bot.models import Crowd, PeoplePage, Role, Search
from storage.keys import Keyring
from storage.people import COLUMNS, person_of
from storage.savepoints import LazyConnection

# Nothing but constants is put into the statements below; values are bound.
# The range finds the rows by index; it alone would take 第1微网格2 for a part of 第1微网格.
_BELOW = "area >= ? AND area < ? AND (area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
_ALONE = (
    " AND NOT EXISTS (SELECT 1 FROM person_aliases a"
    " WHERE a.channel = people.channel AND a.account = people.account)"
)
_STAFF = " AND role <> 'resident'"
_HOLDS = " AND (name LIKE ? ESCAPE '!' OR account LIKE ? ESCAPE '!' OR unit LIKE ? ESCAPE '!')"
_RANKS = " ".join(f"WHEN '{role}' THEN {-rank}" for rank, role in enumerate(Role))
_SLOTS = ("", *("(" + ",".join("?" * count) + ")" for count in range(1, len(Role) + 1)))
# Few rows are sorted by rank; many are taken as the index has them.
_BY_RANK = f" ORDER BY area, CASE role {_RANKS} END, name, id"
_AS_STORED = " ORDER BY area, role, name"
# Every area between, also those that only begin alike: there are few, they are left out afterwards.
_COUNTS = "SELECT area, role, COUNT(*) FROM people WHERE area >= ? AND area < ? GROUP BY area, role"
_JOINED = (
    "SELECT p.area, p.role, COUNT(*) FROM person_aliases a"
    " JOIN people p ON p.channel = a.channel AND p.account = a.account"
    " WHERE a.person <> p.id GROUP BY p.area, p.role"
)
_OPEN = "state <> 'closed'"
_GROUPS = "SELECT area, COUNT(*) FROM chat_groups WHERE " + _BELOW + " AND " + _OPEN  # noqa: S608
_GROUPS += " GROUP BY area"
_PEOPLE = "SELECT " + COLUMNS + " FROM people WHERE " + _BELOW + _ALONE  # noqa: S608


class SqliteDirectory:
    """Implements `bot.ports.Directory`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def crowds(self, area: str) -> Sequence[Crowd]:
        people: dict[str, dict[Role, int]] = defaultdict(dict)
        for where, role, count in self._execute(_COUNTS, _below(area)[:2]):
            if where == area or where.startswith(area + "/"):
                people[where][Role(role)] = count
        for where, role, count in self._execute(_JOINED):
            if where in people:
                people[where][Role(role)] -= count
        groups = dict(self._execute(_GROUPS, _below(area)).fetchall())
        return [
            Crowd(area=where, groups=groups.get(where, 0), people=dict(people.get(where, {})))
            for where in sorted({*people, *groups})
        ]

    def found(self, search: Search, *, limit: int, offset: int) -> PeoplePage:
        query, values = _PEOPLE, list(_below(search.area))
        if search.roles:
            query += " AND role IN " + _SLOTS[len(search.roles)]
            values += search.roles
        if search.roles and Role.RESIDENT not in search.roles:
            query += _STAFF  # said outright, so that the small index of staff is taken
        if search.text:
            query += _HOLDS
            values += [_holding(search.text)] * 3
        many = not search.text and (not search.roles or Role.RESIDENT in search.roles)
        query += (_AS_STORED if many else _BY_RANK) + " LIMIT ? OFFSET ?"
        rows = self._execute(query, (*values, limit + 1, offset)).fetchall()
        people = tuple(person_of(row, self._keys) for row in rows[:limit])
        return PeoplePage(people=people, more=len(rows) > limit)


def _below(area: str) -> tuple[Any, ...]:
    """`0` is the sign behind `/`: everything below an area lies before it."""
    return (area, area + "0", area, area, area)


def _holding(text: str) -> str:
    for sign in "!%_":
        text = text.replace(sign, "!" + sign)
    return f"%{text}%"
