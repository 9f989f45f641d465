"""Files of people, groups and units: looked at first, then brought in, all of it or nothing.

Who is in the file already is brought up to date, never doubled; who is not in it stays as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from bot.errors import ImportFault
from bot.models import CONSOLE, Group, GroupState, Listen, Person, Role, Search
from bot.ports import Store
from bot.rules.permissions import ROLE_NAMES, covers, may_give
from bot.services.audit import AuditService, door_of
from bot.services.footing import Footing, snapshot, version
from bot.services.groups import Description, GroupsService
from bot.services.roster_table import (
    HEADERS,
    LISTENS,
    GroupRow,
    Kind,
    PersonRow,
    Roster,
)
from bot.services.staff import StaffService
from bot.services.units import UnitsService, units_of

EXPORT_MOST = 20_000


class Change(Struct, frozen=True):
    """One row that does something: what it is about, and the fields that differ (old, new)."""

    kind: Kind
    row: int
    name: str
    fresh: bool
    fields: tuple[tuple[str, str, str], ...]


class Plan(Struct, frozen=True):
    """What a file would do; `same` counts the rows that change nothing."""

    changes: tuple[Change, ...]
    same: int

    @property
    def stamp(self) -> str:
        """Changes whenever what would be done does."""
        return hashlib.sha256(msgspec.json.encode(self.changes)).hexdigest()[:16]


class RosterService:
    """One transaction with a file."""

    def __init__(self, store: Store, now: datetime, cause: str = "") -> None:
        self._store = store
        self._staff = StaffService(store, now, cause)
        self._groups = GroupsService(store, now)
        self._units = UnitsService(store, now, cause)
        self._audit = AuditService(store, now, door_of(cause))
        self._cause = cause

    def plan(self, roster: Roster, actor: Person) -> Plan:
        """Raises `ImportFault` naming every row that is not this person's to write."""
        faults: list[str] = []
        changes: list[Change] = []
        for row in roster.people:
            known = self._store.people.person(row.channel, row.user)
            faults += _person_faults(row, known, actor)
            changes += _person_change(row, known)
        for group in roster.groups:
            found = self._store.people.group(group.channel, group.chat)
            faults += _group_faults(group, found, actor)
            changes += _group_change(group, found)
        units = units_of(self._store)
        for one in roster.units:
            before = units.get(one.unit.name)
            old = {} if before is None else {"电话": before.phone, "说明": before.note}
            new = {"电话": one.unit.phone, "说明": one.unit.note}
            changes += _change(Kind.UNITS, one.row, one.unit.name, old, new, before is None)
        if faults:
            raise ImportFault(faults)
        total = len(roster.people) + len(roster.groups) + len(roster.units)
        return Plan(tuple(changes), total - len(changes))

    def apply(self, roster: Roster, actor: Person) -> int:
        """Bring it in; how many rows changed something. Call `plan` before, in the same
        transaction.
        """
        count = 0
        for row in roster.people:
            count += self._bring_person(row, actor)
        for group in roster.groups:
            count += self._bring_group(group, actor)
        units = units_of(self._store)
        count += sum(units.get(one.unit.name) != one.unit for one in roster.units)
        self._units.put([one.unit for one in roster.units], actor)
        self._audit.imported(actor, "roster", count)
        return count

    def export(self, actor: Person) -> Mapping[Kind, Sequence[Sequence[str]]]:
        """All of one's own range, residents left out; written down as taken away."""
        roles = tuple(role for role in Role if role is not Role.RESIDENT)
        search = Search(area=actor.area, roles=roles)
        people = self._staff.listed(search, EXPORT_MOST).people
        rows: dict[Kind, Sequence[Sequence[str]]] = {
            Kind.PEOPLE: [_person_cells(one) for one in people if one.channel != CONSOLE],
            Kind.GROUPS: [
                _group_cells(group)
                for group in self._store.people.groups()
                if group.state is GroupState.BOUND and covers(actor.area, group.area)
            ],
            Kind.UNITS: [(unit.name, unit.phone, unit.note) for unit in self._units.all()],
        }
        self._audit.exported(actor, "roster", sum(map(len, rows.values())))
        return rows

    def _bring_person(self, row: PersonRow, actor: Person) -> bool:
        known = self._store.people.person(row.channel, row.user)
        if known is None:
            self._staff.add(row.channel, row.user, row.footing, actor)
            return True
        if snapshot(known) == snapshot(row.footing):
            return False
        self._staff.change(known, row.footing, actor, version(known))
        return True

    def _bring_group(self, row: GroupRow, actor: Person) -> bool:
        found = self._store.people.group(row.channel, row.chat)
        changed = bool(_group_change(row, found))
        group = found or Group(
            id=f"{row.channel}:{row.chat}",
            channel=row.channel,
            chat=row.chat,
            name=row.description.name,
            area=row.area,
            state=GroupState.PENDING,
        )
        if group.state is not GroupState.BOUND or group.area != row.area:
            self._groups.bind(group, row.area, actor, self._cause)
        group = self._again(row)
        group = self._groups.describe(group, row.description, actor, self._cause)
        if row.listen is not None:
            self._groups.listen(group, row.listen, actor, self._cause)
        return changed

    def _again(self, row: GroupRow) -> Group:
        found = self._store.people.group(row.channel, row.chat)
        assert found is not None  # noqa: S101 - just bound, or bound before
        return found


