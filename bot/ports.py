"""What the engine needs from the outside, as protocols. Adapters live in `storage` and `channels`.

A `Store` is one open transaction (or one read-only snapshot): the repositories share it, and what
they write stands or falls together. Handlers and services never see a connection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from msgspec import Struct

from bot.models import (
    Appeal,
    Delivery,
    Dialog,
    Event,
    FaqEntry,
    Group,
    Incoming,
    Notice,
    NoticeState,
    Outcome,
    Outgoing,
    Person,
    State,
    Trace,
)

P = ParamSpec("P")
T = TypeVar("T")


class Rate(Struct, frozen=True):
    """At most `count` messages in any `seconds` to one receiver."""

    count: int
    seconds: float


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """The present instant, aware."""


class Channel(Protocol):
    """A way to speak. `name` is the configured instance: `sandbox`, `wecom_app/main`.

    `rate` is what the platform permits to one receiver; None when it sets no limit.
    """

    name: str
    rate: Rate | None

    async def start(self) -> None:
        """Open what sending needs."""

    async def stop(self) -> None:
        """Close it again."""

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one message to the platform and return its id there ("" when it has none).

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`, nothing else.
        """


class CallbackChannel(Channel, Protocol):
    """A channel whose platform calls us over HTTP."""

    def verify(self, query: Mapping[str, str]) -> str:
        """Answer the platform's URL check. Raises `BadCallback`."""

    def parse(self, query: Mapping[str, str], body: bytes) -> Incoming | None:
        """Turn a request into a message; None when there is nothing to store.

        Raises `BadCallback` for everything that is forged, broken or too large.
        """


class Inbox(Protocol):
    """Messages that came in."""

    def accept(self, incoming: Incoming, now: datetime, state: str) -> str | None:
        """Store a message and return its id; None when it was stored before."""

    def settle(self, message: str, state: str) -> None:
        """Set a stored message's state: done, failed or queued."""

    def queued(self, limit: int) -> Sequence[tuple[str, Incoming]]:
        """Messages that are stored but not yet handled, oldest first."""

    def get(self, message: str) -> Incoming | None:
        """A stored message."""

    def recent(
        self, channel: str, chat: str, sender: str, limit: int
    ) -> Sequence[tuple[str, Incoming]]:
        """The newest messages of a chat (of one sender where one is given), oldest first."""

    def find(self, incoming: Incoming) -> str:
        """The id under which a message was stored; empty when it was not."""

    def is_empty(self) -> bool:
        """Whether no message ever came in."""


