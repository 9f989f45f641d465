"""What a morning begins with: how many matters stand where."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class AlertKind(StrEnum):
    """What is wrong with the works: messages that failed, or may not have arrived, or do not leave;
    messages that are not taken up; work that is not done; a channel without its connection.
    """

    FAILED = "failed"
    UNCERTAIN = "uncertain"
    STUCK = "stuck"
    UNHEARD = "unheard"
    IDLE = "idle"
    DOWN = "down"


class Alert(Struct, frozen=True, kw_only=True):
    """Something that somebody should look at. `where` is a channel, `minutes` how long it lasts."""

    kind: AlertKind
    where: str = ""
    count: int = 0
    minutes: int = 0


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
