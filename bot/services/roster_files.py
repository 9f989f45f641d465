"""A roster as an Excel workbook of three sheets, or one sheet of it as CSV."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from bot.rules.permissions import ROLE_NAMES
from bot.services import sheet
from bot.services.roster_table import HEADERS, LISTENS, REQUIRED, Kind

WIDTHS: Mapping[Kind, Sequence[int]] = {
    Kind.PEOPLE: (24, 20, 16, 14, 34, 22, 26, 14),
    Kind.GROUPS: (24, 26, 20, 34, 10, 20, 16, 16, 30),
    Kind.UNITS: (22, 18, 50),
}
ROWS = 2000
"""How far down the empty sheet offers its choices."""

Rows = Mapping[Kind, Sequence[Sequence[str]]]


def write_workbook(rows: Rows, channels: Sequence[str]) -> bytes:
    """Every cell is text; roles, channels and ways of listening can be chosen from a list."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - a tenth of a second, for writing alone

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        must = book.add_format({"bold": True, "bg_color": "#FBEFF2"})
        may = book.add_format({"bold": True, "bg_color": "#F2F3F5"})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for kind in Kind:
            page = book.add_worksheet(kind.value)
            page.freeze_panes(1, 2)
            for column, (name, width) in enumerate(zip(HEADERS[kind], WIDTHS[kind], strict=True)):
                page.set_column(column, column, width, text)
                page.write_string(0, column, name, must if name in REQUIRED[kind] else may)
                choices = _choices(name, channels)
                if choices and len(",".join(choices)) <= 255:  # what Excel takes
                    allowed = {"validate": "list", "source": choices}
                    page.data_validation(1, column, ROWS, column, allowed)
            for row, cells in enumerate(rows.get(kind, ()), 1):
                for column, cell in enumerate(cells):
                    page.write_string(row, column, cell, text)
    return out.getvalue()


def write_csv(kind: Kind, rows: Rows) -> bytes:
    """One sheet; no cell can start a formula."""
    return sheet.write(HEADERS[kind], rows.get(kind, ()))


def _choices(column: str, channels: Sequence[str]) -> list[str]:
    return {
        "通道": list(channels),
        "身份": list(ROLE_NAMES.values()),
        "听法": list(LISTENS.values()),
    }.get(column, [])
