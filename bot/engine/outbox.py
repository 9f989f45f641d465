"""The one way out: takes due rows, paces them, hands them to their channel, writes down the end.

A crash between handing over and writing down leaves a row `sending`; at the next start it becomes
`uncertain` and is not sent again, because the platforms know no idempotency key.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable, Mapping
from datetime import timedelta

import structlog

from bot.engine.pace import Pace
from bot.engine.tasks import Tasks
from bot.errors import SendDeferred, SendError, SendRefused, SendUncertain
from bot.models import Delivery, Outgoing
from bot.ports import Channel, Clock, Database, Store

log = structlog.get_logger()

MAX_ATTEMPTS = 8
MAX_BACKOFF = 300.0
# A row that is claimed and waits for a connection would be uncertain after a crash though it never
# left: so no more are claimed than a channel has connections.
IN_FLIGHT = 30
DATABASE_PAUSE = 1.0


class OutboxSender:
    """Sends what is queued, the oldest of each receiver first, receivers side by side."""

    def __init__(self, database: Database, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._paces = {
            name: Pace(channel.rate)
            for name, channel in channels.items()
            if channel.rate is not None
        }
        self._wake = asyncio.Event()
        self._tasks = Tasks()
        self._serving = False
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self.on_settled: Callable[[Outgoing, Delivery], None] = lambda row, state: None

    def wake(self) -> None:
        """There is something to send."""
        self._wake.set()

    async def resume(self) -> int:
        """After a start: rows that were being sent become uncertain; returns how many."""
        count = await self._database.write(
            lambda store: store.outbox.interrupted(self._clock.now())
        )
        if count:
            log.warning("interrupted sends are uncertain", count=count)
        self.wake()
        return count

    async def run(self) -> None:
        """Send until stopped. A database that fails is tried again until it does not."""
        self._serving = True
        self._at_rest.clear()
        try:
            while self._serving:
                self._wake.clear()
                try:
                    await self._send_due()
                except Exception as error:
                    log.exception("outbox cannot read", error=type(error).__name__)
                    await asyncio.sleep(DATABASE_PAUSE)
        finally:
            self._at_rest.set()

    async def drain(self) -> None:
        """Send everything that is due now, one after the other (replay and tests)."""
        while rows := await self._claim(IN_FLIGHT):
            for row in rows:
                await self._deliver(row)

    async def stop(self, seconds: float = 5.0) -> None:
        """Take no more rows, and let sends that have begun end."""
        self._serving = False
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._at_rest.wait()
        await self._tasks.drain(seconds)

    async def _send_due(self) -> None:
        free = IN_FLIGHT - self._tasks.running
        for row in await self._claim(free) if free > 0 else ():
            self._tasks.spawn(self._deliver_and_wake(row), f"send {row.id}")
        await self._sleep()

    async def _claim(self, limit: int) -> list[Outgoing]:
        now = self._clock.now()
        return list(await self._database.write(lambda store: store.outbox.claim(now, limit)))

    async def _sleep(self) -> None:
        due = await self._database.read(lambda store: store.outbox.next_due())
        if due is None:
            await self._wake.wait()
            return
        seconds = max(0.05, (due - self._clock.now()).total_seconds())
        try:
            async with asyncio.timeout(min(seconds, 60.0)):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _deliver_and_wake(self, row: Outgoing) -> None:
        await self._deliver(row)
        self.wake()

    async def _deliver(self, row: Outgoing) -> None:
        channel = self._channels.get(row.channel)
        if channel is None:
            await self._settle(row, Delivery.FAILED, error=f"没有通道 {row.channel}")
            return
        wait = self._pace(row)
        if wait > 0:
            until = self._clock.now() + timedelta(seconds=wait)
            await self._write(lambda store: store.outbox.postpone(row.id, until))
            return
        try:
            platform_id = await channel.send(row)
        except SendError as error:
            await self._settle_failure(row, error)
        except Exception as error:
            log.exception("channel broke its promise", channel=row.channel)
            await self._settle_failure(row, SendUncertain(type(error).__name__))
        else:
            await self._settle(row, Delivery.SENT, platform_id=platform_id)

    def _pace(self, row: Outgoing) -> float:
        pace = self._paces.get(row.channel)
        if pace is None:
            return 0.0
        return pace.wait((row.chat, row.user), self._clock.now().timestamp())

    async def _settle_failure(self, row: Outgoing, error: SendError) -> None:
        match error:
            case SendDeferred() if row.attempts + 1 < MAX_ATTEMPTS:
                log.warning("message waits", row=row.id, channel=row.channel, reason=str(error))
                await self._settle(
                    row,
                    Delivery.QUEUED,
                    error=str(error),
                    retry_in=backoff(row.attempts, error.after),
                )
            case SendDeferred() | SendRefused():
                log.error("message not sent", row=row.id, channel=row.channel, reason=str(error))
                await self._settle(row, Delivery.FAILED, error=str(error))
            case _:
                log.error("message uncertain", row=row.id, channel=row.channel)
                await self._settle(row, Delivery.UNCERTAIN, error=str(error))

    async def _settle(
        self,
        row: Outgoing,
        state: Delivery,
        *,
        platform_id: str = "",
        error: str = "",
        retry_in: float | None = None,
    ) -> None:
        now = self._clock.now()
        retry_at = None if retry_in is None else now + timedelta(seconds=retry_in)
        await self._write(
            lambda store: store.outbox.settle(
                row.id, state, now, platform_id=platform_id, error=error, retry_at=retry_at
            )
        )
        self.on_settled(row, state)

    async def _write(self, fn: Callable[[Store], None]) -> None:
        """Until it is written down the row blocks its receiver: a full disk is waited out."""
        while True:
            try:
                return await self._database.write(fn)
            except Exception as error:
                if not self._serving:
                    raise
                log.error("outbox cannot write", error=type(error).__name__)
                await asyncio.sleep(DATABASE_PAUSE)


def backoff(attempts: int, asked: float | None) -> float:
    """Seconds to wait after `attempts` earlier tries: 1, 2, 4 … 300, with a jitter of a fifth."""
    base = min(MAX_BACKOFF, 2.0**attempts) if asked is None else asked
    return base * random.uniform(1.0, 1.2)
