"""The yearly table of days off, brought in from a file: looked at first, then put in place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
from msgspec import Struct

from bot.errors import ImportFault, NotAllowed, NotPossible
from bot.models import Event, Person
from bot.ports import Store
from bot.rules.permissions import Deed, may
from bot.rules.workdays import YearTable, read_tables, write_tables
from bot.services import sheet
from bot.services.audit import AuditService, door_of
from bot.services.tables import WORKDAYS, Tables, save_years, years_of
from bot.services.transfers import read_years

HEADER = ("日期", "安排", "名称")
OFF, ON = "放假", "上班"
SUBJECT = "table:holidays"
BROUGHT, UNDONE = "导入放假表", "撤销"


class YearChange(Struct, frozen=True):
    """What a file would change about one year: days that become free, days that become worked."""

    year: int
    fresh: bool
    off: tuple[str, ...]
    on: tuple[str, ...]


class HolidaysService:
    """Days off within one transaction."""

    def __init__(self, store: Store, tables: Tables, now: datetime, cause: str = "") -> None:
        self._store = store
        self._tables = tables
        self._now = now
        self._cause = cause

    def years(self) -> dict[int, YearTable]:
        """All tables in force, and which of them were brought in is `own`."""
        return dict(sorted((self._tables.shipped_years | years_of(self._store)).items()))

    def own(self) -> frozenset[int]:
        """The years that were brought in."""
        return frozenset(years_of(self._store))

    def plan(self, years: Mapping[int, YearTable]) -> list[YearChange]:
        """What would change."""
        known = self.years()
        found = [_change(year, known.get(year), table) for year, table in sorted(years.items())]
        return [one for one in found if one.fresh or one.off or one.on]

    def apply(self, years: Mapping[int, YearTable], actor: Person) -> int:
        """Put them in place; deadlines that are set stay. How many years."""
        self._authorise(actor)
        before = {str(y): _told(t) for y, t in years_of(self._store).items() if y in years}
        count = save_years(self._store, years)
        self._tables.refresh(self._store)
        after = {str(year): _told(table) for year, table in years.items()}
        self._note(BROUGHT, {y: before.get(y, "") for y in after}, after, actor)
        audit = AuditService(self._store, self._now, door_of(self._cause))
        audit.imported(actor, "holidays", count)
        return count

    def history(self) -> Sequence[Event]:
        """What was brought in, the newest first."""
        return self._store.events.of(SUBJECT)[::-1]

    def undo(self, event: str, actor: Person) -> None:
        """Take the last file back. Raises `NotPossible` when others came after."""
        self._authorise(actor)
        history = self.history()
        last = history[0] if history else None
        if last is None or last.id != event or last.action == UNDONE:
            raise NotPossible("后来又有人导入过，撤不回来了，请重新导入。")
        kept = {str(year): _told(table) for year, table in years_of(self._store).items()}
        kept |= last.before
        self._store.settings.clear(WORKDAYS)
        self._store.settings.put(WORKDAYS, {year: told for year, told in kept.items() if told})
        self._tables.refresh(self._store)
        self._note(UNDONE, dict(last.after), dict(last.before), actor)

    def _note(
        self, action: str, before: dict[str, str], after: dict[str, str], actor: Person
    ) -> None:
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor.id,
                subject=SUBJECT,
                action=action,
                before=before,
                after=after,
                cause=self._cause,
            )
        )

    def _authorise(self, actor: Person) -> None:
        if not may(actor.role, Deed.MANAGE):
            raise NotAllowed(Deed.MANAGE)


def stamp(changes: Sequence[YearChange]) -> str:
    """Changes whenever what would be done does."""
    return hashlib.sha256(msgspec.json.encode(changes)).hexdigest()[:16]


def read_holiday_file(data: bytes) -> dict[int, YearTable]:
    """A JSON table, the text of the yearly notice, or a CSV of days. Raises `ImportFault`."""
    if data.lstrip()[:1] in {b"{", b""}:
        return read_years(data)
    text = sheet.decode(data)
    header = [cell.strip() for cell in text.split("\n", 1)[0].replace("\t", ",").split(",")]
    return _from_rows(sheet.rows(text)) if header[:2] == list(HEADER[:2]) else read_years(data)


def write_holiday_file(years: Mapping[int, YearTable]) -> bytes:
    """As CSV, as `read_holiday_file` reads it."""
    rows = [
        (day.isoformat(), how, name)
        for table in years.values()
        for day, how, name in sorted(
            [(day, OFF, name) for day, name in table.holidays.items()]
            + [(day, ON, "调休") for day in table.workdays]
        )
    ]
    return sheet.write(HEADER, rows)


def _from_rows(rows: Sequence[Sequence[str]]) -> dict[int, YearTable]:
    faults: list[str] = []
    holidays: dict[int, dict[date, str]] = {}
    workdays: dict[int, list[date]] = {}
    for number, row in enumerate(rows[1:], 2):
        cells = [cell.strip().removeprefix("'") for cell in (*row, "", "", "")][:3]
        if not any(cells):
            continue
        try:
            day = date.fromisoformat(cells[0].replace("/", "-"))
        except ValueError:
            faults.append(f"第{number}行「日期」写成了「{cells[0]}」，应如 2027-01-01。")
            continue
        if cells[1] not in {OFF, ON}:
            faults.append(f"第{number}行「安排」写成了「{cells[1]}」，只能是{OFF}、{ON}。")
        elif cells[1] == OFF:
            holidays.setdefault(day.year, {})[day] = cells[2] or "放假"
        else:
            workdays.setdefault(day.year, []).append(day)
    if faults or not (holidays or workdays):
        raise ImportFault(faults or ["表里一天也没有，请至少写一行。"])
    tables = {
        year: YearTable("管理台导入", holidays.get(year, {}), sorted(workdays.get(year, [])))
        for year in {*holidays, *workdays}
    }
    return read_tables(write_tables(tables))


def _change(year: int, before: YearTable | None, after: YearTable) -> YearChange:
    old = YearTable("", {}, []) if before is None else before
    off = [day for day in after.holidays if day not in old.holidays]
    off += [day for day in old.workdays if day not in after.workdays]
    on = [day for day in after.workdays if day not in old.workdays]
    on += [day for day in old.holidays if day not in after.holidays]
    return YearChange(year, before is None, _days(off, old, after), _days(on, old, after))


def _days(days: Sequence[date], old: YearTable, new: YearTable) -> tuple[str, ...]:
    names = old.holidays | new.holidays
    return tuple(f"{day.month}月{day.day}日{names.get(day, '')}" for day in sorted(set(days)))


def _told(table: YearTable) -> str:
    return msgspec.json.encode(table).decode()
