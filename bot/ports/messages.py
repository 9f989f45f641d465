"""Stores of what came in and what is to be said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Delivered, Delivery, Dialog, Incoming, Outcome, Outgoing, Trace


class Inbox(Protocol):
    """Messages that came in."""

    def accept(self, incoming: Incoming, now: datetime, state: str) -> str | None:
        """Store a message and return its id; None when it was stored before."""

    def settle(self, message: str, state: str) -> None:
        """Set a stored message's state: done, failed or queued."""

    def forget(self, message: str) -> None:
        """What was said is none of our business: keep that something came, not what it was."""

    def queued(self, limit: int) -> Sequence[tuple[str, Incoming]]:
        """Messages that are stored but not yet handled, oldest first."""

    def get(self, message: str) -> Incoming | None:
        """A stored message."""

    def recent(
        self, channel: str, chat: str, sender: str, limit: int
    ) -> Sequence[tuple[str, Incoming]]:
        """The newest messages of a chat (of one sender where one is given), oldest first."""

    def following(self, channel: str, chat: str, message: str, limit: int) -> Sequence[Incoming]:
        """What was said in a chat after a message, oldest first."""

    def with_attachments(
        self, channel: str, chat: str, sender: str, limit: int
    ) -> Sequence[tuple[str, Incoming]]:
        """Those of a sender that brought something, oldest first, among a chat's newest `limit`."""

    def find(self, incoming: Incoming) -> str:
        """The id under which a message was stored; empty when it was not."""

    def is_empty(self) -> bool:
        """Whether no message ever came in."""


class Outbox(Protocol):
    """The ledger of everything that is to be said."""

    def add(self, outgoing: Outgoing, now: datetime, *, due_at: datetime | None, once: str) -> bool:
        """Queue a message; False when a row with the same `once` key exists ("" : no key)."""

    def hold_back(self, outgoing: Outgoing, now: datetime, *, once: str, why: str) -> bool:
        """Write down what is not sent, as failed with the reason; False when `once` was said."""

    def failures(self, cause: str) -> Mapping[str, int]:
        """Why rows of a cause failed, with the number of receivers, the most frequent first."""

    def claim(
        self, now: datetime, limit: int, room: Callable[[str], int] | None = None
    ) -> Sequence[Outgoing]:
        """Mark due rows as being sent and return them: the oldest of each receiver only.

        Of each lane (the platform of `platform/name`) at most `room(lane)`: danger first, then
        replies, then notices.
        """

    def claim_replies(self, message: str, chat: str, user: str) -> Sequence[Outgoing]:
        """Mark the untried replies to a message in its own chat as being sent, due or not."""

    def claim_waiting(
        self, channel: str, user: str, message: str, limit: int
    ) -> Sequence[Outgoing]:
        """Mark the oldest words that wait for a person, and that `message` did not cause, as being
        sent in the response to it."""

    def carried_by(self, channel: str, user: str, message: str) -> Sequence[Outgoing]:
        """What `claim_waiting` gave for a message."""

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

    def ended_since(
        self, since: datetime, channel: str = ""
    ) -> Sequence[tuple[Outgoing, datetime]]:
        """Rows (of one channel) that left or were tried since then, and when, by time."""

    def next_due(self) -> datetime | None:
        """When the earliest queued row is due."""

    def counts(self) -> Mapping[Delivery, int]:
        """Rows by state."""

    def troubled_since(self, since: datetime) -> Mapping[tuple[str, Delivery], int]:
        """Rows of each channel that failed, or of which nobody knows, since then."""

    def progress(self, cause: str) -> Mapping[Delivery, int]:
        """Receivers of one cause by the least good state of their rows."""

    def ledger(self, cause: str, limit: int, offset: int) -> Sequence[Delivered]:
        """Every receiver of a cause with how it ended, those that did not get it first."""

    def troubles(self, causes: Sequence[str]) -> Mapping[str, int]:
        """Of some causes those with rows that failed or are uncertain, and how many."""

    def requeue(self, cause: str, state: Delivery, now: datetime) -> int:
        """Put rows of a cause that ended in a state back, as if never tried; their receivers."""

    def said_since(self, channel: str, chat: str, text: str, since: datetime) -> bool:
        """Whether the same words were queued for a group not before `since`."""

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


class Dialogs(Protocol):
    """Open questions, at most one a person and chat."""

    def open(self, dialog: Dialog) -> None:
        """Ask; a newer question replaces the older one."""

    def take(self, channel: str, chat: str, user: str, now: datetime) -> Dialog | None:
        """The open question to this person here, if it has not expired."""

    def close(self, channel: str, chat: str, user: str) -> None:
        """It is answered or no longer wanted."""
