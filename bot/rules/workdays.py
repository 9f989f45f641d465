"""Working days by the State Council's yearly tables, 调休 included.

A year that no table covers is estimated: Monday to Friday. Callers show such a date as 暂估.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Self

import msgspec
from msgspec import Struct

from bot.errors import ImportFault

ONE_DAY = timedelta(days=1)
SATURDAY = 5
DECEMBER = 12


class YearTable(Struct, frozen=True, forbid_unknown_fields=True):
    """One year's notice: days off by name, and the weekend days on which people work."""

    source: str
    holidays: dict[date, str]
    workdays: list[date]


class WorkCalendar(Struct, frozen=True):
    """Knows for every day whether offices work. `years` are those that a table covers."""

    years: frozenset[int]
    holidays: frozenset[date]
    extra_workdays: frozenset[date]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read the JSON of `bot/data/workdays.json`. Raises `ImportFault` with Chinese reasons."""
        return cls.of(read_tables(data))

    @classmethod
    def of(cls, tables: Mapping[int, YearTable]) -> Self:
        """From tables that were read and checked."""
        holidays = frozenset(day for table in tables.values() for day in table.holidays)
        workdays = frozenset(day for table in tables.values() for day in table.workdays)
        return cls(frozenset(tables), holidays, workdays)

    def is_workday(self, day: date) -> bool:
        """Whether offices work on this day."""
        if day in self.extra_workdays:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def is_estimated(self, day: date) -> bool:
        """Whether this day's year has no table yet."""
        return day.year not in self.years

    def next_workday(self, day: date) -> date:
        """The first working day after `day`."""
        day += ONE_DAY
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def workday_before(self, day: date) -> date:
        """The last working day before `day`."""
        day -= ONE_DAY
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after `day`; `day` itself for 0. Raises ValueError below 0."""
        if n < 0:
            raise ValueError(f"working days are counted forwards only, not {n}")
        for _ in range(n):
            day = self.next_workday(day)
        return day


def read_tables(data: bytes) -> dict[int, YearTable]:
    """Tables by year, checked. Raises `ImportFault` with Chinese reasons."""
    tables = _decode(data)
    faults = [fault for year, table in sorted(tables.items()) for fault in _check(year, table)]
    holidays = {day for table in tables.values() for day in table.holidays}
    workdays = {day for table in tables.values() for day in table.workdays}
    faults += [f"{day} 既写成放假又写成上班，请留一处" for day in sorted(holidays & workdays)]
    if faults:
        raise ImportFault(faults)
    return tables


def write_tables(tables: Mapping[int, YearTable]) -> bytes:
    """As `read_tables` reads them."""
    return msgspec.json.format(msgspec.json.encode(dict(sorted(tables.items()))), indent=2)


def _decode(data: bytes) -> dict[int, YearTable]:
    try:
        return msgspec.json.decode(data, type=dict[int, YearTable])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ImportFault([f"节假日表读不出来，请对照自带的表检查格式：{error}"]) from error


def _check(year: int, table: YearTable) -> Iterator[str]:
    if not table.holidays:
        yield f"{year} 年没有写放假日期"
    for day in sorted({*table.holidays, *table.workdays}):
        if not _belongs(day, year):
            yield f"{day} 不属于 {year} 年的安排"
    for day in table.workdays:
        if day.weekday() < SATURDAY:
            yield f"{day} 本来就是周一到周五，不用写成调休上班"


def _belongs(day: date, year: int) -> bool:
    """A notice may also move days of the December before (2019's did)."""
    return day.year == year or (day.year == year - 1 and day.month == DECEMBER)
