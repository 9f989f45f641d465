"""Frames of the long connection: JSON text `{cmd, headers: {req_id}, body}`.

An acknowledgement has no `cmd` but `errcode` and `errmsg`, under the req_id of what it answers.
"""

from __future__ import annotations

import itertools
import secrets
from typing import Any, Final

import msgspec
from msgspec import Raw, Struct

from bot.errors import BadCallback

SUBSCRIBE: Final = "aibot_subscribe"
PING: Final = "ping"
MESSAGE: Final = "aibot_msg_callback"
EVENT: Final = "aibot_event_callback"
RESPOND: Final = "aibot_respond_msg"
WELCOME: Final = "aibot_respond_welcome_msg"
UPDATE_CARD: Final = "aibot_respond_update_msg"
PUSH: Final = "aibot_send_msg"
UPLOAD_INIT: Final = "aibot_upload_media_init"
UPLOAD_CHUNK: Final = "aibot_upload_media_chunk"
UPLOAD_FINISH: Final = "aibot_upload_media_finish"

# A chunk of 512 KiB is 700 KB of base64; nothing else comes near.
MAX_FRAME_BYTES: Final = 1024 * 1024
_MAX_ID: Final = 256
_EMPTY: Final = Raw(b"{}")


class _Headers(Struct, frozen=True):
    req_id: str = ""


class _Wire(Struct, omit_defaults=True):
    cmd: str = ""
    headers: _Headers = _Headers()
    body: Raw = _EMPTY
    errcode: int | None = None
    errmsg: str = ""


class Frame(Struct, frozen=True):
    """One frame. `body` is still JSON: who needs it knows its shape. None: no errcode was given."""

    cmd: str
    req_id: str
    body: Raw = _EMPTY
    errcode: int | None = None

    def __repr__(self) -> str:
        return f"Frame(cmd={self.cmd!r}, errcode={self.errcode})"


_DECODER: Final = msgspec.json.Decoder(_Wire)
_ENCODER: Final = msgspec.json.Encoder()


def decode(data: str | bytes) -> Frame:
    """Read a frame. Raises `BadCallback` for everything that is none."""
    if len(data) > MAX_FRAME_BYTES:
        raise BadCallback("帧太大", 413)
    try:
        wire = _DECODER.decode(data)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise BadCallback("帧不是合格的 JSON", 400) from None
    if len(wire.headers.req_id) > _MAX_ID:
        raise BadCallback("帧的 req_id 太长", 400)
    return Frame(wire.cmd, wire.headers.req_id, wire.body, wire.errcode)


def encode(cmd: str, req_id: str, body: Any = None) -> str:
    """Write a frame that asks something of the platform; `ping` has no body."""
    frame: dict[str, Any] = {"cmd": cmd, "headers": {"req_id": req_id}}
    if body is not None:
        frame["body"] = body
    return _ENCODER.encode(frame).decode()


class Ids:
    """Ids for our own requests: the command first, as the official clients write them."""

    def __init__(self) -> None:
        self._run = secrets.token_hex(6)
        self._numbers = itertools.count(1)

    def next(self, cmd: str) -> str:
        """An id that this process did not use before."""
        return f"{cmd}_{self._run}_{next(self._numbers)}"
