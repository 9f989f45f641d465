"""Calling a OneBot implementation: over the WebSocket that it opened to us, else over its HTTP API.

Source: botuniverse/onebot-11 communication/, api/; botuniverse/onebot connect/, data-protocol/.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from bot.channels.line import Call, Line
from bot.errors import SendDeferred, SendRefused, SendUncertain
from bot.models import Incoming
from bot.ports import Fetched, Peer

ANSWER_SECONDS: Final = 10.0
STORE_PAUSES: Final = (0.5, 1.0, 2.0, 4.0, 8.0)
_NOT_CONNECTED: Final = "OneBot 客户端还没有连上来，也没有设置 api_url"
_HTTP_REASONS: Final = {
    400: "OneBot 说请求不合格",
    401: "OneBot 要 access_token",
    403: "OneBot 说 access_token 不对",
    404: "OneBot 没有这个接口",
    406: "OneBot 不收 JSON",
}


class Result(Struct, frozen=True):
    """What an action came to. `retcode` means what the version says."""

    status: str = ""
    retcode: int = 0
    data: Any = None


class Action(Struct, frozen=True, omit_defaults=True):
    """A call as it stands in a frame."""

    action: str
    params: dict[str, Any]
    echo: str = ""
    own: dict[str, str] = field(default_factory=dict, name="self")


class Wire:
    """One implementation. `by_path`: its HTTP API has an address for each action (v11)."""

    def __init__(
        self, api_url: str, token: str, *, by_path: bool, seconds: float = ANSWER_SECONDS
    ) -> None:
        self._line = Line(api_url, "OneBot", total_seconds=seconds) if api_url else None
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._by_path = by_path
        self._seconds = seconds
        self._peer: Peer | None = None
        self._waiting: dict[str, asyncio.Future[Result]] = {}
        self._numbers = count(1)

    @property
    def has_api(self) -> bool:
        """Whether actions can be called over HTTP."""
        return self._line is not None

    @property
    def connected(self) -> bool:
        """Whether a peer is connected to us."""
        return self._peer is not None

    async def open(self) -> None:
        """Make the connection pool."""
        if self._line is not None:
            await self._line.open()

    async def close(self) -> None:
        """Leave the peer and close the pool."""
        if self._peer is not None:
            await self._peer.leave()
        if self._line is not None:
            await self._line.close()

    async def attach(self, peer: Peer) -> None:
        """This peer takes our calls now; an older connection is half dead and is left."""
        old, self._peer = self._peer, peer
        if old is not None:
            self._give_up()
            await old.leave()

    def detach(self, peer: Peer) -> None:
        """A peer has gone; what was asked of it stays unanswered."""
        if self._peer is peer:
            self._peer = None
            self._give_up()

    def settle(self, frame: dict[str, Any]) -> bool:
        """Whether a frame answers a call; if so, its caller goes on."""
        if "status" not in frame or "retcode" not in frame:
            return False
        waiting = self._waiting.get(str(frame.get("echo", "")))
        if waiting is not None and not waiting.done():
            try:
                waiting.set_result(msgspec.convert(frame, Result))
            except msgspec.ValidationError:
                waiting.set_exception(SendUncertain("OneBot 的回答看不懂"))
        return True

    async def call(self, action: str, params: dict[str, Any], own: dict[str, str]) -> Result:
        """Have an action done. Raises a `SendError`."""
        if self._peer is not None:
            return await self._call_peer(self._peer, action, params, own)
        if self._line is not None:
            return await self._call_api(self._line, action, params, own)
        raise SendDeferred(_NOT_CONNECTED)

    async def _call_peer(
        self, peer: Peer, action: str, params: dict[str, Any], own: dict[str, str]
    ) -> Result:
        echo = f"h{next(self._numbers)}"
        frame = msgspec.json.encode(Action(action, params, echo, own)).decode()
        answer: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting[echo] = answer
        try:
            await peer.send(frame)
            async with asyncio.timeout(self._seconds):
                return await answer
        except TimeoutError:
            raise SendUncertain("OneBot 没有及时回答") from None
        except ConnectionError:
            raise SendUncertain("与 OneBot 的连接中断") from None
        finally:
            del self._waiting[echo]

    async def _call_api(
        self, line: Line, action: str, params: dict[str, Any], own: dict[str, str]
    ) -> Result:
        body = params if self._by_path else Action(action, params, own=own)
        call = Call(
            "POST",
            action if self._by_path else "",
            {},
            body=msgspec.json.encode(body),
            headers=self._headers,
        )
        reply = await line.exchange(call)
        if reply.status in _HTTP_REASONS:
            raise SendRefused(f"{_HTTP_REASONS[reply.status]}（HTTP {reply.status}）")
        if reply.status != 200:
            raise SendDeferred(f"OneBot 返回 HTTP {reply.status}")
        try:
            return msgspec.json.decode(reply.body, type=Result)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise SendUncertain("OneBot 的回答看不懂") from None

    def _give_up(self) -> None:
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(SendUncertain("与 OneBot 的连接中断"))


async def deliver(receive: Callable[[Incoming], Awaitable[object]], incoming: Incoming) -> None:
    """Hand a message over; a socket brings nothing twice, so a full disk is waited out a while."""
    for pause in STORE_PAUSES:
        try:
            await receive(incoming)
        except Exception:  # whatever stopped the commit, it may pass
            await asyncio.sleep(pause)
        else:
            return
    await receive(incoming)


async def fetch_from(url: str, hosts: frozenset[str], limit: int) -> Fetched:
    """A picture by its address, from these hosts only. Raises a `SendError`."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise SendRefused("图片的地址不合格") from None
    if parts.scheme not in {"http", "https"} or parts.username is not None:
        raise SendRefused("图片的地址不合格")
    if host.lower() not in hosts:
        raise SendRefused("图片不在允许的主机上，请把主机名写进 media_hosts")
    origin = f"{parts.scheme}://{host}" + (f":{port}" if port else "")
    line = Line(origin, "图片主机")
    await line.open()
    try:
        path = parts.path.lstrip("/") + (f"?{parts.query}" if parts.query else "")
        reply = await line.exchange(Call("GET", path, {}, lost=SendDeferred), limit)
    finally:
        await line.close()
    if reply.status in {403, 404, 410}:
        raise SendRefused("图片已经取不到了")
    if reply.status != 200:
        raise SendDeferred(f"图片主机返回 HTTP {reply.status}")
    mime = next((v for k, v in reply.headers.items() if k.lower() == "content-type"), "")
    return Fetched(data=reply.body, name=parts.path.rpartition("/")[2], mime=mime)


def host_of(url: str) -> str:
    """The host of an address; empty when it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""
