"""The long connection of one AI bot: it subscribes, keeps alive, mends itself, and asks.

            ┌──────────── wait 1 … 30 s ◄──────────────┐
    start ──► connect ──► subscribe ──► live ──► cut, closed, dead, silent
                              │            │
             refused 5 times ─┤            └── disconnected_event
                              ▼                    ▼
                            down  ◄──────────────────   until `resume`

The platform keeps one connection a bot: whoever subscribes later drives the earlier one out. Who
was driven out and comes back drives the other out in turn, without end; so this one stays down
until somebody has looked.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import structlog

from bot.channels.wecom_aibot import frames
from bot.channels.wecom_aibot.asking import Asking
from bot.channels.wecom_aibot.body import read
from bot.channels.wecom_aibot.frames import Frame
from bot.channels.wecom_aibot.pulse import DOWN, End, Pulse, State
from bot.channels.wecom_aibot.timing import DEFAULT, Timing
from bot.errors import BadCallback, SendDeferred

log = structlog.get_logger()

WRONG_SECRET: Final = 853000
_KICK: Final = "disconnected_event"


class Connection:
    """One bot's connection. `run` it in a task; everything else may be called from any other.

    `on_frame` gets messages and events, `on_state` every change, `on_bad` what could not be read.
    """

    def __init__(
        self,
        name: str,
        url: str,
        bot_id: str,
        secret: str,
        *,
        on_frame: Callable[[Frame], None],
        timing: Timing = DEFAULT,
    ) -> None:
        self.name = name
        self.state = State.OFF
        self.timing = timing
        self.on_frame = on_frame
        self.on_state: Callable[[State, End | None], None] = lambda state, end: None
        self.on_bad: Callable[[BadCallback], None] = lambda error: None
        self._url = url
        self._credentials = {"bot_id": bot_id, "secret": secret}
        self._ids = frames.Ids()
        self._asking = Asking(timing.acknowledge)
        self._live = asyncio.Event()
        self._told = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None
        self.failures = 0
        self._refusals = 0

    async def open(self) -> None:
        """Make what connecting needs. A second call changes nothing."""
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=self.timing.connect)
            self._session = aiohttp.ClientSession(timeout=timeout)

    async def close(self) -> None:
        """Close it again."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
        self._set(State.OFF)

    def resume(self) -> None:
        """Somebody has looked: try again at once."""
        self._told.set()

    async def run(self) -> None:
        """Connect again and again, until cancelled."""
        try:
            while True:
                self._told.clear()
                self._set(State.TRYING)
                end = await self._connected()
                self._count(end)
                await self._pause(end)
        finally:
            self._set(State.OFF)

    async def ask(self, cmd: str, body: Any, req_id: str = "") -> Frame:
        """Send a request and return its acknowledgement, whatever errcode it holds.

        Requests under one req_id go one after the other. Raises `SendDeferred` when nothing left,
        `SendUncertain` when it left and no acknowledgement came.
        """
        if not await self._is_ready():
            raise SendDeferred(_WHY.get(self.state, "长连接还没有连上"))
        own = req_id or self._ids.next(cmd)
        return await self._asking.ask(own, frames.encode(cmd, own, body))

    async def _is_ready(self) -> bool:
        if not self._live.is_set() and self.state not in DOWN:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.timing.ready):
                    await self._live.wait()
        return self._live.is_set()

    def _set(self, state: State, end: End | None = None) -> None:
        if state is self.state and end is None:
            return
        self.state = state
        if state is State.LIVE:
            self._live.set()
        else:
            self._live.clear()
        self.on_state(state, end)

    def _count(self, end: End) -> None:
        self._refusals = self._refusals + 1 if end is End.REFUSED else 0
        self.failures = 0 if end is End.SILENT else self.failures + 1

    async def _pause(self, end: End) -> None:
        """Wait for the next try; after being driven out or refused for good, for `resume`."""
        if end is End.KICKED or self._refusals >= self.timing.refusals:
            self._set(State.KICKED if end is End.KICKED else State.REFUSED, end)
            await self._told.wait()
            self.failures = self._refusals = 0
            return
        self._set(State.TRYING, end)
        if end is not End.SILENT:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.timing.wait(self.failures - 1)):
                    await self._told.wait()

    async def _connected(self) -> End:
        """One connection from its beginning to its end."""
        try:
            async with self._socket() as socket:
                end = await self._subscribe(socket)
                return end if end is not None else await self._serve(socket)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError):
            return End.UNREACHABLE
        finally:
            self._live.clear()
            self._asking.lose()

    @asynccontextmanager
    async def _socket(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        if self._session is None:
            raise aiohttp.ClientConnectionError
        async with asyncio.timeout(self.timing.connect):
            socket = await self._session.ws_connect(
                self._url,
                max_msg_size=frames.MAX_FRAME_BYTES,
                timeout=aiohttp.ClientWSTimeout(ws_close=1.0),
            )
        async with socket:
            yield socket

    async def _subscribe(self, socket: aiohttp.ClientWebSocketResponse) -> End | None:
        """None when the platform took the subscription."""
        req_id = self._ids.next(frames.SUBSCRIBE)
        await socket.send_str(frames.encode(frames.SUBSCRIBE, req_id, self._credentials))
        async with asyncio.timeout(self.timing.connect):
            while (frame := await self._next(socket)) is not None:
                if frame.req_id == req_id and frame.errcode is not None:
                    return self._verdict(frame.errcode)
                self._pass_on(frame)
        return End.CLOSED

    def _verdict(self, errcode: int) -> End | None:
        if errcode == 0:
            return None
        log.warning("subscription refused", channel=self.name, errcode=errcode)
        return End.REFUSED if errcode == WRONG_SECRET else End.BUSY

    async def _serve(self, socket: aiohttp.ClientWebSocketResponse) -> End:
        """Live: hand frames on, ping between them, and see when nobody is there any more."""
        loop = asyncio.get_running_loop()
        self._asking.send = socket.send_str
        self._set(State.LIVE)
        pulse = Pulse(loop.time(), self.timing)
        while True:
            try:
                async with asyncio.timeout_at(pulse.due):
                    frame = await self._next(socket)
            except TimeoutError:
                end = pulse.beat(loop.time())
                if end is not None:
                    return end
                async with asyncio.timeout(self.timing.connect):
                    await socket.send_str(frames.encode(frames.PING, self._ids.next(frames.PING)))
                continue
            if frame is None:
                return End.CLOSED
            if self._is_kick(frame):
                return End.KICKED
            pulse.heard(loop.time(), is_message=bool(frame.cmd))
            if pulse.steady:
                self.failures = 0
            self._pass_on(frame)

    async def _next(self, socket: aiohttp.ClientWebSocketResponse) -> Frame | None:
        """The next frame that can be read; None when the connection has ended."""
        while True:
            message = await socket.receive()
            if message.type not in {aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY}:
                return None
            try:
                return frames.decode(message.data)
            except BadCallback as error:
                self.on_bad(error)

    def _is_kick(self, frame: Frame) -> bool:
        if frame.cmd != frames.EVENT:
            return False
        try:
            event = read(frame.body).event
        except BadCallback:
            return False
        return event is not None and event.eventtype == _KICK

    def _pass_on(self, frame: Frame) -> None:
        if frame.cmd in {frames.MESSAGE, frames.EVENT}:
            self.on_frame(frame)
        elif not frame.cmd:
            self._asking.acknowledge(frame)


_WHY: Final = {
    State.KICKED: "长连接被同一个机器人的另一处登录顶掉了，等人确认后重连",
    State.REFUSED: "机器人的 ID 或 Secret 不对，长连接没有建立",
}
