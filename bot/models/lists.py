"""Lists of matters as somebody at the office wants to see them."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Shelf(StrEnum):
    """Which matters by where they stand; all but `FRESH` and `ALL` leave praise out by nature."""

    OPEN = "open"
    WAITING = "waiting"
    WORKING = "working"
    ASKED = "asked"
    DUE = "due"
    OVERDUE = "overdue"
    PARKED = "parked"
    FRESH = "fresh"
    CLOSED = "closed"
    ALL = "all"


class Order(StrEnum):
    """What comes first: what is due soonest, what came last, what came first."""

    DUE = "due"
    NEWEST = "newest"
    OLDEST = "oldest"


class Wish(Struct, frozen=True, kw_only=True):
    """A list that somebody asks for. Empty fields do not narrow it.

    `area` is where they may look at all; `mine` is the id of a person who has the matters in hand.
    `words` are looked for in everything that was said.
    """

    area: str
    shelf: Shelf = Shelf.OPEN
    order: Order = Order.DUE
    words: str = ""
    category: str = ""
    unit: str = ""
    building: str = ""
    urgency: str = ""
    kind: str = ""
    level: str = ""
    mine: str = ""


class SavedView(Struct, frozen=True, kw_only=True):
    """A list that an account wants to see again: `wish` is what its page was asked for."""

    id: str
    account: str
    name: str
    wish: str
