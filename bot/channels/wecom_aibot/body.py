"""What an AI bot is told, as JSON: the same in the long connection and in a callback.

Everything is optional on the wire; what a message must have is checked here, so that both doors
refuse the same things with the same error.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
from msgspec import Raw, Struct, field

from bot.errors import BadCallback
from bot.models import Attachment, MediaKind

MESSAGES: Final = frozenset({"text", "image", "mixed", "voice", "file", "video"})
MAX_BODY_BYTES: Final = 256 * 1024
_MAX_ID: Final = 256
_MAX_ITEMS: Final = 50
_MAX_URL: Final = 4096
_STAND_INS: Final = {"image": "[图片]", "file": "[文件]", "video": "[视频]", "voice": "[语音]"}


class Text(Struct):
    """Words; a voice message carries what it was transcribed to."""

    content: str | None = None


class Media(Struct):
    """An address that is good for five minutes; `aeskey` only in the long connection."""

    url: str | None = None
    aeskey: str | None = None


class Item(Struct):
    """A part of a mixed message."""

    msgtype: str = ""
    text: Text | None = None
    image: Media | None = None


class Mixed(Struct):
    """Words and pictures in one message."""

    msg_item: list[Item] | None = None


class Content(Struct):
    """What was said, or what is quoted."""

    msgtype: str = ""
    text: Text | None = None
    image: Media | None = None
    voice: Text | None = None
    file: Media | None = None
    video: Media | None = None
    mixed: Mixed | None = None

    @property
    def words(self) -> str:
        """The text of it; a short stand-in such as `[图片]` where there are no words."""
        said = "\n".join(words for words in self._words() if words)
        return said or _STAND_INS.get(self._first_medium(), "")

    def attachments(self) -> tuple[Attachment, ...]:
        """Everything that can still be fetched."""
        media: list[tuple[MediaKind, Media | None]] = [
            (MediaKind.IMAGE, self.image),
            (MediaKind.FILE, self.file),
            (MediaKind.VIDEO, self.video),
            *((MediaKind.IMAGE, item.image) for item in self._items()),
        ]
        return tuple(
            Attachment(kind=kind, ref=one.url, key=one.aeskey or "")
            for kind, one in media
            if one is not None and one.url and len(one.url) <= _MAX_URL
        )

    def _words(self) -> Iterator[str]:
        for part in (self.text, self.voice, *(item.text for item in self._items())):
            if part is not None and part.content:
                yield part.content

    def _items(self) -> list[Item]:
        return (self.mixed.msg_item or [])[:_MAX_ITEMS] if self.mixed is not None else []

    def _first_medium(self) -> str:
        if self.msgtype == "mixed":
            return "image" if self._items() else ""
        return self.msgtype


class Sender(Struct):
    """Who did it: an id of the corporation, or an encrypted one (`wo…`)."""

    userid: str | None = None


class Stream(Struct):
    """The reply that the platform asks about again."""

    id: str = ""


class Option(Struct):
    """What was ticked of one question of a card."""

    question_key: str = ""
    option_ids: dict[str, list[str]] | None = None


class Selected(Struct):
    """All that was ticked of a card."""

    selected_item: list[Option] | None = None


class CardClick(Struct):
    """A button of a card that was pressed."""

    card_type: str = ""
    event_key: str = ""
    task_id: str = ""
    selected_items: Selected | None = None


class Feedback(Struct):
    """What a person thinks of a reply. type: 1 good, 2 bad, 3 taken back."""

    id: str = ""
    type: int = 0
    content: str | None = None
    inaccurate_reason_list: list[int] | None = None


class Event(Struct):
    """Something that happened."""

    eventtype: str = ""
    template_card_event: CardClick | None = None
    feedback_event: Feedback | None = None


class Body(Content, rename={"sender": "from"}):
    """A whole callback: a message, an event, or a question about a stream."""

    msgid: str = ""
    aibotid: str = ""
    chatid: str | None = None
    chattype: str = ""
    sender: Sender = field(default_factory=Sender)
    create_time: int | None = None
    response_url: str | None = None
    quote: Content | None = None
    stream: Stream | None = None
    event: Event | None = None

    @property
    def user(self) -> str:
        """Who did it; "" for the platform itself."""
        return self.sender.userid or ""

    @property
    def chat(self) -> str:
        """The group; "" in a private chat."""
        return (self.chatid or "") if self.chattype == "group" else ""


_DECODER: Final = msgspec.json.Decoder(Body)


def read(data: str | bytes | Raw) -> Body:
    """Read and bound a callback. Raises `BadCallback`."""
    try:
        octets = data.encode() if isinstance(data, str) else bytes(data)
        if len(octets) > MAX_BODY_BYTES:
            raise BadCallback("消息太大", 413)
        body = _DECODER.decode(octets)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadCallback("消息不是合格的 JSON", 400) from None
    for name, value in (
        ("msgid", body.msgid),
        ("chatid", body.chatid or ""),
        ("userid", body.user),
        ("aibotid", body.aibotid),
    ):
        if len(value) > _MAX_ID:
            raise BadCallback(f"消息的 {name} 太长", 400)
    if not body.msgtype:
        raise BadCallback("消息没有 msgtype", 400)
    return body


def check(body: Body, bot_id: str) -> None:
    """What a message or an event must have to be stored. Raises `BadCallback`."""
    if bot_id and body.aibotid and body.aibotid != bot_id:
        raise BadCallback("消息的 aibotid 不是本机器人")
    if not body.msgid:
        raise BadCallback("消息没有 msgid", 400)
    if body.chattype == "group" and not body.chatid:
        raise BadCallback("群消息没有 chatid", 400)
