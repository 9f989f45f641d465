"""Units that matters are handed to, beside those that the table of kinds names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot.errors import Faulty, NotAllowed, NotFound, NotPossible, Overtaken
from bot.models import Event, Person, Unit
from bot.ports import Store
from bot.rules.permissions import Deed, may

UNITS = "units"
ADDED, CHANGED, REMOVED, UNDONE = "登记单位", "改单位", "删单位", "撤销"
LONGEST_NAME = 20
LONGEST_PHONE = 20
LONGEST_NOTE = 100
MOST = 500
LATELY = timedelta(minutes=10)


def units_of(store: Store) -> dict[str, Unit]:
    """The community's own units by name. A row that cannot be read is none."""
    rows = store.settings.rows(UNITS)
    return {name: msgspec.json.decode(row, type=Unit) for name, row in rows.items()}


class UnitsService:
    """Steps on units within one transaction, each with a line of history."""

    def __init__(self, store: Store, now: datetime, cause: str = "") -> None:
        self._store = store
        self._now = now
        self._cause = cause

    def all(self) -> Sequence[Unit]:
        """By name."""
        return sorted(units_of(self._store).values(), key=lambda unit: unit.name)

    def get(self, name: str) -> Unit:
        """Raises `NotFound`."""
        found = units_of(self._store).get(name)
        if found is None:
            raise NotFound(name)
        return found

    def history(self, name: str) -> Sequence[Event]:
        """What was done about a unit, the newest first."""
        return self._store.events.of(f"unit:{name}")[::-1]

    def lately(self, actor: Person) -> Event | None:
        """What this person took away just now, to be put back."""
        last = self._store.events.last_by(actor.id, self._now - LATELY)
        gone = last is not None and last.action == REMOVED and last.subject.startswith("unit:")
        return last if gone else None

    def save(self, unit: Unit, actor: Person, basis: Unit | None = None) -> Unit:
        """Add a unit, or change one. Raises `Overtaken` when it is not as in `basis`."""
        self._authorise(actor)
        unit = _checked(unit)
        units = units_of(self._store)
        before = units.get(unit.name)
        if basis is not None and basis != before:
            raise Overtaken("刚才有人改过这个单位，请看一眼现在的样子，再决定。")
        if basis is None and before is not None and before != unit:
            raise NotPossible(f"「{unit.name}」已经登记了，请在名单里点开它再改。")
        self.put([unit], actor)
        return unit

    def put(self, units: Sequence[Unit], actor: Person) -> None:
        """Add or change many; who calls has looked at them."""
        self._authorise(actor)
        known = units_of(self._store)
        changed = [unit for unit in map(_checked, units) if known.get(unit.name) != unit]
        if len(known | {unit.name: unit for unit in changed}) > MOST:
            raise NotPossible(f"最多登记{MOST}个单位，请先删掉不用的。")
        rows = {unit.name: msgspec.json.encode(unit).decode() for unit in changed}
        if rows:
            self._store.settings.put(UNITS, rows)
        for unit in changed:
            before = known.get(unit.name)
            self._note(unit, CHANGED if before else ADDED, _told(before), _told(unit), actor)

    def remove(self, name: str, actor: Person) -> None:
        """It takes nothing on any more; matters that it has stay with it."""
        self._authorise(actor)
        unit = self.get(name)
        left = {n: u for n, u in units_of(self._store).items() if n != name}
        self._rewrite(left)
        self._note(unit, REMOVED, _told(unit), {}, actor)

    def undo(self, name: str, event: str, actor: Person) -> None:
        """Take the last step about a unit back. Raises `NotPossible` when others came after."""
        self._authorise(actor)
        history = self.history(name)
        last = history[0] if history else None
        if last is None or last.id != event or last.action == UNDONE:
            raise NotPossible("后来又有人改过，撤不回来了，请直接改。")
        units = units_of(self._store)
        if last.before:
            units[name] = Unit(name=name, **last.before)
        else:
            units.pop(name, None)
        self._rewrite(units)
        self._note(Unit(name=name), UNDONE, dict(last.after), dict(last.before), actor)

    def _rewrite(self, units: dict[str, Unit]) -> None:
        self._store.settings.clear(UNITS)
        rows = {name: msgspec.json.encode(unit).decode() for name, unit in units.items()}
        self._store.settings.put(UNITS, rows)

    def _authorise(self, actor: Person) -> None:
        if not may(actor.role, Deed.MANAGE):
            raise NotAllowed(Deed.MANAGE)

    def _note(
        self, unit: Unit, action: str, before: dict[str, str], after: dict[str, str], actor: Person
    ) -> None:
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=f"unit:{unit.name}",
                action=action,
                before=before,
                after=after,
                cause=self._cause,
            )
        )


def unit_fault(unit: Unit) -> tuple[str, str]:
    """The column and what is wrong with it; empty when nothing."""
    if not unit.name.strip():
        return "单位", "没有填"
    if len(unit.name) > LONGEST_NAME or not unit.name.isprintable():
        return "单位", f"请控制在{LONGEST_NAME}个字以内"
    if len(unit.phone) > LONGEST_PHONE:
        return "电话", f"请控制在{LONGEST_PHONE}个字以内"
    return (
        ("说明", f"请控制在{LONGEST_NOTE}个字以内") if len(unit.note) > LONGEST_NOTE else ("", "")
    )


def _checked(unit: Unit) -> Unit:
    column, words = unit_fault(unit)
    if column:
        raise Faulty(column, "missing" if words == "没有填" else "long")
    return msgspec.structs.replace(unit, name=unit.name.strip())


def _told(unit: Unit | None) -> dict[str, str]:
    return {} if unit is None else {"phone": unit.phone, "note": unit.note}