class Outbox(Protocol):
    """The ledger of everything that is to be said."""

    def add(self, outgoing: Outgoing, now: datetime, *, due_at: datetime | None, once: str) -> bool:
        """Queue a message; False when a row with the same `once` key exists ("" : no key)."""

    def claim(self, now: datetime, limit: int) -> Sequence[Outgoing]:
        """Mark due rows as being sent and return them: the oldest of each receiver only."""

    def settle(
        self,
        row: str,
        state: Delivery,
        now: datetime,
        *,
        platform_id: str = "",
        error: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """Write down what became of a claimed row."""

    def postpone(self, row: str, until: datetime) -> None:
        """Give a claimed row back unsent: that was no attempt."""

    def interrupted(self, now: datetime) -> int:
        """Rows that were being sent when the process died become uncertain; their number."""

    def next_due(self) -> datetime | None:
        """When the earliest queued row is due."""

    def counts(self) -> Mapping[Delivery, int]:
        """Rows by state."""

    def caused_by(self, message: str) -> Sequence[Outgoing]:
        """What a message made the bot say."""

    def recent(self, channel: str, chat: str, user: str, limit: int) -> Sequence[Outgoing]:
        """The newest rows to a receiver, oldest first; `due_at` is when each was settled or due."""


class Traces(Protocol):
    """Why the bot answered or stayed silent."""

    def add(self, trace: Trace) -> None:
        """Store (or replace) a message's trace."""

    def get(self, message: str) -> Trace | None:
        """A message's trace."""

    def counts(self) -> Mapping[Outcome, int]:
        """Messages by outcome."""


class People(Protocol):
    """Persons and groups: who speaks, where, and who is in charge."""

    def person(self, channel: str, user: str) -> Person | None:
        """A person by the platform's id."""

    def by_id(self, person: str) -> Person | None:
        """A person by our id."""

    def save(self, person: Person) -> None:
        """Add or replace a person, by (channel, user)."""

    def staff(self) -> Sequence[Person]:
        """Everyone who is not a resident."""

    def group(self, channel: str, chat: str) -> Group | None:
        """A group by the platform's id."""

    def group_by_id(self, group: str) -> Group | None:
        """A group by our id."""

    def save_group(self, group: Group) -> None:
        """Add or replace a group, by (channel, chat)."""

    def groups(self) -> Sequence[Group]:
        """All groups, by name."""

    def residents(self, channel: str) -> Sequence[Person]:
        """Everyone on a channel, by name."""


class Appeals(Protocol):
    """Residents' matters."""

    def add(self, appeal: Appeal) -> None:
        """Store a new appeal."""

    def save(self, appeal: Appeal) -> None:
        """Replace a stored appeal."""

    def get(self, appeal: str) -> Appeal | None:
        """By our id."""

    def by_number(self, number: str) -> Appeal | None:
        """By the full public number."""

    def by_short(self, short: int, group: str | None) -> Sequence[Appeal]:
        """By the short number, in one group or (None) in all, newest first."""

    def listed(
        self, *, group: str | None, area: str, states: Sequence[State], limit: int
    ) -> Sequence[Appeal]:
        """Appeals below an area, optionally of one group, most urgent deadline first."""

    def reported_by(self, person: str, states: Sequence[State], limit: int) -> Sequence[Appeal]:
        """A person's own appeals, newest first."""

    def next_number(self, scope: str) -> int:
        """The next number of a named sequence, starting at 1."""


class Faq(Protocol):
    """The bank of approved answers."""

    def entries(self) -> Sequence[FaqEntry]:
        """All entries, by id."""

    def replace(self, entries: Iterable[FaqEntry]) -> None:
        """Add entries, or replace those with the same id, and change the version."""

    def version(self) -> int:
        """Changes whenever the bank does."""


class Notices(Protocol):
    """Planned words for groups."""

    def save(self, notice: Notice) -> None:
        """Add or replace a notice."""

    def get(self, notice: str) -> Notice | None:
        """By our id."""

    def due(self, now: datetime) -> Sequence[Notice]:
        """Planned notices whose time has come, earliest first."""

    def next_due(self) -> datetime | None:
        """When the earliest planned notice is due."""

    def by_state(self, state: NoticeState, limit: int) -> Sequence[Notice]:
        """Notices in one state, earliest planned first."""

    def start_run(self, notice: str, planned_at: datetime, now: datetime) -> bool:
        """Claim the one run of (notice, planned time); False when it was claimed before."""


class Dialogs(Protocol):
    """Open questions, at most one a person and chat."""

    def open(self, dialog: Dialog) -> None:
        """Ask; a newer question replaces the older one."""

    def take(self, channel: str, chat: str, user: str, now: datetime) -> Dialog | None:
        """The open question to this person here, if it has not expired."""

    def close(self, channel: str, chat: str, user: str) -> None:
        """It is answered or no longer wanted."""


class Events(Protocol):
    """The history of every object: append-only."""

    def add(self, event: Event) -> None:
        """Append one line."""

    def of(self, subject: str) -> Sequence[Event]:
        """An object's history, oldest first."""

    def caused_by(self, message: str) -> Sequence[Event]:
        """What a message did, oldest first."""

    def last_by(self, actor: str, since: datetime) -> Event | None:
        """What this person did last, not before `since`."""


class Store(Protocol):
    """One transaction with all repositories."""

    @property
    def inbox(self) -> Inbox: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def traces(self) -> Traces: ...
    @property
    def people(self) -> People: ...
    @property
    def appeals(self) -> Appeals: ...
    @property
    def faq(self) -> Faq: ...
    @property
    def notices(self) -> Notices: ...
    @property
    def dialogs(self) -> Dialogs: ...
    @property
    def events(self) -> Events: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """A part that is rolled back alone when it raises."""


class Database(Protocol):
    """Where transactions come from."""

    async def write(
        self, fn: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn` in a transaction on the writer thread; returns after the commit."""

    async def read(
        self, fn: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn` on a read-only snapshot."""

    @property
    def waiting(self) -> int:
        """How many writes wait or run."""
