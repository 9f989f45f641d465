"""The one way out: takes due rows, paces them, hands them to their channel, writes down the end.

A crash between handing over and writing down leaves a row `sending`; at the next start it becomes
`uncertain` and is not sent again, because the platforms know no idempotency key.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from msgspec import Struct

from bot.engine.pace import Pace
from bot.engine.tasks import Tasks
from bot.errors import SendDeferred, SendError, SendNotYet, SendRefused, SendUncertain
from bot.models import Delivery, Outgoing
from bot.ports import Channel, Clock, Database, RememberingChannel, Store, WideChannel

log = structlog.get_logger()

MAX_ATTEMPTS = 8
MAX_BACKOFF = 300.0
# Rows that are out at once in a lane. One that is claimed and waits for a connection would be
# uncertain after a crash though it never left: so a channel that sends more than this side by side
# says so (`in_flight`), and has as many connections.
IN_FLIGHT = 30
CLAIMED_AT_ONCE = 200
DATABASE_PAUSE = 1.0
AN_HOUR = 3600.0


class Ended(Struct, frozen=True):
    """How a claimed row ended; `state` None: it was not tried, and waits until `retry_at`."""

    row: Outgoing
    state: Delivery | None
    platform_id: str = ""
    error: str = ""
    retry_at: datetime | None = None


class OutboxSender:
    """Sends what is queued, the oldest of each receiver first, receivers side by side.

    One turn is one transaction: it writes down what has ended since the last one and claims as many
    rows as there is room for.
    """

    def __init__(self, database: Database, channels: Mapping[str, Channel], clock: Clock) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock
        self._paces = {
            name: Pace(channel.rate)
            for name, channel in channels.items()
            if channel.rate is not None
        }
        self._room = rooms(channels)
        self._out: Counter[str] = Counter()
        self._ended: list[Ended] = []
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
        await self._remember()
        self.wake()
        return count

    async def _remember(self) -> None:
        """The platforms count on over a restart, and some drop what is too much without a word."""
        own = {name: c for name, c in self._channels.items() if isinstance(c, RememberingChannel)}
        short = [channel.memory for channel in own.values() if channel.memory <= AN_HOUR]
        longest = max([*short, *(pace.longest for pace in self._paces.values())], default=0.0)
        for row, at in await self._ended_within(longest):
            if row.channel in self._paces:
                self._paces[row.channel].remember((row.chat, row.user), at.timestamp())
            if row.channel in own and own[row.channel].memory <= AN_HOUR:
                self._recall(own[row.channel], row, at)
        # Few channels count a whole day, and a day has many rows of others.
        for name, channel in own.items():
            if channel.memory > AN_HOUR:
                for row, at in await self._ended_within(channel.memory, name):
                    self._recall(channel, row, at)

    async def _ended_within(
        self, seconds: float, channel: str = ""
    ) -> Sequence[tuple[Outgoing, datetime]]:
        since = self._clock.now() - timedelta(seconds=seconds)
        return await self._database.read(lambda store: store.outbox.ended_since(since, channel))

    def _recall(self, channel: RememberingChannel, row: Outgoing, at: datetime) -> None:
        channel.remember(row, max(0.0, (self._clock.now() - at).total_seconds()))

    async def run(self) -> None:
        """Send until stopped. A database that fails is tried again until it does not."""
        self._serving = True
        self._at_rest.clear()
        try:
            while self._serving:
                self._wake.clear()
                try:
                    if not await self._turn():
                        await self._sleep()
                except Exception as error:
                    log.exception("outbox cannot use the database", error=type(error).__name__)
                    await asyncio.sleep(DATABASE_PAUSE)
        finally:
            self._at_rest.set()

    async def drain(self) -> None:
        """Send everything that is due now, one after the other (replay and tests)."""
        while rows := await self._claim(IN_FLIGHT):
            for row in rows:
                self._ended.append(await self._deliver(row))
                await self._write_down()

    async def stop(self, seconds: float = 5.0) -> None:
        """Take no more rows, let sends that have begun end, and write down how."""
        self._serving = False
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._at_rest.wait()
        await self._tasks.drain(seconds)
        await self._write_down()

    async def _turn(self) -> int:
        """Write down and claim; returns how many rows have gone out."""
        rows = await self._write_down(CLAIMED_AT_ONCE)
        for row in rows:
            self._out[lane_of(row)] += 1
            self._tasks.spawn(self._send(row), f"send {row.id}")
        return len(rows)

    async def _write_down(self, claim: int = 0) -> Sequence[Outgoing]:
        """Settle what has ended; in the same transaction claim at most so many rows.

        What cannot be written down stays, and its row blocks its receiver: a full disk is waited
        out. What ends while this waits for the disk is still `sending` in the ledger: it makes no
        room yet, so that a crash leaves no more unclear than may be out at once.
        """
        ended, now, out = self._ended[:], self._clock.now(), self._out.copy()

        def write(store: Store) -> Sequence[Outgoing]:
            for end in ended:
                _settle(store, end, now)
            return (
                store.outbox.claim(now, claim, lambda lane: self._free(lane, out)) if claim else ()
            )

        if not ended and not claim:
            return ()
        rows = await self._database.write(write)
        del self._ended[: len(ended)]
        for end in ended:
            self._tell(end)
        return rows

    def _tell(self, end: Ended) -> None:
        """Those who watch hear of the end; what they make of it must not stop the sending."""
        if end.state is None or end.state is Delivery.QUEUED:
            return
        try:
            self.on_settled(end.row, end.state)
        except Exception as error:
            log.exception("watcher failed", error=type(error).__name__)

    def _free(self, lane: str, out: Counter[str]) -> int:
        return self._room.get(lane, IN_FLIGHT) - out[lane]

    async def _claim(self, limit: int) -> Sequence[Outgoing]:
        now = self._clock.now()
        return await self._database.write(lambda store: store.outbox.claim(now, limit))

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

    async def _send(self, row: Outgoing) -> None:
        try:
            self._ended.append(await self._deliver(row))
        finally:
            self._out[lane_of(row)] -= 1
            self.wake()

    async def _deliver(self, row: Outgoing) -> Ended:
        channel = self._channels.get(row.channel)
        if channel is None:
            return Ended(row, Delivery.FAILED, error=f"没有通道 {row.channel}")
        wait = self._pace(row)
        if wait > 0:
            return self._later(row, wait)
        try:
            platform_id = await channel.send(row)
        except SendNotYet as error:
            return self._later(row, error.after)
        except SendError as error:
            return self._failure(row, error)
        except Exception as error:
            log.exception("channel broke its promise", channel=row.channel)
            return self._failure(row, SendUncertain(type(error).__name__))
        return Ended(row, Delivery.SENT, platform_id=platform_id)

    def _later(self, row: Outgoing, seconds: float) -> Ended:
        return Ended(row, None, retry_at=self._clock.now() + timedelta(seconds=seconds))

    def _pace(self, row: Outgoing) -> float:
        pace = self._paces.get(row.channel)
        if pace is None:
            return 0.0
        return pace.wait((row.chat, row.user), self._clock.now().timestamp())

    def _failure(self, row: Outgoing, error: SendError) -> Ended:
        match error:
            case SendDeferred() if row.attempts + 1 < MAX_ATTEMPTS:
                log.warning("message waits", row=row.id, channel=row.channel, reason=str(error))
                wait = timedelta(seconds=backoff(row.attempts, error.after))
                at = self._clock.now() + wait
                return Ended(row, Delivery.QUEUED, error=str(error), retry_at=at)
            case SendDeferred() | SendRefused():
                log.error("message not sent", row=row.id, channel=row.channel, reason=str(error))
                return Ended(row, Delivery.FAILED, error=str(error))
            case _:
                log.error("message uncertain", row=row.id, channel=row.channel)
                return Ended(row, Delivery.UNCERTAIN, error=str(error))


def rooms(channels: Mapping[str, Channel]) -> dict[str, int]:
    """Lane → how many rows may be out at once: what its most able channel says."""
    found: dict[str, int] = {}
    for name, channel in channels.items():
        lane = name.partition("/")[0]
        room = channel.in_flight if isinstance(channel, WideChannel) else IN_FLIGHT
        found[lane] = max(found.get(lane, 0), room)
    return found


def lane_of(row: Outgoing) -> str:
    """Rows of one platform share its places."""
    return row.channel.partition("/")[0]


def _settle(store: Store, end: Ended, now: datetime) -> None:
    if end.state is None:
        store.outbox.postpone(end.row.id, end.retry_at or now)
        return
    store.outbox.settle(
        end.row.id,
        end.state,
        now,
        platform_id=end.platform_id,
        error=end.error,
        retry_at=end.retry_at,
    )


def backoff(attempts: int, asked: float | None) -> float:
    """Seconds to wait after `attempts` earlier tries: 1, 2, 4 … 300, with a jitter of a fifth."""
    base = min(MAX_BACKOFF, 2.0**attempts) if asked is None else asked
    return base * random.uniform(1.0, 1.2)
