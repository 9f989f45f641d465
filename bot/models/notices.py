"""Words for groups at some minute, and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.models.messages import Delivery
from bot.models.people import Role
from bot.models.recurrence import Recurrence


class NoticeState(StrEnum):
    """Where a notice stands. `sent` is the end of one that does not come again."""

    DRAFT = "draft"
    AWAITING = "awaiting"
    PLANNED = "planned"
    PAUSED = "paused"
    SENT = "sent"
    MISSED = "missed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"


class Targets(Struct, frozen=True, kw_only=True):
    """Whom a notice is for. Groups by id, by the area that they lie in, by tag, or by the buildings
    that they look after; `without` are left out; `roles` are told in private, within `areas`."""

    groups: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ()
    without: tuple[str, ...] = ()


class Origin(Struct, frozen=True, kw_only=True):
    """Where official words come from. `dated` is an ISO day."""

    source: str = ""
    link: str = ""
    dated: str = ""


class Notice(Struct, frozen=True, kw_only=True):
    """What is to be said to whom, and when next. `planned_at` is the next time, or the last.

    `late`: minutes after which it is not sent any more but its author is asked; None: the usual.
    `corrects` is the notice that this one puts right. `urgent`: quiet hours do not hold it back.
    `twice`: it goes out where the same was said a moment ago. `variants` are the words for some
    groups, by their id; `text` is for all others. `media` are the pictures and files that go along.
    """

    id: str
    author: str
    text: str
    targets: Targets
    planned_at: datetime
    state: NoticeState
    created_at: datetime
    tag: str = ""
    origin: Origin = Origin()
    recurrence: Recurrence | None = None
    late: int | None = None
    approver: str = ""
    corrects: str = ""
    urgent: bool = False
    twice: bool = False
    variants: dict[str, str] = {}
    media: tuple[str, ...] = ()

    @property
    def gist(self) -> str:
        """Words to know it by: those for everyone, else those of the first group."""
        return self.text or next(iter(self.variants.values()), "")

    def words_for(self, group: str) -> str:
        """What one group hears; "" where nothing was written for it."""
        return self.variants.get(group, self.text)


class Run(Struct, frozen=True, kw_only=True):
    """One sending of a notice: unique by (notice, planned time).

    `look_at` is when its author is next told how far it is; None once the end was told.
    """

    notice: str
    planned_at: datetime
    started_at: datetime
    receivers: int = 0
    look_at: datetime | None = None

    @property
    def cause(self) -> str:
        """What the rows of the outbox call it."""
        return f"notice:{self.notice}@{int(self.planned_at.timestamp())}"


class Progress(Struct, frozen=True, kw_only=True):
    """How far a run is, in messages."""

    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    waiting: int = 0

    @property
    def total(self) -> int:
        """All that were to be sent."""
        return self.sent + self.failed + self.uncertain + self.waiting


class ReplyKind(StrEnum):
    """What people volunteer about a notice: 收到, a number, groups and households told of it."""

    RECEIVED = "received"
    NUMBER = "number"
    GROUPS = "groups"
    HOUSEHOLDS = "households"


class Replies(Struct, frozen=True, kw_only=True):
    """Counts of what was volunteered: people who said 收到, people who sent a number and the sum of
    those, groups and households that it was told on to."""

    received: int = 0
    numbers: int = 0
    total: int = 0
    groups: int = 0
    households: int = 0


class Delivered(Struct, frozen=True, kw_only=True):
    """One receiver of a run in the ledger. `name` is the group's or the person's; `at` is when it
    ended, `error` why it failed."""

    name: str
    channel: str
    private: bool
    state: Delivery
    at: datetime | None = None
    error: str = ""
