"""For the sysadmin's monitor: alive, ready, numbers."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as FORMAT

from bot.metrics import Metrics
from bot.models import Delivery, JobState
from bot.ports import Clock, Database

log = structlog.get_logger()

PATIENCE = 5.0
# More than that is told as that.
MOST = 10_000
# What one full commit of many messages may take. With less a small write may still succeed while
# a batch of messages is refused: that is not ready.
ROOM: Final = 16 * 2**20


class Health:
    """`/healthz`, `/readyz` and `/metrics`. `folder` is where the data lies."""

    def __init__(
        self,
        database: Database,
        metrics: Metrics,
        ready: Callable[[], bool],
        clock: Clock,
        folder: Path,
    ) -> None:
        self._folder = folder
        self._clock = clock
        self._database = database
        self._metrics = metrics
        self._ready = ready

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        return [
            web.get("/healthz", self.alive),
            web.get("/readyz", self.ready),
            web.get("/metrics", self.metrics),
        ]

    async def alive(self, request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok")

    async def ready(self, request: web.Request) -> web.Response:
        """The dictionary is loaded, there is room, and the database takes a transaction."""
        if not self._ready():
            return web.Response(status=503, text="词典还在加载")
        left = self._room()
        if left < ROOM:
            return web.Response(
                status=503,
                text=f"磁盘快满了，只剩 {left / 2**20:.1f} MiB，请清理磁盘或移走旧备份",
            )
        try:
            async with asyncio.timeout(PATIENCE):
                # A real write: a full disk still lets an empty transaction through.
                await self._database.write(lambda store: store.appeals.next_number("readyz"))
        except Exception:
            return web.Response(status=503, text="数据库写不进去，请检查磁盘和日志")
        return web.Response(text="ok")

    def _room(self) -> int:
        """Bytes left where the data lies."""
        left = shutil.disk_usage(self._folder).free
        self._metrics.disk_free.set(left)
        return left

    async def metrics(self, request: web.Request) -> web.Response:
        """The Prometheus text format."""
        try:
            rows, jobs, due, queued = await self._database.read(
                lambda store: (
                    store.outbox.counts(),
                    store.jobs.counts(),
                    store.outbox.next_due(),
                    len(store.inbox.queued(MOST)),
                )
            )
        except Exception as error:
            log.error("no numbers of rows", error=type(error).__name__)
        else:
            for state in Delivery:
                self._metrics.outbox.labels(state.value).set(rows.get(state, 0))
            for kind in JobState:
                self._metrics.job_rows.labels(kind.value).set(jobs.get(kind, 0))
            late = 0.0 if due is None else max(0.0, (self._clock.now() - due).total_seconds())
            self._metrics.oldest_unsent.set(late)
            self._metrics.queued.set(queued)
        self._room()
        self._metrics.waiting.set(self._database.waiting)
        return web.Response(body=self._metrics.text(), headers={"Content-Type": FORMAT})
