"""Fetching what a message refers to: five minutes, official hosts only, bounded, decrypted.

The address comes from outside, so it decides nothing: https, a host of the platform's own, no
redirects. Inside Tencent's own network those names lead to link-local addresses, so the name is
what is checked, not where it leads.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

import aiohttp
from wechatpy.crypto.cryptography import WeChatCipher

from bot.errors import SendDeferred, SendRefused
from bot.ports import Fetched

# Seen in the platform's document and in callbacks; the number is the platform's own account.
_HOSTS: Final = re.compile(
    r"(?:ww-aibot-img-1258476243\.cos\.[a-z0-9-]+\.myqcloud\.com|(?:[a-z0-9-]+\.)+qq\.com)\Z"
)
_NAME: Final = re.compile(r"filename\*=UTF-8''([^;\s]+)|filename=\"?([^\";]+)\"?", re.IGNORECASE)
_BLOCK: Final = 16
_PAD: Final = 32
_SECONDS: Final = 60.0
_MAX_NAME: Final = 120
_GONE: Final = frozenset({400, 401, 403, 404, 410})


class Media:
    """Fetches for one bot. `origins` (scheme and host) are permitted besides the platform's."""

    def __init__(self, origins: Sequence[str] = ()) -> None:
        self._origins = frozenset(origin.rstrip("/").lower() for origin in origins)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make the connection pool. A second call changes nothing."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_SECONDS, connect=5.0)
            self._session = aiohttp.ClientSession(timeout=timeout)

    async def close(self) -> None:
        """Close the pool. A second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def fetch(self, url: str, key: str, limit: int) -> Fetched:
        """The plain bytes. `key` is base64, with or without its last `=`.

        Raises `SendRefused` (not to be had) or `SendDeferred` (try again).
        """
        if self._session is None:
            raise SendDeferred("通道还没有启动")
        if not self.permits(url):
            raise SendRefused("附件的地址不是企业微信的")
        try:
            async with self._session.get(url, allow_redirects=False) as response:
                _check_status(response.status)
                sealed = await _bounded(response, limit + _PAD)
                disposition = response.headers.get("Content-Disposition", "")
                mime = response.content_type
        except (aiohttp.ClientError, OSError, TimeoutError):
            # aiohttp's errors name the address: they end here.
            raise SendDeferred("附件没有下载下来") from None
        data = decrypt(sealed, key)
        if len(data) > limit:
            raise SendRefused("附件太大")
        return Fetched(data, _name(disposition), mime)

    def permits(self, url: str) -> bool:
        """Whether a secret-free request may go there."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if parts.username is not None or parts.password is not None:
            return False
        if f"{parts.scheme}://{parts.netloc}".lower() in self._origins:
            return True
        return parts.scheme == "https" and port in {None, 443} and bool(_HOSTS.fullmatch(host))


def decrypt(sealed: bytes, key: str) -> bytes:
    """AES-256-CBC, the iv the key's first half, PKCS#7 to 32 bytes. Raises `SendRefused`."""
    opener = _opener(key)
    if not sealed or len(sealed) % _BLOCK:
        raise SendRefused("附件不完整，解不开")
    padded: bytes = opener.decrypt(sealed)
    size = padded[-1]
    if not 1 <= size <= _PAD or not padded.endswith(bytes([size]) * size):
        raise SendRefused("附件解不开")
    return padded[:-size]


def _opener(key: str) -> WeChatCipher:
    try:
        octets = base64.b64decode(
            key.rstrip("=") + "=" * (-len(key.rstrip("=")) % 4), validate=True
        )
    except ValueError:
        octets = b""
    if len(octets) != 32:
        raise SendRefused("附件的密钥不对")
    return WeChatCipher(octets, octets[:_BLOCK])


def _check_status(status: int) -> None:
    if status in _GONE:
        raise SendRefused("附件已过期")
    if status != 200:
        raise SendDeferred(f"下载附件时返回 HTTP {status}")


async def _bounded(response: aiohttp.ClientResponse, most: int) -> bytes:
    found = bytearray()
    async for piece in response.content.iter_any():
        found += piece
        if len(found) > most:
            raise SendRefused("附件太大")
    return bytes(found)


def _name(disposition: str) -> str:
    """The file's own name without any path; "" when it has none."""
    found = _NAME.search(disposition)
    if found is None:
        return ""
    name = unquote(found[1] or found[2]).replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in name if sign.isprintable()).strip(" .")[:_MAX_NAME]
