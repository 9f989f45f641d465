"""What the stand-in for an AI bot passes around: callbacks, what was said, errcodes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct


class Said(Struct, frozen=True):
    """What the bot said: how (`aibot_respond_msg` …, `response`, `response_url`), and the text."""

    how: str
    chat: str
    text: str
    at: datetime
    body: dict[str, Any] = {}


class Pushed(Struct, frozen=True):
    """A callback as it was pushed: what a reply may refer to."""

    req_id: str
    body: dict[str, Any]
    at: datetime

    @property
    def is_event(self) -> bool:
        """An event is answered in other ways than a message."""
        return bool(self.body["msgtype"] == "event")

    @property
    def chat(self) -> str:
        """Where it came from: a group's id, or a member's."""
        return str(self.body.get("chatid") or self.body["from"]["userid"])


class Errcode(Exception):
    """Ends a request with an errcode."""

    def __init__(self, errcode: int) -> None:
        super().__init__(errcode)
        self.errcode = errcode


def words_of(body: dict[str, Any]) -> str:
    """The text of anything the bot may say; for a file its media_id. Raises `Errcode`."""
    kind = body.get("msgtype") or body.get("response_type")
    match kind:
        case "stream":
            found = body.get("stream", {}).get("content")
        case "markdown" | "text":
            found = body.get(kind, {}).get("content")
        case "file" | "image" | "voice" | "video":
            found = body.get(kind, {}).get("media_id")
        case "template_card" | "update_template_card" | "stream_with_template_card":
            title = body.get("template_card", {}).get("main_title", {}).get("title", "")
            found = f"{title}{body.get('template_card', {}).get('sub_title_text', '')}"
        case _:
            raise Errcode(40008)
    if not isinstance(found, str):
        raise Errcode(40058)
    return found