def _person_faults(row: PersonRow, known: Person | None, actor: Person) -> list[str]:
    at = f"「{Kind.PEOPLE}」第{row.row}行"
    faults = []
    if not may_give(actor.role, row.footing.role):
        own = ROLE_NAMES[actor.role]
        faults.append(f"{at}「身份」比您的高，最高只能给到{own}，请找街道工作人员来给。")
    if not covers(actor.area, row.footing.area):
        faults.append(f"{at}「网格」不归您管，请写{actor.area}下面的。")
    if known is None:
        return faults
    if not covers(actor.area, known.area) or not may_give(actor.role, known.role):
        faults.append(f"{at}「账号」已经登记在别处，请找那边的社区工作人员来改。")
    elif known.id == actor.id and snapshot(known) != snapshot(row.footing):
        faults.append(f"{at}「账号」是您自己，不能改自己的身份，请删掉这一行。")
    return faults


def _group_faults(row: GroupRow, found: Group | None, actor: Person) -> list[str]:
    at = f"「{Kind.GROUPS}」第{row.row}行"
    faults = []
    if not covers(actor.area, row.area):
        faults.append(f"{at}「网格」不归您管，请写{actor.area}下面的。")
    placed = found is not None and found.state is not GroupState.PENDING
    if found is not None and placed and not covers(actor.area, found.area):
        faults.append(f"{at}「群号」已经绑在别处，请找那边的社区工作人员来改。")
    return faults


def _person_change(row: PersonRow, known: Person | None) -> list[Change]:
    old = {} if known is None else _shown(known)
    return _change(Kind.PEOPLE, row.row, row.footing.name, old, _shown(row.footing), known is None)


def _shown(one: Person | Footing) -> dict[str, str]:
    told = snapshot(one)
    return {
        "姓名": told["name"],
        "身份": ROLE_NAMES[Role(told["role"])],
        "网格": told["area"],
        "单位": told["unit"],
        "能帮的事": told["serves"],
        "楼幢": told["home"],
    }


def _group_change(row: GroupRow, found: Group | None) -> list[Change]:
    listen = row.listen or (Listen.ALL if found is None else found.listen)
    new = {"网格": row.area, "听法": LISTENS[listen], **_described(row.description)}
    old: dict[str, str] = {}
    if found is not None:
        old = {"网格": found.area, "听法": LISTENS[found.listen], **_described(found)}
        if found.state is not GroupState.BOUND:
            old["网格"] = ""
    return _change(Kind.GROUPS, row.row, row.description.name, old, new, found is None)


def _described(one: Group | Description) -> dict[str, str]:
    return {
        "群名": one.name,
        "管哪些楼": "、".join(one.buildings),
        "标签": "、".join(one.tags),
        "叫法": "、".join(one.names),
        "地名": "、".join(one.places),
    }


def _change(
    kind: Kind, row: int, name: str, old: Mapping[str, str], new: Mapping[str, str], fresh: bool
) -> list[Change]:
    fields = tuple((n, old.get(n, ""), text) for n, text in new.items() if old.get(n, "") != text)
    return [Change(kind, row, name, fresh, fields)] if fields or fresh else []


def _person_cells(one: Person) -> Sequence[str]:
    return (one.channel, one.user, *_shown(one).values())


def _group_cells(group: Group) -> Sequence[str]:
    told = _described(group)
    listen = LISTENS[group.listen]
    return (
        *(group.channel, group.chat, group.name, group.area, listen),
        *(told[name] for name in HEADERS[Kind.GROUPS][5:]),
    )
