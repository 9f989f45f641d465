"""The one thread that writes. Waiting functions share a commit, each in its own savepoint.

The event loop collects; one batch at a time is handed over, the next leaves when it has landed.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bot.errors import StorageError

MAX_BATCH = 256


@dataclass(slots=True)
class Job:
    """A function that waits for its transaction, and the one who waits for its result."""

    run: Callable[[], Any]
    future: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Writer:
    """Runs functions in `BEGIN IMMEDIATE` transactions on a thread of its own."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="haitang-writer")
        self._pending: list[Job] = []
        self._busy = False
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def waiting(self) -> int:
        """Functions that wait for a batch to leave."""
        return len(self._pending)

    async def submit(self, run: Callable[[], Any]) -> Any:
        """Run in a transaction; the result arrives after the commit."""
        if self._closed:
            raise StorageError("数据库正在关闭。")
        loop = asyncio.get_running_loop()
        job = Job(run, loop.create_future())
        self._pending.append(job)
        if not self._busy:
            # Not at once: whoever comes in the same turn of the loop shares the commit.
            self._busy = True
            self._idle.clear()
            loop.call_soon(self._hand_over, loop)
        return await job.future

    async def aside(self, statement: str) -> None:
        """Run a statement between two transactions, on the same thread."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._connection.execute, statement)

    async def close(self) -> None:
        """Finish what waits, then stop the thread."""
        self._closed = True
        await self._idle.wait()
        await asyncio.to_thread(self._thread.shutdown)

    def _hand_over(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._pending = self._pending[:MAX_BATCH], self._pending[MAX_BATCH:]
        self._thread.submit(self._work, batch, loop)

    def _work(self, batch: list[Job], loop: asyncio.AbstractEventLoop) -> None:
        self._commit(batch)
        loop.call_soon_threadsafe(self._landed, batch, loop)

    def _landed(self, batch: list[Job], loop: asyncio.AbstractEventLoop) -> None:
        if self._pending:
            self._hand_over(loop)
        else:
            self._busy = False
            self._idle.set()
        for job in batch:
            if job.future.done():  # the one who waited went away; the commit stands
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            else:
                job.future.set_result(job.result)

    def _commit(self, batch: list[Job]) -> None:
        execute = self._connection.execute
        try:
            execute("BEGIN IMMEDIATE")
            for job in batch:
                self._run_one(job)
            execute("COMMIT")
        except BaseException as error:
            for job in batch:
                job.error = job.error or _told(error)
            self._roll_back()

    def _roll_back(self) -> None:
        # When even this fails, the next batch cannot begin and fails too: nothing is acknowledged
        # that is not on disk, and nobody waits for ever.
        with contextlib.suppress(sqlite3.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _run_one(self, job: Job) -> None:
        execute = self._connection.execute
        execute("SAVEPOINT job")
        try:
            job.result = job.run()
        except Exception as error:
            job.error = _told(error)
            # A full disk makes SQLite roll back everything by itself: then the batch is lost
            # as a whole, and nothing of it may be acknowledged.
            if not self._connection.in_transaction:
                raise
            execute("ROLLBACK TO job")
        execute("RELEASE job")


def _told(error: BaseException) -> BaseException:
    """The error as the one who waits gets it."""
    if isinstance(error, sqlite3.OperationalError):
        return StorageError(f"数据库写不进去（{error}），请检查磁盘。")
    if isinstance(error, StopIteration):
        # A future takes none: it would end the loop that hands out the results.
        return RuntimeError(repr(error))
    return error
