"""OneBot messages: segments and CQ strings, read for what a person said and written without traps.

Source: botuniverse/onebot-11 message/, botuniverse/onebot interface/message/.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from msgspec import Struct

from bot.errors import BadCallback
from bot.models import Attachment, MediaKind

MAX_SEGMENTS: Final = 500
OTHER: Final = "@群友 "
EVERYONE: Final = "@全体成员 "
_CODE: Final = re.compile(r"\[CQ:([A-Za-z0-9_.-]{1,32})((?:,[^\[\],]*)*)\]")
_MEDIA: Final = {
    "image": MediaKind.IMAGE,
    "record": MediaKind.VOICE,
    "voice": MediaKind.VOICE,
    "audio": MediaKind.VOICE,
    "video": MediaKind.VIDEO,
    "file": MediaKind.FILE,
}
# What stands for a message without words, as on the other platforms.
_PLACES: Final = {
    MediaKind.IMAGE: "[图片]",
    MediaKind.VOICE: "[语音]",
    MediaKind.VIDEO: "[视频]",
    MediaKind.FILE: "[文件]",
}
_SIGNS: Final = {
    "face": "",
    "reply": "",
    "anonymous": "",
    "location": "[位置]",
    "share": "[链接]",
    "forward": "[聊天记录]",
    "json": "[卡片]",
    "xml": "[卡片]",
}


class Segment(Struct, frozen=True):
    """One piece of a message."""

    type: str
    data: dict[str, Any] | None = None

    def get(self, key: str) -> str:
        """A value as text; empty when it is not there."""
        value = (self.data or {}).get(key)
        return "" if value is None or isinstance(value, (dict, list)) else str(value)


class Said(Struct, frozen=True):
    """What a person said: words, whether the bot was called, and what came along."""

    text: str
    mentioned: bool
    attachments: tuple[Attachment, ...] = ()

    @property
    def kind(self) -> str:
        """`text`, or what came alone."""
        alone = self.attachments and self.text in _PLACES.values()
        return self.attachments[0].kind.value if alone else "text"


def escape(text: str, *, parameter: bool = True) -> str:
    """A text within a CQ string; commas count only in parameters."""
    text = text.replace("&", "&amp;").replace("[", "&#91;").replace("]", "&#93;")
    return text.replace(",", "&#44;") if parameter else text


def unescape(text: str) -> str:
    """The other way round."""
    if "&" not in text:
        return text
    text = text.replace("&#44;", ",").replace("&#91;", "[").replace("&#93;", "]")
    return text.replace("&amp;", "&")


def read_cq(text: str) -> list[Segment]:
    """A CQ string as segments. What is no code stays text. Takes time linear in the text."""
    found: list[Segment] = []
    start = 0
    for match in _CODE.finditer(text):
        if match.start() > start:
            found.append(_plain(text[start : match.start()]))
        pairs = (pair.partition("=") for pair in match[2].split(",") if pair)
        data = {key: unescape(value) for key, _, value in pairs}
        found.append(Segment(match[1], data))
        start = match.end()
        if len(found) > MAX_SEGMENTS:
            raise BadCallback("消息段太多", 400)
    if start < len(text):
        found.append(_plain(text[start:]))
    return found


def write_cq(segments: Iterable[Segment]) -> str:
    """Segments as a CQ string."""
    return "".join(map(_as_cq, segments))


def understand(message: Sequence[Segment] | str, self_id: str) -> Said:
    """What was said, by segments or a CQ string. Raises `BadCallback` for too many pieces.

    The bot's own mention is taken out; another's is written without a name, because structure has
    said who is meant and a name could be mistaken for the bot's.
    """
    segments = read_cq(message) if isinstance(message, str) else message
    if len(segments) > MAX_SEGMENTS:
        raise BadCallback("消息段太多", 400)
    words, mentioned, attachments = [], False, []
    for segment in segments:
        if segment.type in {"at", "mention"} and _called(segment) == self_id:
            mentioned = True
        elif segment.type in _MEDIA:
            attachments += _attached(segment)
        else:
            words.append(_words(segment))
    text = "".join(words).strip()
    if not text and attachments:
        text = _PLACES[attachments[0].kind]
    return Said(text, mentioned, tuple(attachments))


def _words(segment: Segment) -> str:
    match segment.type:
        case "text":
            return segment.get("text")
        case "at" if _called(segment) == "all":
            return EVERYONE
        case "at" | "mention":
            return OTHER
        case "mention_all":
            return EVERYONE
        case _:
            sign = _SIGNS.get(segment.type, "")
            return sign + (segment.get("title") if sign else "")


def _called(segment: Segment) -> str:
    return segment.get("qq") or segment.get("user_id")


def _attached(segment: Segment) -> list[Attachment]:
    """A picture or file by its address (v11) or id (v12)."""
    name = segment.get("file")
    ref = segment.get("url") or segment.get("file_id") or name
    return [Attachment(kind=_MEDIA[segment.type], ref=ref, name=name)] if ref else []


def _plain(text: str) -> Segment:
    return Segment("text", {"text": unescape(text)})


def _as_cq(segment: Segment) -> str:
    if segment.type == "text":
        return escape(segment.get("text"), parameter=False)
    values = "".join(f",{key}={escape(segment.get(key))}" for key in segment.data or {})
    return f"[CQ:{segment.type}{values}]"
