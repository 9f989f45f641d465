"""Where platforms connect to us by WebSocket: who floods or sends garbage is shown the door."""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Mapping
from functools import partial

import structlog
from aiohttp import WSCloseCode, WSMsgType, web

from bot.engine.engine import Engine
from bot.errors import BadCallback
from bot.metrics import Metrics
from bot.ports import CallbackRequest, SocketChannel

log = structlog.get_logger()

HEARTBEAT_SECONDS = 30.0
CLOSE_SECONDS = 2.0
MOST_FRAMES = 300
FRAMES_SECONDS = 10.0


class WebPeer:
    """Implements `bot.ports.Peer` over a socket of aiohttp."""

    def __init__(self, socket: web.WebSocketResponse, most: int = MOST_FRAMES) -> None:
        self._socket = socket
        self._most = most
        self._times: deque[float] = deque()

    async def send(self, text: str) -> None:
        await self._socket.send_str(text)

    async def receive(self) -> str | None:
        frame = await self._socket.receive()
        if frame.type is WSMsgType.BINARY:
            raise BadCallback("二进制帧", 415)
        if frame.type is not WSMsgType.TEXT:
            return None
        self._count()
        return str(frame.data)

    async def leave(self) -> None:
        await self._socket.close(code=WSCloseCode.GOING_AWAY)

    def _count(self) -> None:
        now = time.monotonic()
        self._times.append(now)
        while self._times[0] <= now - FRAMES_SECONDS:
            self._times.popleft()
        if len(self._times) > self._most:
            raise BadCallback("消息太密", 429)


class Sockets:
    """`/socket/{kind}/{name}` for every channel whose platform connects to us."""

    def __init__(
        self,
        engine: Engine,
        channels: Mapping[str, SocketChannel],
        metrics: Metrics,
        max_frame: int,
        most_frames: int = MOST_FRAMES,
    ) -> None:
        self._engine = engine
        self._channels = channels
        self._metrics = metrics
        self._max_frame = max_frame
        self._most_frames = most_frames
        self._open: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        return [
            web.get(f"/socket/{name}", partial(self.connect, name, channel), allow_head=False)
            for name, channel in self._channels.items()
        ]

    async def close(self) -> None:
        """The service stops: everybody is sent away, to come back later."""
        for socket in tuple(self._open):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def connect(
        self, name: str, channel: SocketChannel, request: web.Request
    ) -> web.StreamResponse:
        """One connection, from its check to its end."""
        asked = CallbackRequest(query=request.query, headers=request.headers)
        try:
            protocol = channel.admit(asked)
        except BadCallback as error:
            self._refuse(name, error)
            return web.Response(status=error.status)
        socket = web.WebSocketResponse(
            protocols=[protocol] if protocol else (),
            heartbeat=HEARTBEAT_SECONDS,
            timeout=CLOSE_SECONDS,
            max_msg_size=self._max_frame,
            compress=False,
        )
        if not socket.can_prepare(request).ok:
            return web.Response(status=426, headers={"Upgrade": "websocket"})
        await socket.prepare(request)
        self._open.add(socket)
        log.info("peer connected", channel=name)
        try:
            await self._talk(name, channel, asked, socket)
        finally:
            self._open.discard(socket)
            log.info("peer left", channel=name)
        return socket

    async def _talk(
        self,
        name: str,
        channel: SocketChannel,
        asked: CallbackRequest,
        socket: web.WebSocketResponse,
    ) -> None:
        code = WSCloseCode.OK
        try:
            peer = WebPeer(socket, self._most_frames)
            await channel.talk(asked, peer, self._engine.receive)
        except BadCallback as error:
            self._refuse(name, error)
            code = (
                WSCloseCode.UNSUPPORTED_DATA
                if error.status == 415
                else WSCloseCode.POLICY_VIOLATION
            )
        except Exception as error:
            log.exception("peer broke the talk", channel=name, error=type(error).__name__)
            code = WSCloseCode.INTERNAL_ERROR
        with contextlib.suppress(ConnectionError):
            await socket.close(code=code)

    def _refuse(self, name: str, error: BadCallback) -> None:
        self._metrics.refused(name)
        log.warning("socket refused", channel=name, reason=error.reason)
