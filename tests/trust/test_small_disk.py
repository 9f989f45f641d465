"""The disk is full, really: a small file system runs out of room while people write.

The platform hears no false yes, the monitor is told, and once there is room the service goes on by
itself with everything it ever acknowledged.
"""

from __future__ import annotations

import asyncio
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.testing import FakeWecom
from tests.durability import ledger
from tests.durability.neighbourhood import CHANNEL, talks, write_files
from tests.durability.platform import Platform
from tests.durability.victim import Victim
from tests.trust.figures import SEED, Ledger, times
from tests.trust.small_disk import MEBIBYTE, NoNamespaces, SmallDisk, small_disk

pytestmark = [pytest.mark.trust, pytest.mark.slow]

# The words of segmentation take nine, the write-ahead log up to sixteen, as much must be left.
SIZE = 64 * MEBIBYTE
SWAY_SECONDS = 0.6
PATIENCE_SECONDS = 20.0
UNSTORED = f'haitang_unstored_messages_total{{channel="{CHANNEL}"}}'


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    """Mounted where the service keeps its data."""
    try:
        with small_disk(tmp_path / "state", SIZE) as found:
            yield found
    except NoNamespaces as reason:
        pytest.skip(f"no right to mount a file system here, nor user namespaces: {reason}")


class Monitor:
    """What a sysadmin's monitor sees of the service."""

    def __init__(self, session: ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def ready(self) -> tuple[int, str]:
        """`/readyz`: status and reason."""
        async with self._session.get(f"{self._url}/readyz") as answer:
            return answer.status, await answer.text()

    async def alive(self) -> int:
        """`/healthz`."""
        async with self._session.get(f"{self._url}/healthz") as answer:
            return answer.status

    async def unstored(self) -> float:
        """Messages that were refused because they could not be stored, by `/metrics`."""
        async with self._session.get(f"{self._url}/metrics") as answer:
            lines = (await answer.text()).splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith(UNSTORED))

    async def ready_again(self) -> float:
        """How many seconds it takes. Raises `TimeoutError`."""
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await self.ready())[0] != 200:  # noqa: ASYNC110 - a monitor asks
                await asyncio.sleep(0.05)
        return time.monotonic() - began


class Night:
    """What was seen while the disk was full."""

    def __init__(self) -> None:
        self.untold = 0
        self.refused = 0
        self.slowest = 0.0


async def run_out_of_room(
    disk: SmallDisk, platform: Platform, monitor: Monitor, night: Night, rng: random.Random
) -> None:
    """Fill, write until refused, look, wait a little, make room, see it mended."""
    before, counted = await monitor.unstored(), platform.counts["status 503"]
    disk.fill(rng.randrange(64 * 1024, 2 * MEBIBYTE))
    while platform.counts["status 503"] == counted:  # each time all writers meet a refusal
        await platform.write(burst=True)
    await asyncio.sleep(rng.uniform(0, SWAY_SECONDS))  # sends end meanwhile
    status, reason = await monitor.ready()
    refused = platform.counts["status 503"] - counted
    night.untold += (status, "磁盘" in reason) != (503, True)
    night.untold += await monitor.unstored() - before != refused
    night.untold += await monitor.alive() != 200
    night.refused += refused
    disk.make_room()
    night.slowest = max(night.slowest, await monitor.ready_again())


async def test_a_disk_that_is_really_full(tmp_path: Path, disk: SmallDisk, figure: Ledger) -> None:
    """C-4: again and again, in one life of the service."""
    rng = random.Random(SEED)
    rounds = times(20, 4)
    fake, night = FakeWecom(), Night()
    fake.delay = 0.005
    connections = TCPConnector(limit=0, force_close=True)
    async with fake.serve() as url, ClientSession(connector=connections) as session:
        platform = Platform(fake, talks(rng, int(time.time())), rng, session)
        victim = await Victim.spawn(write_files(tmp_path, fake, url), tmp_path / "log", disk.enter)
        try:
            platform.url = await victim.serves()
            monitor = Monitor(session, platform.url)
            await monitor.ready_again()
            for _ in range(rounds):
                await run_out_of_room(disk, platform, monitor, night, rng)
            await platform.finish()
            await victim.drained()
            status = await victim.stop()
        finally:
            await victim.kill()
    # Not in place: SQLite takes `/proc/…/root` for `/`.
    books = ledger.read(shutil.copytree(disk.seen, tmp_path / "copy") / "haitang.db")
    broken = ledger.message_faults(books, platform.acknowledged)
    broken += ledger.delivery_faults(books, fake.sent)
    figure(
        "C-4",
        f"a file system of {SIZE // MEBIBYTE} MiB runs full while people write, is cleared, and"
        f" runs full again; {len(platform.acknowledged)} messages were acknowledged",
        rounds,
        f"{night.refused} answered 503, {len(broken)} lost, doubled or half; {night.untold} times"
        f" the monitor was not told; ready again without a restart within {night.slowest:.1f} s",
        len(broken) + night.untold,
    )
    assert (broken, night.untold) == ([], 0)
    assert (books.integrity, status) == ("ok", 0)
    assert platform.unanswered == {}
    assert books.states["uncertain"] == 0
    assert set(platform.counts) <= {"duplicates", "unanswered", "status 200", "status 503"}
