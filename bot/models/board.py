"""What a morning begins with: how many matters stand where."""

from __future__ import annotations

from msgspec import Struct


class Board(Struct, frozen=True, kw_only=True):
    """Counts of matters below an area; praise is not counted.

    `fresh` came today, `due` are due by the end of tomorrow, `overdue` past their day, `parked` put
    off, `waiting` not taken on yet, `open` all that is not over.
    """

    fresh: int = 0
    due: int = 0
    overdue: int = 0
    parked: int = 0
    waiting: int = 0
    open: int = 0
