"""What comes in, what goes out, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


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


class Dialog(Struct, frozen=True, kw_only=True):
    """A question that the bot asked one person in one chat and whose answer it awaits."""

    channel: str
    chat: str
    user: str
    topic: str
    payload: dict[str, str]
    expires_at: datetime
