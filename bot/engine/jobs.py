"""Work beside the messages: claims due jobs, runs the worker of their kind, writes down the end.

A worker is an async function outside any transaction. What it returns is a function that runs in
the one transaction which also settles the job, so that its effects and its end are one. A crash in
between leaves the row `running`; at the next start the job begins anew: workers are idempotent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog
from msgspec import Struct

from bot.engine.context import Scene
from bot.engine.outbox import backoff
from bot.engine.tasks import Tasks
from bot.errors import JobDeferred, JobRefused, StorageError
from bot.models import Job, JobState
from bot.ports import Clock, Database, Store
from bot.services.knowledge import Knowledge

log = structlog.get_logger()

# With the backoff's five minutes at most, about half an hour of trying.
MAX_ATTEMPTS = 12
AT_ONCE = 8
DATABASE_PAUSE = 1.0
# Somebody without a way to wake us may have added a job.
LONGEST_SLEEP = 5.0

Result = Callable[[Scene], None]
Work = Callable[[Job], Awaitable[Result | None]]


class Worker(Struct, frozen=True, kw_only=True):
    """Who does the jobs of a kind.

    `work` raises `JobRefused` when trying again cannot help; every other error is tried again.
    `give_up` runs in the transaction that declares a job dead, with the reason.
    """

    work: Work
    give_up: Callable[[Scene, Job, str], None] | None = None
    patience: float = 120.0


class JobRunner:
    """Runs what is due, several side by side."""

    def __init__(
        self,
        database: Database,
        workers: Mapping[str, Worker],
        knowledge: Knowledge,
        clock: Clock,
    ) -> None:
        self._database = database
        self._workers = workers
        self._knowledge = knowledge
        self._clock = clock
        self._wake = asyncio.Event()
        self._tasks = Tasks()
        self._serving = False
        self._at_rest = asyncio.Event()
        self._at_rest.set()
        self.on_said: Callable[[], None] = lambda: None
        self.on_settled: Callable[[Job, JobState], None] = lambda job, state: None

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    async def resume(self) -> int:
        """After a start: jobs that had begun are queued again; returns how many."""
        count = await self._database.write(lambda store: store.jobs.interrupted())
        if count:
            log.warning("interrupted jobs begin anew", count=count)
        return count

    async def run(self) -> None:
        """Work until stopped. A database that fails is tried again until it does not."""
        self._serving = True
        self._at_rest.clear()
        try:
            while self._serving:
                self._wake.clear()
                try:
                    await self._start_due()
                except Exception as error:
                    log.exception("jobs cannot be read", error=type(error).__name__)
                    await asyncio.sleep(DATABASE_PAUSE)
        finally:
            self._at_rest.set()

    async def drain(self) -> None:
        """Do everything that is due now, one after the other (replay and tests)."""
        while jobs := await self._claim(AT_ONCE):
            for job in jobs:
                await self._do(job)

    async def stop(self, seconds: float = 5.0) -> None:
        """Begin nothing more; what does not end in time begins anew at the next start."""
        self._serving = False
        self.wake()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._at_rest.wait()
        await self._tasks.drain(seconds)

    async def _start_due(self) -> None:
        free = AT_ONCE - self._tasks.running
        for job in await self._claim(free) if free > 0 else ():
            self._tasks.spawn(self._do_and_wake(job), f"job {job.kind} {job.id}")
        due = await self._database.read(lambda store: store.jobs.next_due())
        seconds = LONGEST_SLEEP
        if due is not None and self._tasks.running < AT_ONCE:
            seconds = min(seconds, max(0.05, (due - self._clock.now()).total_seconds()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _claim(self, limit: int) -> list[Job]:
        now = self._clock.now()
        due = await self._database.read(lambda store: store.jobs.next_due())
        if due is None or due > now:
            return []
        return list(await self._database.write(lambda store: store.jobs.claim(now, limit)))

    async def _do_and_wake(self, job: Job) -> None:
        await self._do(job)
        self.wake()

    async def _do(self, job: Job) -> None:
        worker = self._workers.get(job.kind)
        if worker is None:
            await self._bury(job, None, f"没有人会做「{job.kind}」")
            return
        if job.attempts >= MAX_ATTEMPTS:
            # It was begun that often and never ended: it may be what brings the process down.
            await self._bury(job, worker, "每次都没有做完")
            return
        try:
            async with asyncio.timeout(worker.patience):
                result = await worker.work(job)
            said = await self._write(lambda store: self._finish(store, job, result))
        except Exception as error:
            await self._fail(job, worker, error)
            return
        self.on_settled(job, JobState.DONE)
        if said:
            self.on_said()

    async def _fail(self, job: Job, worker: Worker, error: Exception) -> None:
        asked = error.after if isinstance(error, JobDeferred) else None
        # Another library's message may hold what must not be written down.
        reason = str(error) if isinstance(error, JobDeferred | JobRefused) else type(error).__name__
        if isinstance(error, JobRefused) or job.attempts + 1 >= MAX_ATTEMPTS:
            await self._bury(job, worker, reason)
            return
        log.warning("job waits", job=job.id, kind=job.kind, reason=reason)
        now = self._clock.now()
        again = now + timedelta(seconds=backoff(job.attempts, asked))
        await self._write(
            lambda store: store.jobs.settle(
                job.id, JobState.QUEUED, now, error=reason, retry_at=again
            )
        )
        self.on_settled(job, JobState.QUEUED)

    async def _bury(self, job: Job, worker: Worker | None, reason: str) -> None:
        log.error("job is dead", job=job.id, kind=job.kind, reason=reason)
        said = await self._write(lambda store: self._give_up(store, job, worker, reason))
        self.on_settled(job, JobState.DEAD)
        if said:
            self.on_said()

    def _finish(self, store: Store, job: Job, result: Result | None) -> int:
        now = self._clock.now()
        scene = Scene(store, self._knowledge, now, cause=job.cause)
        if result is not None:
            result(scene)
        store.jobs.settle(job.id, JobState.DONE, now)
        return scene.said

    def _give_up(self, store: Store, job: Job, worker: Worker | None, reason: str) -> int:
        now = self._clock.now()
        scene = Scene(store, self._knowledge, now, cause=job.cause)
        store.jobs.settle(job.id, JobState.DEAD, now, error=reason)
        if worker is not None and worker.give_up is not None:
            try:
                with store.savepoint():
                    worker.give_up(scene, job, reason)
            except StorageError:
                raise
            except Exception as error:
                log.exception("giving up failed", kind=job.kind, error=type(error).__name__)
        return scene.said

    async def _write(self, fn: Callable[[Store], int | None]) -> int:
        """Until it is written down the job would begin anew: a full disk is waited out."""
        while True:
            try:
                return await self._database.write(fn) or 0
            except StorageError as error:
                if not self._serving:
                    raise
                log.error("jobs cannot write", error=type(error).__name__)
                await asyncio.sleep(DATABASE_PAUSE)
