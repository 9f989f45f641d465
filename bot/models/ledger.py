"""What is counted of the ledger: a scope, its counts, and the lines that stand beside them."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.models.appeals import Appeal
from bot.models.notices import Notice, Run


class Scope(Struct, frozen=True, kw_only=True):
    """Matters recorded at or below `area` from `start` up to and without `end`, as they stand
    at `now`. `everything`: also those that only staff may read.
    """

    area: str
    start: datetime
    end: datetime
    now: datetime
    everything: bool = True


class Counts(Struct, frozen=True, kw_only=True):
    """Appeals (诉求) of a scope; suggestions and praise are counted apart.

    `accepted` is without `merged`, `withdrawn` and `declined`; `hidden` of them are not public.
    `owed` have a term for the first answer: lines of an older ledger need not. `waiting` have no
    answer yet and time left for it. `rated_*` are the asker's words, `unrated` are closed without
    any. `median_hours` is of those that were closed, None without any.
    """

    accepted: int = 0
    owed: int = 0
    merged: int = 0
    withdrawn: int = 0
    declined: int = 0
    hidden: int = 0
    answered_in_time: int = 0
    waiting: int = 0
    closed: int = 0
    closed_in_time: int = 0
    late: int = 0
    rated_good: int = 0
    rated_fair: int = 0
    rated_bad: int = 0
    unrated: int = 0
    reopened: int = 0
    transferred: int = 0
    median_hours: float | None = None
    suggestions: int = 0
    adopted: int = 0
    agenda: int = 0
    rejected: int = 0
    praise: int = 0


class Today(Struct, frozen=True, kw_only=True):
    """One day: how many came and were closed in it, and how many stand how at its end."""

    recorded: int = 0
    closed: int = 0
    needs_info: int = 0
    due_next: int = 0
    late: int = 0
    parked: int = 0


class Cell(Struct, frozen=True):
    """How many appeals of a category a building has."""

    category: str
    building: str
    count: int


class Month(Struct, frozen=True):
    """A month's appeals: how many were recorded, and how many of these are closed."""

    start: datetime
    accepted: int
    closed: int


class Line(Struct, frozen=True, kw_only=True):
    """An appeal with what stands beside it in a ledger.

    `reporter` and `handler` are names as they are known; `merged_number` is the one it went into,
    `parent_number` the one it was split off.
    """

    appeal: Appeal
    group: str = ""
    reporter: str = ""
    handler: str = ""
    supporters: int = 0
    merged_number: str = ""
    parent_number: str = ""


class Load(Struct, frozen=True):
    """What one person has in hand now, for balancing; never a rank."""

    name: str
    open: int
    late: int


class Sending(Struct, frozen=True, kw_only=True):
    """One run of a notice and what became of its messages."""

    notice: Notice
    run: Run
    author: str = ""
    sent: int = 0
    failed: int = 0
    waiting: int = 0
