"""Time: the real clock, and the bell that APScheduler rings. The bell holds no truth."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.models import SHANGHAI


class SystemClock:
    """Implements `bot.ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Bell:
    """Rings every second. What is due is a question to the database, so that nothing is lost by a
    restart, a jump of the clock or a suspended machine."""

    def __init__(self, ring: Callable[[], Awaitable[None]], seconds: float = 1) -> None:
        self._ring = ring
        self._stopped = False
        self._scheduler = AsyncIOScheduler(timezone=SHANGHAI)
        self._scheduler.add_job(
            self._ring_once,
            "interval",
            seconds=seconds,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin to ring in the running loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Fall silent; a bell that never rang stays so."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _ring_once(self) -> None:
        try:
            await self._ring()
        except asyncio.CancelledError:
            # Stopped in the middle of a look: APScheduler would log a traceback for it.
            if not self._stopped:
                raise
