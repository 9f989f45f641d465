"""What comes in, what goes out, and why."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.models.rich import Rich

EVENT_PREFIX = "event:"
# What channels write where a message has no words.
_STAND_INS = re.compile(r"\s*(?:\[(?:图片|文件|视频|语音)\]\s*)*")


class MediaKind(StrEnum):
    """What an attachment is, as its platform says."""

    IMAGE = "image"
    FILE = "file"
    VOICE = "voice"
    VIDEO = "video"


class Attachment(Struct, frozen=True, kw_only=True):
    """Something that came with a message and is still with the platform.

    `ref` is what the channel needs to fetch it, an address or an id, and `key` what opens it: both
    are secrets and stand in no log.
    """

    kind: MediaKind
    ref: str
    name: str = ""
    key: str = ""

    def __repr__(self) -> str:
        return f"Attachment(kind={self.kind.value!r}, name={self.name!r})"


class Incoming(Struct, frozen=True, kw_only=True):
    """A message as a channel parsed it: verified, decrypted, bounded, not yet stored.

    `chat` is the platform's group id, empty in a private chat; `chat_name` is what people see.
    `message_id` is unique within (channel, chat, sender). `mentioned` is the platform's own word on
    an @ of the bot. `quote` is the text that this one answers. `reply_token` is what the channel
    needs to answer this very message (a secret); `answerable`: the reply may travel in the response
    to the platform's call.
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
    quote: str = ""
    attachments: tuple[Attachment, ...] = ()
    reply_token: str = ""
    answerable: bool = False
    chat_name: str = ""

    @property
    def wordless(self) -> bool:
        """Whether it brought a picture and the like, and nothing was said with it."""
        return bool(self.attachments) and _STAND_INS.fullmatch(self.text) is not None

    @property
    def is_event(self) -> bool:
        """Something that happened (`event:enter_chat`) instead of being said."""
        return self.kind.startswith(EVENT_PREFIX)


class Delivery(StrEnum):
    """What became of a row of the outbox."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


class Outgoing(Struct, frozen=True, kw_only=True):
    """One message to one receiver. `chat` empty: private to `user`.

    `mentions` are platform ids of people to call by @; they come from code, never from a text.
    `reply_token` is that of the message which this one answers. `rich` says more beautifully
    what `text` says too: a channel that cannot show it sends the text.
    """

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
    mentions: tuple[str, ...] = ()
    reply_token: str = ""
    rich: Rich | None = None


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
