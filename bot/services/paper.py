"""What an office gets: a paper of sections, each a table with a note and perhaps a chart.

Who makes a paper does not know its form; a workbook, a Word file, a page and a CSV are written from
the same sections.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from bot.models import SHANGHAI

Cell = str | int | float | date | datetime | None


class Look(StrEnum):
    """How a column is shown. A share is a number between 0 and 1, a day has no time."""

    TEXT = "text"
    LONG = "long"
    NUMBER = "number"
    SHARE = "share"
    DAY = "day"
    MINUTE = "minute"


class Column(Struct, frozen=True):
    """A column: its name, its width in characters of a workbook, how its cells are shown."""

    name: str
    width: float
    look: Look = Look.TEXT


class Series(Struct, frozen=True):
    """One line or row of bars. `before`: it is shown in grey, as what was."""

    name: str
    values: tuple[float, ...]
    before: bool = False


class Chart(Struct, frozen=True, kw_only=True):
    """At most five series over the same labels. `kind`: bar or line."""

    kind: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str = "件"


class Section(Struct, frozen=True, kw_only=True):
    """`name` stands on the tab of a sheet, `empty` where there is no row, `key` in addresses."""

    key: str
    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Cell]]
    note: str = ""
    empty: str = "没有。"
    chart: Chart | None = None


class Paper(Struct, frozen=True, kw_only=True):
    """`caliber` is the 口径 line under the title, `lines` are said before the first section."""

    title: str
    caliber: str
    sections: tuple[Section, ...]
    lines: tuple[str, ...] = ()

    def section(self, key: str) -> Section:
        """By its key. Raises `KeyError`."""
        for section in self.sections:
            if section.key == key:
                return section
        raise KeyError(key)


def told(cell: Cell, look: Look = Look.TEXT) -> str:
    """A cell as text: in a page, a Word file, a CSV."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        local = cell.astimezone(SHANGHAI)
        return f"{local:%Y-%m-%d}" if look == Look.DAY else f"{local:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    if look == Look.SHARE and isinstance(cell, int | float):
        return f"{cell * 100:.1f}%"
    return f"{cell:g}" if isinstance(cell, float) else str(cell)
