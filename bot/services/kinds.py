"""Single kinds of matters changed by hand: unit, urgency, term, what may be public, which track."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from bot.errors import ImportFault, NotAllowed, NotFound, NotPossible, Overtaken
from bot.models import Event, Person
from bot.ports import Store
from bot.rules.permissions import Deed, may
from bot.rules.taxonomy import Category, Taxonomy
from bot.services.tables import Tables, changed_kinds, save_kinds, taxonomy_in, taxonomy_of
from bot.services.taxonomy_csv import cells_of, read_category

CHANGED, RESET, UNDONE = "改分类", "恢复自带", "撤销"
EDITED = (
    *("名称", "简称", "负责单位", "后续单位", "紧急程度", "首次回应", "办理期限"),
    *("公开", "轨道", "地点", "关键词"),
)
"""The columns that a page changes; a code is for ever."""


class Kind(Struct, frozen=True):
    """A kind as it is in force, and as it came; `changed` are the columns that differ."""

    now: Category
    came: Category
    changed: tuple[str, ...]

    @property
    def code(self) -> str:
        """Its code."""
        return self.now.code


class KindsService:
    """The table of kinds within one transaction."""

    def __init__(self, store: Store, tables: Tables, now: datetime, cause: str = "") -> None:
        self._store = store
        self._tables = tables
        self._now = now
        self._cause = cause

    def all(self) -> Sequence[Kind]:
        """In the order of the table."""
        base = {one.code: one for one in self._base().all}
        return [_kind(one, base[one.code]) for one in self._in_force().all]

    def get(self, code: str) -> Kind:
        """Raises `NotFound`."""
        found = next((kind for kind in self.all() if kind.code == code), None)
        if found is None:
            raise NotFound(code)
        return found

    def history(self, code: str) -> Sequence[Event]:
        """What was done about a kind, the newest first."""
        return self._store.events.of(f"kind:{code}")[::-1]

    def save(self, code: str, cells: Mapping[str, str], actor: Person, basis: str) -> Kind:
        """Change a kind; matters that were recorded keep their deadlines.

        Raises `Overtaken` when `basis` is not how it stands now, `NotPossible` for wrong cells.
        """
        self._authorise(actor)
        kind = self.get(code)
        if basis != version(kind.now):
            raise Overtaken("刚才有人改过这一类，请看一眼现在的样子，再决定。")
        wanted = {name: text for name, text in cells.items() if name in EDITED}
        try:
            after = read_category(cells_of(kind.now) | wanted)
        except ImportFault as fault:
            raise NotPossible(fault.faults[0]) from fault
        self._put(kind, after, CHANGED, actor)
        return self.get(code)

    def reset(self, code: str, actor: Person) -> None:
        """As it came."""
        self._authorise(actor)
        kind = self.get(code)
        if not kind.changed:
            raise NotPossible("这一类没有改过，就是自带的样子。")
        self._put(kind, kind.came, RESET, actor)

    def undo(self, code: str, event: str, actor: Person) -> None:
        """Take the last step about a kind back. Raises `NotPossible` when others came after."""
        self._authorise(actor)
        history = self.history(code)
        last = history[0] if history else None
        if last is None or last.id != event or last.action == UNDONE:
            raise NotPossible("后来又有人改过，撤不回来了，请直接改。")
        kind = self.get(code)
        self._put(kind, read_category(cells_of(kind.now) | dict(last.before)), UNDONE, actor)

    def _put(self, kind: Kind, after: Category, action: str, actor: Person) -> None:
        if after == kind.now:
            return
        changed = {**changed_kinds(self._store), kind.code: after}
        kept = {code: one for code, one in changed.items() if one != self._came(code)}
        try:
            Taxonomy(kept.get(one.code, one) for one in self._base().all)
        except ValueError as error:
            raise NotPossible(f"{error}请换一个名字。") from error
        save_kinds(self._store, kept)
        self._tables.refresh(self._store)
        old, new = cells_of(kind.now), cells_of(after)
        names = [name for name in EDITED if old[name] != new[name]]
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"kind:{kind.code}",
                action=action,
                before={name: old[name] for name in names},
                after={name: new[name] for name in names},
                cause=self._cause,
            )
        )

    def _base(self) -> Taxonomy:
        return taxonomy_of(self._store) or self._tables.shipped

    def _in_force(self) -> Taxonomy:
        return taxonomy_in(self._store, self._tables.shipped)

    def _came(self, code: str) -> Category:
        return self._base().get(code)

    def _authorise(self, actor: Person) -> None:
        if not may(actor.role, Deed.MANAGE):
            raise NotAllowed(Deed.MANAGE)


def version(one: Category) -> str:
    """Changes whenever the kind does."""
    return hashlib.sha256(msgspec.json.encode(one)).hexdigest()[:16]


def _kind(now: Category, came: Category) -> Kind:
    old, new = cells_of(came), cells_of(now)
    return Kind(now, came, tuple(name for name in EDITED if old[name] != new[name]))
