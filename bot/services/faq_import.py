"""A whole file for the bank: looked at first, then brought in, all of it or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from bot.errors import ImportFault
from bot.models import FaqEntry, Person
from bot.ports import Store
from bot.services.audit import AuditService
from bot.services.faq_desk import FaqDesk
from bot.services.faq_table import Line

MOST = 50_000


class Replacement(Struct, frozen=True):
    """An entry that the file has otherwise."""

    before: FaqEntry
    after: FaqEntry


class Plan(Struct, frozen=True):
    """What a file would do. `same` counts the rows that change nothing."""

    fresh: tuple[FaqEntry, ...]
    changed: tuple[Replacement, ...]
    same: int

    @property
    def stamp(self) -> str:
        """Changes whenever what would be done does."""
        told = msgspec.json.encode((self.fresh, self.changed))
        return hashlib.sha256(told).hexdigest()[:16]

    @property
    def count(self) -> int:
        """How many entries are written."""
        return len(self.fresh) + len(self.changed)


class FaqImports:
    """Files for the bank within one transaction."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._desk = FaqDesk(store, now)
        self._audit = AuditService(store, now)

    def plan(self, lines: Sequence[Line], person: Person) -> Plan:
        """What these rows would do in somebody's name.

        Raises `ImportFault` naming every row that is not theirs to write.
        """
        known = {entry.id: entry for entry in self._store.faq.entries()}
        allowed: dict[str, bool] = {}
        faults, fresh, changed, same = [], [], [], 0

        def may_write(area: str) -> bool:
            if area not in allowed:
                allowed[area] = self._desk.may_write(area, person)
            return allowed[area]

        for line in lines:
            entry, before = line.entry, known.get(line.entry.id)
            if entry == before:
                same += 1
            elif before is not None and not may_write(before.area):
                faults.append(
                    f"第{line.number}行：编号「{entry.id}」已经是别处的一条，请换一个编号。"
                )
            elif not may_write(entry.area):
                faults.append(f"第{line.number}行：区域「{entry.area or '全部'}」不归您管。")
            elif before is None:
                fresh.append(entry)
            else:
                changed.append(Replacement(before, entry))
        if faults:
            raise ImportFault(faults)
        return Plan(tuple(fresh), tuple(changed), same)

    def apply(self, plan: Plan, person: Person) -> int:
        """Bring it in; how many entries were written."""
        self._desk.take_in(plan.fresh, [(one.before, one.after) for one in plan.changed], person)
        self._audit.imported(person, "faq", plan.count)
        return plan.count

    def export(self, person: Person) -> Sequence[FaqEntry]:
        """The answers that somebody keeps, as a file to take away."""
        search = self._desk.search(person.area)
        found = self._desk.found(search, MOST)
        own = [entry for entry in found if self._desk.may_write(entry.area, person)]
        self._audit.exported(person, "faq", len(own))
        return own
