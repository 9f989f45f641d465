"""Residents' matters and their history."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """A place within a micro-grid as a resident writes it, in canonical form.

    `building` is `16幢` or a range `3-27幢`; `unit` is `2单元`; `room` is `502室`;
    `spot` is a named place such as 车棚, 长廊 or 地库B1. Empty strings where nothing was said.
    """

    building: str = ""
    unit: str = ""
    room: str = ""
    spot: str = ""

    @property
    def public(self) -> str:
        """What a group may read: the building and the spot, never unit or room."""
        return self.building + self.spot

    @property
    def full(self) -> str:
        """Everything, for staff."""
        return self.building + self.unit + self.room + self.spot


class Urgency(StrEnum):
    """P0 life in danger, P1 the same day, P2 normal, P3 low or a suggestion."""

    P0 = "P0"
    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Audience(StrEnum):
    """Who may read an appeal's content."""

    PUBLIC = "public"
    STAFF = "staff"
    PRIVATE = "private"


class State(StrEnum):
    """Where an appeal stands. Values are the words that people use."""

    PENDING = "待受理"
    NEEDS_INFO = "待补充"
    WORKING = "办理中"
    DONE = "已办结"
    WITHDRAWN = "已撤回"


class Appeal(Struct, frozen=True, kw_only=True):
    """A resident's matter. `text` is verbatim; `summary` is what a group may read."""

    id: str
    number: str
    short: int
    group: str
    area: str
    reporter: str
    source: str
    text: str
    summary: str
    category: str
    place: Place
    urgency: Urgency
    audience: Audience
    unit: str
    state: State
    created_at: datetime
    due_at: datetime
    handler: str = ""
    result: str = ""
    started_at: datetime | None = None
    closed_at: datetime | None = None


class Event(Struct, frozen=True, kw_only=True):
    """One line of an object's history: who did what when, with the fields before and after."""

    id: str
    at: datetime
    actor: str
    subject: str
    action: str
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    cause: str = ""
