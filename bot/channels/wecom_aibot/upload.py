"""Uploading a file over the long connection: init, chunks in any order, finish."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import msgspec
from msgspec import Struct

from bot.channels.wecom_aibot import frames
from bot.channels.wecom_aibot.codes import check
from bot.channels.wecom_aibot.frames import Frame
from bot.errors import SendDeferred, SendRefused, SendUncertain
from bot.models import MediaKind

CHUNK_BYTES: Final = 512 * 1024
MAX_CHUNKS: Final = 100
MAX_BYTES: Final = CHUNK_BYTES * MAX_CHUNKS
_TRIES: Final = 3

T = TypeVar("T")

Ask = Callable[[str, Any], Awaitable[Frame]]


class _Begun(Struct):
    upload_id: str = ""


class _Finished(Struct):
    media_id: str = ""


async def upload(ask: Ask, kind: MediaKind, name: str, data: bytes) -> str:
    """Hand a file over; its media_id, good for three days.

    A chunk that was not acknowledged is sent again: the platform takes the same one twice.
    Raises `SendRefused` or `SendDeferred`: an upload alone shows nobody anything.
    """
    if not data:
        raise SendRefused("文件是空的")
    if len(data) > MAX_BYTES:
        raise SendRefused(f"文件太大，最多 {MAX_BYTES // 1024 // 1024} MB")
    chunks = [data[start : start + CHUNK_BYTES] for start in range(0, len(data), CHUNK_BYTES)]
    begun = await _ask(
        ask,
        frames.UPLOAD_INIT,
        {
            "type": kind.value,
            "filename": name,
            "total_size": len(data),
            "total_chunks": len(chunks),
            "md5": hashlib.md5(data, usedforsecurity=False).hexdigest(),
        },
    )
    upload_id = _read(begun, _Begun).upload_id
    # From 0: so the platform's own Node client counts, though a comment in it says 1.
    for index, chunk in enumerate(chunks):
        part = {
            "upload_id": upload_id,
            "chunk_index": index,
            "base64_data": base64.b64encode(chunk).decode(),
        }
        await _ask(ask, frames.UPLOAD_CHUNK, part)
    finished = await _ask(ask, frames.UPLOAD_FINISH, {"upload_id": upload_id})
    media_id = _read(finished, _Finished).media_id
    if not media_id:
        raise SendDeferred("企业微信没有给出 media_id")
    return media_id


async def _ask(ask: Ask, cmd: str, body: dict[str, Any]) -> Frame:
    for tries_left in reversed(range(_TRIES)):
        try:
            frame = await ask(cmd, body)
        except SendUncertain:
            if not tries_left:
                raise SendDeferred("上传文件时没有得到确认") from None
            continue
        check(frame.errcode)
        return frame
    raise AssertionError(cmd)


def _read(frame: Frame, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(frame.body, type=shape)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise SendDeferred("企业微信的回答看不懂") from None
