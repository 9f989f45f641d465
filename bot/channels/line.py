"""A line to a platform over HTTP: bounded in time and size, its failures told as send errors.

Addresses carry tokens and keys, and aiohttp's errors carry addresses: they end here. No error
names an address, a token or the platform's own words.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Final, TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec
from msgspec import Struct

from bot.channels.pool import Pool
from bot.errors import SendDeferred, SendError, SendUncertain

CONNECT_SECONDS: Final = 3.0
TOTAL_SECONDS: Final = 10.0
MAX_ANSWER_BYTES: Final = 1024 * 1024

T = TypeVar("T")


class Call(Struct, frozen=True):
    """One request. `lost` is raised when it left and no usable answer came, `oversize` (by default
    the same) when the answer is too long.

    `form` builds a multipart body anew for each try; it goes before `body`, which is JSON.
    `headers` may carry a secret and are not shown.
    """

    method: str
    path: str
    query: dict[str, str]
    lost: type[SendError] = SendUncertain
    body: bytes | None = None
    form: Callable[[], aiohttp.FormData] | None = None
    headers: Mapping[str, str] = {}
    oversize: type[SendError] | None = None

    def __repr__(self) -> str:
        return f"Call({self.method} {self.path})"


class Reply(Struct, frozen=True):
    """What came back: headers in the platform's spelling, at most the bytes that were allowed."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line:
    """Requests to one base address. `open` it inside a running loop.

    `platform` is how people call the other side, such as 企业微信. `pool`: connections that others
    use too.
    """

    def __init__(
        self,
        base_url: str,
        platform: str,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
        wall: Callable[[], float] = time.time,
        pool: Pool | None = None,
    ) -> None:
        self.platform = platform
        self.base_url = base_url.rstrip("/") + "/"
        # Waiting for a free connection counts as connecting: whatever happens before that ends,
        # the request has not left.
        self._timeout = aiohttp.ClientTimeout(total=total_seconds, connect=connect_seconds)
        self._session: aiohttp.ClientSession | None = None
        self._pool = pool or Pool()
        self._wall = wall
        self.skew: float | None = None

    async def open(self) -> None:
        """Open the connections. A second call changes nothing."""
        if self._session is None:
            self._session = await self._pool.open()

    async def close(self) -> None:
        """Close them. A second call changes nothing."""
        session, self._session = self._session, None
        if session is not None:
            await self._pool.close()

    async def ask(self, call: Call, shape: type[T]) -> T:
        """Make a call and read its JSON answer. Raises a `SendError`."""
        reply = await self.fetch(call)
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise call.lost(f"{self.platform}的回答看不懂") from None

    async def fetch(self, call: Call, max_bytes: int = MAX_ANSWER_BYTES) -> Reply:
        """Make a call whose answer may be anything of at most `max_bytes` with status 200."""
        reply = await self.exchange(call, max_bytes)
        if reply.status != 200:
            raise SendDeferred(f"{self.platform}返回 HTTP {reply.status}")
        return reply

    async def exchange(self, call: Call, max_bytes: int = MAX_ANSWER_BYTES) -> Reply:
        """Send and read, whatever the status. Redirects are not followed."""
        if self._session is None:
            raise SendDeferred("通道还没有启动")
        try:
            async with self._session.request(
                call.method,
                self.base_url + call.path,
                params=call.query or None,
                data=call.form() if call.form is not None else call.body,
                headers=({"Content-Type": "application/json"} if call.body else {})
                | dict(call.headers),
                allow_redirects=False,
                timeout=self._timeout,
            ) as response:
                self._compare_clocks(response.headers.get("Date", ""))
                body = await _bounded(response, max_bytes)
                if body is None:
                    raise (call.oversize or call.lost)(f"{self.platform}的回答太长")
                return Reply(response.status, dict(response.headers), body)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise SendDeferred(f"连不上{self.platform}") from None
        except TimeoutError:
            raise call.lost(f"{self.platform}没有及时回答") from None
        except (aiohttp.ClientError, OSError):
            raise call.lost(f"与{self.platform}的连接中断") from None

    def _compare_clocks(self, date: str) -> None:
        """`skew` is how many seconds the platform is ahead of us, by its last response."""
        with contextlib.suppress(ValueError, TypeError):
            self.skew = parsedate_to_datetime(date).timestamp() - self._wall()


async def _bounded(response: aiohttp.ClientResponse, max_bytes: int) -> bytes | None:
    """The body; None when it has more than `max_bytes`."""
    found = bytearray()
    async for piece in response.content.iter_any():
        found += piece
        if len(found) > max_bytes:
            return None
    return bytes(found)


def is_safe_base(url: str) -> bool:
    """Whether secrets may go there: https, or plain http to this very machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.username is not None or parts.query or parts.fragment or not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
