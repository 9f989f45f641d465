"""Which nightly backups are kept: the last days, the last of each week, the last of each month."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import date

from msgspec import Struct


class Rotation(Struct, frozen=True, kw_only=True):
    """How many of each."""

    days: int = 7
    weeks: int = 4
    months: int = 12


def kept(made: Iterable[date], rotation: Rotation) -> frozenset[date]:
    """Those to keep. The newest of a week or month stands for it."""
    newest = sorted(set(made), reverse=True)
    chosen = set(newest[: rotation.days])
    weeks: dict[Hashable, date] = {}
    months: dict[Hashable, date] = {}
    for day in newest:
        weeks.setdefault(day.isocalendar()[:2], day)
        months.setdefault((day.year, day.month), day)
    chosen |= set(list(weeks.values())[: rotation.weeks])
    chosen |= set(list(months.values())[: rotation.months])
    return frozenset(chosen)
