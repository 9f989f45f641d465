"""The platform's end of one long connection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import WSMsgType, web
from msgspec import Struct

from bot.testing.wecom.aibot_rules import Errcode

if TYPE_CHECKING:
    from bot.testing.wecom.aibot import FakeAibot


class _Frame(Struct):
    headers: dict[str, Any]
    cmd: str = ""
    body: dict[str, Any] | None = None


class Socket:
    """Reads requests until the connection ends. Before the subscription nothing else is taken."""

    def __init__(self, fake: FakeAibot) -> None:
        self._fake = fake
        self._response = web.WebSocketResponse(max_msg_size=1024 * 1024, timeout=0.2)
        self._request: web.Request | None = None

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        """The whole life of the connection."""
        self._request = request
        await self._response.prepare(request)
        async for message in self._response:
            if message.type is not WSMsgType.TEXT:
                break
            try:
                frame = msgspec.json.decode(message.data, type=_Frame)
            except msgspec.DecodeError:
                await self._response.close(code=1007)
                break
            if not self._fake.muted:
                await self._take(frame)
        if self._fake.live is self:
            self._fake.live = None
        return self._response

    async def push(self, req_id: str, body: dict[str, Any], *, is_event: bool) -> None:
        """Bring a callback."""
        cmd = "aibot_event_callback" if is_event else "aibot_msg_callback"
        await self.write({"cmd": cmd, "headers": {"req_id": req_id}, "body": body})

    async def write(self, frame: dict[str, Any] | str) -> None:
        """Any frame at all; a string is sent as it is."""
        text = frame if isinstance(frame, str) else msgspec.json.encode(frame).decode()
        if not self._response.closed:
            await self._response.send_str(text)

    async def kick(self, *, half_dead: bool) -> None:
        """Tell that somebody else has subscribed; then nothing is taken here any more."""
        event = {
            "msgid": "kick",
            "aibotid": self._fake.bot_id,
            "msgtype": "event",
            "event": {"eventtype": "disconnected_event"},
        }
        await self.push("kick", event, is_event=True)
        if not half_dead:
            await self.close(1000)

    async def close(self, code: int) -> None:
        """A proper end."""
        await self._response.close(code=code)

    def cut(self) -> None:
        """No end at all: the connection is gone."""
        if self._request is not None and self._request.transport is not None:
            self._request.transport.abort()

    async def _take(self, frame: _Frame) -> None:
        req_id = str(frame.headers.get("req_id", ""))
        body = frame.body or {}
        self._fake.requests.append({"cmd": frame.cmd, "req_id": req_id, "body": body})
        silence = self._fake.silence(frame.cmd)
        if silence is False:
            return
        errcode, found = 0, {}
        try:
            if frame.cmd == "aibot_subscribe":
                errcode = await self._fake.welcome(self, body)
            elif self._fake.live is not self:
                errcode = 853000
            elif frame.cmd != "ping":
                found = self._fake.do(frame.cmd, req_id, body)
        except Errcode as refused:
            errcode = refused.errcode
        if silence is None:
            await self._acknowledge(req_id, errcode, found)

    async def _acknowledge(self, req_id: str, errcode: int, found: dict[str, Any]) -> None:
        frame: dict[str, Any] = {
            "headers": {"req_id": req_id},
            "errcode": errcode,
            "errmsg": "ok" if errcode == 0 else "failed",
        }
        await self.write(frame | {"body": found} if found else frame)
