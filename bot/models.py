"""The nouns of the product. Plain frozen records without behaviour beyond a word or two.

All datetimes are aware; they are shown in Asia/Shanghai and stored as UTC milliseconds.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from msgspec import Struct

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Role(StrEnum):
    """What a person is in the micro-grid, from the door to the street office."""

    RESIDENT = "resident"
    VOLUNTEER = "volunteer"
    STEWARD = "steward"
    GRID_WORKER = "grid_worker"
    GRID_LEAD = "grid_lead"
    COMMUNITY = "community"
    STREET = "street"


class Listen(StrEnum):
    """How much of a group's talk the bot may answer."""

    ALL = "all"
    COMMANDS = "commands"
    MENTION = "mention"


class Person(Struct, frozen=True, kw_only=True):
    """Somebody on one channel. `area` is a path: 街道/社区/微网格."""

    id: str
    channel: str
    user: str
    name: str
    role: Role = Role.RESIDENT
    area: str = ""


class Group(Struct, frozen=True, kw_only=True):
    """A chat group that is bound to an area."""

    id: str
    channel: str
    chat: str
    name: str
    area: str
    listen: Listen = Listen.ALL


class Incoming(Struct, frozen=True, kw_only=True):
    """A message as a channel parsed it: verified, decrypted, bounded, not yet stored.

    `chat` is the platform's group id, empty in a private chat. `message_id` is unique within
    (channel, chat, sender). `mentioned` is the platform's own word on an @ of the bot.
    """

    channel: str
    chat: str
    sender: str
    message_id: str
    text: str
    sent_at: datetime
    mentioned: bool = False
    sender_name: str = ""
    kind: str = "text"


class Delivery(StrEnum):
    """What became of a row of the outbox."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message to one receiver. `chat` empty: private to `user`."""

    id: str
    channel: str
    chat: str
    user: str
    text: str
    kind: str = "reply"
    cause: str = ""
    attempts: int = 0
    state: Delivery = Delivery.QUEUED
    due_at: datetime | None = None


class Outcome(StrEnum):
    """What the engine did with a message."""

    ANSWERED = "answered"
    ACTED = "acted"
    SILENT = "silent"
    FAILED = "failed"
    QUEUED = "queued"


class Trace(Struct, frozen=True, kw_only=True):
    """Why a message was answered, or why not: 为什么回 / 为什么没回.

    `steps` are short Chinese sentences in the order in which things were decided.
    """

    message: str
    outcome: Outcome
    handler: str = ""
    steps: tuple[str, ...] = ()


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


class FaqEntry(Struct, frozen=True, kw_only=True):
    """An approved answer. `dated` is when it was last confirmed; dates are Asia/Shanghai days."""

    id: str
    question: str
    answer: str
    source: str
    phrasings: tuple[str, ...] = ()
    tag: str = ""
    area: str = ""
    dated: str = ""
    valid_from: str = ""
    valid_until: str = ""


class NoticeState(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    SENT = "sent"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Notice(Struct, frozen=True, kw_only=True):
    """Words for some groups at some minute."""

    id: str
    author: str
    text: str
    groups: tuple[str, ...]
    planned_at: datetime
    state: NoticeState
    created_at: datetime


class Dialog(Struct, frozen=True, kw_only=True):
    """A question that the bot asked one person in one chat and whose answer it awaits."""

    channel: str
    chat: str
    user: str
    topic: str
    payload: dict[str, str]
    expires_at: datetime
