"""Attachments of an AI bot's messages, good for five minutes, and what the bot uploads."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web
from msgspec import Struct
from wechatpy.crypto.cryptography import WeChatCipher

from bot.ports import Clock
from bot.testing.wecom.aibot_rules import Errcode

GOOD_FOR: Final = timedelta(minutes=5)
CHUNK_BYTES: Final = 512 * 1024
MAX_CHUNKS: Final = 100
SESSION_FOR: Final = timedelta(minutes=30)
_PAD: Final = 32


class Shelved(Struct, frozen=True):
    """An encrypted file behind an address."""

    data: bytes
    name: str
    until: datetime


class Upload(Struct):
    """An upload that has begun."""

    total_size: int
    total_chunks: int
    md5: str
    until: datetime
    kind: str
    name: str
    chunks: dict[int, bytes] = {}


class Uploaded(Struct, frozen=True):
    """A file that the bot handed over."""

    kind: str
    name: str
    data: bytes


class MediaShelf:
    """Hands out what members sent, and takes what the bot sends. `uploaded` by media_id."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count(1)
        self._shelved: dict[str, Shelved] = {}
        self._uploads: dict[str, Upload] = {}
        self.uploaded: dict[str, Uploaded] = {}
        self.status = 200

    def new_key(self) -> str:
        """A key of 32 bytes in base64, as the long connection sends one with each address."""
        return base64.b64encode(secrets.token_bytes(32)).decode()

    def put(self, base_url: str, data: bytes, key: str, name: str) -> str:
        """Encrypt a file and put it behind an address."""
        number = f"{next(self._numbers)}{secrets.token_hex(8)}"
        shelved = Shelved(seal(data, key), name, self._clock.now() + GOOD_FOR)
        self._shelved[number] = shelved
        return f"{base_url}/media/{number}"

    async def hand_out(self, request: web.Request) -> web.Response:
        """A download, without any proof of who asks: the address is the secret."""
        shelved = self._shelved.get(request.match_info["number"])
        if self.status != 200:
            return web.Response(status=self.status)
        if shelved is None or self._clock.now() > shelved.until:
            return web.Response(status=403)
        headers = {}
        if shelved.name:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(shelved.name)}"
        return web.Response(
            body=shelved.data, content_type="application/octet-stream", headers=headers
        )

    def upload(self, step: str, body: dict[str, Any]) -> dict[str, Any]:
        """One step of an upload. Raises `Errcode`."""
        match step:
            case "init":
                return self._begin(body)
            case "chunk":
                return self._chunk(body)
            case _:
                return self._finish(body)

    def _begin(self, body: dict[str, Any]) -> dict[str, Any]:
        chunks, size = body.get("total_chunks"), body.get("total_size")
        if not (isinstance(chunks, int) and 1 <= chunks <= MAX_CHUNKS and isinstance(size, int)):
            raise Errcode(40058)
        upload_id = secrets.token_hex(12)
        self._uploads[upload_id] = Upload(
            size,
            chunks,
            str(body.get("md5", "")),
            self._clock.now() + SESSION_FOR,
            str(body.get("type")),
            str(body.get("filename")),
            {},
        )
        return {"upload_id": upload_id}

    def _chunk(self, body: dict[str, Any]) -> dict[str, Any]:
        """Any order, and the same one twice; counted from 0, as the official client does."""
        upload, index = self._open(body), body.get("chunk_index")
        data = base64.b64decode(str(body.get("base64_data", "")), validate=True)
        if not isinstance(index, int) or not 0 <= index < upload.total_chunks:
            raise Errcode(40058)
        if not 0 < len(data) <= CHUNK_BYTES:
            raise Errcode(45002)
        upload.chunks[index] = data
        return {}

    def _finish(self, body: dict[str, Any]) -> dict[str, Any]:
        upload = self._open(body)
        data = b"".join(upload.chunks[index] for index in sorted(upload.chunks))
        whole = len(upload.chunks) == upload.total_chunks and len(data) == upload.total_size
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if not whole or (upload.md5 and upload.md5 != digest):
            raise Errcode(40058)
        media_id = secrets.token_urlsafe(24)
        self.uploaded[media_id] = Uploaded(upload.kind, upload.name, data)
        created = str(int(self._clock.now().timestamp()))
        return {"type": upload.kind, "media_id": media_id, "created_at": created}

    def _open(self, body: dict[str, Any]) -> Upload:
        upload = self._uploads.get(str(body.get("upload_id")))
        if upload is None or self._clock.now() > upload.until:
            raise Errcode(40058)
        return upload


def seal(data: bytes, key: str) -> bytes:
    """AES-256-CBC with PKCS#7 to 32 bytes, as attachments are."""
    octets = base64.b64decode(key + "=" * (-len(key) % 4))
    size = _PAD - len(data) % _PAD
    sealed: bytes = WeChatCipher(octets, octets[:16]).encrypt(data + bytes([size]) * size)
    return sealed
