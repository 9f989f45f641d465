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


class Kind(StrEnum):
    """What a matter is: something to put right, an idea, or praise. Counted apart."""

    APPEAL = "诉求"
    SUGGESTION = "建议"
    PRAISE = "表扬"


class Track(StrEnum):
    """Two tracks: fixed on the spot, or put on the list and struck off it item by item."""

    SPOT = "现场处置"
    LISTED = "清单办理"


class Level(StrEnum):
    """How far up an appeal was passed; the order is the order of the ladder."""

    GROUP = "群"
    GRID = "网格"
    COMMUNITY = "社区"
    STREET = "街道"


class Rating(StrEnum):
    """What the asker thinks of the end. Silence is no rating (未评价), never satisfaction."""

    GOOD = "满意"
    FAIR = "基本满意"
    BAD = "不满意"


class Verdict(StrEnum):
    """What becomes of a suggestion."""

    ADOPTED = "采纳"
    AGENDA = "列入议事"
    REJECTED = "不采纳"


class State(StrEnum):
    """Where an appeal stands. Values are the words that people use.

    `DONE` waits for the asker's word, `STRUCK` is off the list; closed is not always fixed, so
    `DECLINED`, `MERGED` and `WITHDRAWN` are ends of their own.
    """

    PENDING = "待受理"
    NEEDS_INFO = "待补充"
    WORKING = "办理中"
    PARKED = "挂账"
    DONE = "已办结"
    STRUCK = "已销号"
    DECLINED = "不受理"
    MERGED = "已合并"
    WITHDRAWN = "已撤回"


class Appeal(Struct, frozen=True, kw_only=True):
    """A resident's matter. `text` is verbatim; `summary` is what a group may read.

    Clocks: `contact_due_at`, `due_at` and `feedback_due_at` are last moments; `stopped_at` is
    since when they stand still (待补充, 挂账). `parent` is the appeal that this one was split off
    or found by, `merged_into` the one that goes on in its place (ids). `claimant` is a unit,
    `claimed_by` the person who spoke for it; without `claim_confirmed_at` the community has yet
    to confirm. `venue` is where it was brought up (大工委, 社情民意联系日 …), `answer` what came
    back. `verdict` is what became of a suggestion.
    """

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
    kind: Kind = Kind.APPEAL
    track: Track = Track.LISTED
    level: Level = Level.GROUP
    contact_due_at: datetime | None = None
    contacted_at: datetime | None = None
    feedback_due_at: datetime | None = None
    stopped_at: datetime | None = None
    parked_until: datetime | None = None
    recheck_at: datetime | None = None
    parent: str = ""
    merged_into: str = ""
    claimant: str = ""
    claimed_by: str = ""
    claimed_at: datetime | None = None
    claim_confirmed_at: datetime | None = None
    venue: str = ""
    escalated_at: datetime | None = None
    answer: str = ""
    answered_at: datetime | None = None
    rating: Rating | None = None
    rated_at: datetime | None = None
    reopened: int = 0
    verdict: Verdict | None = None

    @property
    def claim_pending(self) -> bool:
        """Whether a unit has claimed it and the community has not said yes yet."""
        return self.claimant != "" and self.claim_confirmed_at is None


class Note(Struct, frozen=True, kw_only=True):
    """An internal remark on an appeal: staff read it, the public never does."""

    id: str
    appeal: str
    at: datetime
    author: str
    text: str
    withdrawn_at: datetime | None = None


class Event(Struct, frozen=True, kw_only=True):
    """One line of an object's history: who did what when and why, with what changed.

    `before` and `after` hold the changed fields alone, an appeal's `state` always. `reason` is what
    the actor gave, `cause` the message that did it.
    """

    id: str
    at: datetime
    actor: str
    subject: str
    action: str
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    cause: str = ""
    reason: str = ""
