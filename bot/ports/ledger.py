"""What is counted and listed of residents' matters, for ledgers and reports. Reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Event, Kind
from bot.models.ledger import Cell, Counts, Line, Load, Month, Scope, Sending, Today


class Ledger(Protocol):
    """Every answer is about a scope or an area ("" : all); `everything` of a scope says whether
    matters that are not public are in it. Figures (`counts`, `today`, `month`) count them always.
    """

    def counts(self, scope: Scope) -> Counts:
        """What the rates are made of, but for what costs more: `transferred`, `median_hours`."""

    def transferred(self, scope: Scope) -> int:
        """How many of these were passed on to another unit."""

    def median_hours(self, scope: Scope, closed: int) -> float | None:
        """From recording to closing, of the `closed` ones; None without any."""

    def today(self, scope: Scope, next_from: datetime, next_until: datetime) -> Today:
        """Of one day; `due_next` is what is open and due between the other two moments."""

    def month(self, scope: Scope) -> Month:
        """Recorded in it, and closed of these."""

    def cells(self, scope: Scope) -> Sequence[Cell]:
        """Counted appeals by category and building ("" : none named)."""

    def lines(self, scope: Scope, kind: Kind, limit: int, skip: int = 0) -> Sequence[Line]:
        """What was recorded, oldest first; without the first `skip`."""

    def late(self, scope: Scope, limit: int) -> Sequence[Line]:
        """Open appeals whose term had passed by then, the longest first, whenever recorded."""

    def due(self, scope: Scope, start: datetime, end: datetime, limit: int) -> Sequence[Line]:
        """Open appeals whose term ends within these moments, the nearest first."""

    def parked(self, scope: Scope, limit: int) -> Sequence[Line]:
        """挂账, the nearest date first, whenever recorded."""

    def brought_up(self, scope: Scope, limit: int) -> Sequence[Line]:
        """Brought up to a venue within the scope's time, newest first."""

    def claimed(self, scope: Scope, limit: int) -> Sequence[Line]:
        """Claimed by a unit within the scope's time, newest first."""

    def to_contact(self, scope: Scope, until: datetime, limit: int) -> Sequence[Line]:
        """Whom to see next: what is open, or to be looked at again before `until`, or closed within
        the scope's time without a word of the asker. Oldest first.
        """

    def steps(self, scope: Scope, kind: Kind) -> Mapping[str, Sequence[Event]]:
        """The history of everything that was recorded, by id of the appeal, oldest first."""

    def loads(self, area: str, now: datetime) -> Sequence[Load]:
        """Who has how much in hand, by name."""

    def sendings(self, scope: Scope, limit: int) -> Sequence[Sending]:
        """Runs of notices within the scope's time, as far as they went to groups of the area."""

    def first(self, area: str) -> datetime | None:
        """When the oldest matter was recorded."""
