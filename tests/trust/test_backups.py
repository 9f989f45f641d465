"""Backups while many write: whole, complete, and nobody waits for them."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path

import pytest

from bot.app import restore_offline
from storage.database import Database
from tests.trust.figures import Ledger, times
from tests.trust.test_storage import accept, digest, stored

pytestmark = [pytest.mark.trust, pytest.mark.slow]

STALL_MS = 100.0


class Load:
    """Twenty writes at once, again and again. `worst` is the longest wait since it was set to 0."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._running = True
        self.number = 0
        self.worst = 0.0

    async def fill(self, rows: int) -> None:
        """A file of some size to begin with."""
        for start in range(0, rows, 500):
            numbers = range(start, start + 500)
            await asyncio.gather(
                *(self._database.write(partial(accept, number=n)) for n in numbers)
            )
        self.number = rows

    async def run(self) -> None:
        """Until stopped."""
        while self._running:
            started = time.monotonic()
            numbers = range(self.number, self.number + 20)
            await asyncio.gather(
                *(self._database.write(partial(accept, number=n)) for n in numbers)
            )
            self.number += 20
            self.worst = max(self.worst, (time.monotonic() - started) * 1000)
            await asyncio.sleep(0.002)

    def stop(self) -> None:
        """After the writes that are out."""
        self._running = False

    def taken(self) -> float:
        """The longest wait since the last look, in ms."""
        worst, self.worst = self.worst, 0.0
        return worst


async def test_backups_under_load_and_the_drill(path: Path, tmp_path: Path, figure: Ledger) -> None:
    """C-14: each copy is whole, holds all that was acknowledged before it began, and is restored
    with equal rows. Waits are held against those of the same load without a backup."""
    database = Database.open(path)
    load = Load(database)
    await load.fill(times(40_000, 8000))
    writing = asyncio.create_task(load.run())
    missing = unequal = size = 0
    spent = 0.0
    beside, alone = list[float](), list[float]()
    for copy_number in range(times(20, 3)):
        await asyncio.sleep(0.1)
        before = load.number
        target = tmp_path / "copies" / f"{copy_number}.db"
        load.taken()
        started = time.monotonic()
        await database.backup(target)
        took = time.monotonic() - started
        beside.append(load.taken())
        await asyncio.sleep(took)
        alone.append(load.taken())
        spent, size = spent + took, size + target.stat().st_size
        missing += await asyncio.to_thread(stored, target) < before
        drill = tmp_path / "drill" / "haitang.db"
        await asyncio.to_thread(restore_offline, target, drill)
        unequal += await asyncio.to_thread(digest, target) != await asyncio.to_thread(digest, drill)
    load.stop()
    await writing
    await database.close()
    # What a shared disk does to anybody is not the backup's doing.
    stalled = max(beside) > max(STALL_MS, 2 * max(alone))
    figure(
        "C-14",
        f"backup while messages are written ({load.number} in all), each restored and compared by"
        " rows",
        len(beside),
        f"{missing} copies lacked something acknowledged, {unequal} differed after the restore;"
        f" {size / spent / 2**20:.0f} MB/s with the check; longest wait for a commit of 20"
        f" {max(beside):.0f} ms, {max(alone):.0f} ms without a backup (bar {STALL_MS:.0f} ms)",
        missing + unequal + stalled,
    )
    assert (missing, unequal) == (0, 0)
    assert not stalled
