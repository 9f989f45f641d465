"""Looks whether what is to be said gets out, whether the groups are still heard and the disk has
room; says so once, and says when it is over.
"""

from __future__ import annotations

import asyncio
import time as clocks
from collections.abc import Awaitable, Callable
from datetime import datetime, time, timedelta

import structlog
from msgspec import Struct

from bot.metrics import Metrics
from bot.models import SHANGHAI
from bot.ports import Clock, Database

log = structlog.get_logger()

LOOK_SECONDS = 30.0
BEAT_SECONDS = 0.5
LATE = timedelta(minutes=2)
ACTIVE = (time(8), time(20))
# Told below the one, over from the other on.
LITTLE_ROOM, ROOM_AGAIN = 1024 * 2**20, 1280 * 2**20


class Words(Struct, frozen=True):
    """What is said to whoever looks after the machine."""

    stalled: Callable[[int], str]
    flowing: str
    silent: Callable[[str, int], str]
    heard: Callable[[str], str]
    no_backup: Callable[[str], str]
    full: Callable[[int], str]
    roomy: str


class Vigil:
    """`tell` writes an alarm down to be sent. `silent_hours` 0: silence is never told of. `room` is
    how many bytes are left where the data lies."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        metrics: Metrics,
        words: Words,
        silent_hours: int,
        tell: Callable[[str], Awaitable[None]],
        room: Callable[[], int],
    ) -> None:
        self._room = room
        self._cramped = False
        self._database = database
        self._clock = clock
        self._metrics = metrics
        self._words = words
        self._silence = timedelta(hours=silent_hours)
        self._tell = tell
        self._sent_at = clock.now()
        self._stalled = False
        self._heard: dict[str, datetime] = {}
        self._silent: set[str] = set()

    def sent(self) -> None:
        """Something got out."""
        self._sent_at = self._clock.now()

    def heard(self, channel: str) -> None:
        """Something came in."""
        self._heard[channel] = self._clock.now()

    async def no_backup(self, why: str) -> None:
        """The night's backup could not be made."""
        await self._tell(self._words.no_backup(why))

    async def run(self) -> None:
        """Look from time to time, for as long as the service runs."""
        while True:
            try:
                await self.look()
            except Exception as error:  # the next look may find the disk mended
                log.error("vigil cannot look", error=type(error).__name__)
            await asyncio.sleep(LOOK_SECONDS)

    async def beat(self) -> None:
        """How late the loop wakes whoever waits: the worst of a while is the lag."""
        worst, since = 0.0, clocks.monotonic()
        while True:
            started = clocks.monotonic()
            await asyncio.sleep(BEAT_SECONDS)
            now = clocks.monotonic()
            worst = max(worst, now - started - BEAT_SECONDS)
            if now - since > LOOK_SECONDS:
                self._metrics.loop_lag.set(worst)
                worst, since = 0.0, now

    async def look(self) -> None:
        """Once; each state is told when it begins and when it ends."""
        now = self._clock.now()
        late = await self.oldest_unsent(now)
        stalled = late > LATE and now - self._sent_at > LATE
        if stalled and not self._stalled:
            log.error("nothing gets out", oldest_seconds=int(late.total_seconds()))
            await self._tell(self._words.stalled(int(late.total_seconds() // 60)))
        elif self._stalled and late <= LATE:
            await self._tell(self._words.flowing)
        self._stalled = stalled or (self._stalled and late > LATE)
        await self._measure()
        if self._silence:
            await self._listen(now)

    async def _measure(self) -> None:
        """While an alarm can still be written down: a full disk takes none."""
        left = await asyncio.to_thread(self._room)
        self._metrics.disk_free.set(left)
        if left < LITTLE_ROOM and not self._cramped:
            self._cramped = True
            log.warning("little room on the disk", mebibytes=left // 2**20)
            await self._tell(self._words.full(left // 2**20))
        elif left >= ROOM_AGAIN and self._cramped:
            self._cramped = False
            await self._tell(self._words.roomy)

    async def oldest_unsent(self, now: datetime) -> timedelta:
        """For how long the oldest has been due that is not out."""
        due = await self._database.read(lambda store: store.outbox.next_due())
        late = timedelta(0) if due is None else max(timedelta(0), now - due)
        self._metrics.oldest_unsent.set(late.total_seconds())
        return late

    async def _listen(self, now: datetime) -> None:
        local = now.astimezone(SHANGHAI)
        opened = datetime.combine(local.date(), ACTIVE[0], SHANGHAI)
        for channel, last in list(self._heard.items()):
            quiet = now - max(last, opened) > self._silence and local.time() < ACTIVE[1]
            if quiet and channel not in self._silent:
                self._silent.add(channel)
                hours = int(self._silence.total_seconds() // 3600)
                await self._tell(self._words.silent(channel, hours))
            elif channel in self._silent and now - last < self._silence:
                self._silent.discard(channel)
                await self._tell(self._words.heard(channel))
