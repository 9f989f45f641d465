"""Category × building, without giving away a single flat.

A cell under three is not shown: one matter at one building is a household. What is not shown looks
the same as nothing. The total of a category would still tell a lonely hidden cell, or cells that
are all at their most; then it is not shown either, and a reader has two answers for every such
cell. The totals of buildings are of the cells that are shown: nothing can be subtracted downwards.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from bot.models.ledger import Cell

LEAST_SHOWN = 3


class Row(Struct, frozen=True):
    """A category: its cells in the order of the buildings, None where nothing is shown."""

    category: str
    cells: tuple[int | None, ...]
    total: int | None

    @property
    def told(self) -> str:
        """The total; `9+` or `不足3` when it would tell too much."""
        if self.total is not None:
            return str(self.total)
        seen = sum(count or 0 for count in self.cells)
        return f"{seen}+" if seen else f"不足{LEAST_SHOWN}"


class Heat(Struct, frozen=True):
    """The whole table. `totals` are those of the cells shown."""

    buildings: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """For each building."""
        return tuple(
            sum(row.cells[column] or 0 for row in self.rows)
            for column in range(len(self.buildings))
        )


def heat_of(
    cells: Iterable[Cell], order: Callable[[str], object] = str, categories: Sequence[str] = ()
) -> Heat:
    """The table of counts, categories in a given order, buildings by `order`."""
    table: dict[str, dict[str, int]] = defaultdict(dict)
    for cell in cells:
        table[cell.category][cell.building] = cell.count
    named = {building for row in table.values() for building in row}
    buildings = tuple(sorted(named, key=lambda name: (name == "", order(name), name)))
    known = [code for code in categories if code in table]
    rows = []
    for category in [*known, *sorted(set(table) - set(known))]:
        counts = [table[category].get(building, 0) for building in buildings]
        shown, total = hidden(counts)
        rows.append(Row(category, tuple(shown), total))
    return Heat(buildings, tuple(rows))


def hidden(counts: Sequence[int]) -> tuple[list[int | None], int | None]:
    """A row of counts as it may be shown, and its total if it may be shown beside it."""
    shown: list[int | None] = [count if count >= LEAST_SHOWN else None for count in counts]
    blank = [count for count, seen in zip(counts, shown, strict=True) if seen is None]
    most = (LEAST_SHOWN - 1) * len(blank)
    safe = sum(blank) == 0 or (len(blank) > 1 and sum(blank) <= most - 2)
    total = sum(counts)
    return shown, total if safe and total >= LEAST_SHOWN else None
