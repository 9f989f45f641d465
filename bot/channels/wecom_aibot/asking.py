"""Requests over the long connection and their acknowledgements, matched by req_id."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.channels.wecom_aibot.frames import Frame
from bot.errors import SendDeferred, SendUncertain

Send = Callable[[str], Awaitable[None]]


class Asking:
    """Requests that wait. `send` is the present connection's; None while there is none."""

    def __init__(self, seconds: float) -> None:
        self.send: Send | None = None
        self._seconds = seconds
        self._waiting: dict[str, asyncio.Future[Frame]] = {}
        self._turns: dict[str, tuple[asyncio.Lock, int]] = {}

    async def ask(self, req_id: str, data: str) -> Frame:
        """Send and wait for the acknowledgement, after all others of the same id.

        Raises `SendDeferred` when nothing left, `SendUncertain` when no acknowledgement came.
        """
        async with self._turn(req_id):
            if self.send is None:
                raise SendDeferred("长连接断了")
            answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
            self._waiting[req_id] = answer
            try:
                async with asyncio.timeout(self._seconds):
                    await self._hand_over(self.send, data)
                    return await answer
            except TimeoutError:
                raise SendUncertain("企业微信没有及时确认") from None
            finally:
                self._waiting.pop(req_id, None)

    def acknowledge(self, frame: Frame) -> None:
        """An answer came. Nobody may wait for it any more: then it is too late."""
        answer = self._waiting.get(frame.req_id)
        if answer is not None and not answer.done():
            answer.set_result(frame)

    def lose(self) -> None:
        """The connection has ended: whoever waits will get no answer."""
        self.send = None
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(SendUncertain("等确认时长连接断了"))

    async def _hand_over(self, send: Send, data: str) -> None:
        try:
            await send(data)
        except (ConnectionError, RuntimeError):
            raise SendDeferred("长连接断了，没有发出去") from None

    @asynccontextmanager
    async def _turn(self, req_id: str) -> AsyncIterator[None]:
        """One at a time under an id; the lock is forgotten with its last user."""
        lock, users = self._turns.get(req_id, (asyncio.Lock(), 0))
        self._turns[req_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._turns[req_id]
            if users == 1:
                del self._turns[req_id]
            else:
                self._turns[req_id] = (lock, users - 1)
