"""Kill the real process at random moments, again and again, and hold the books against the facts.

`HAITANG_KILLS` sets how often (50), `HAITANG_KILL_SEED` the seed. Nothing that was acknowledged
may be lost, nothing may be half done, and every answer goes out exactly once, but for those that
were being sent at the very moment: the ledger calls them uncertain.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession, TCPConnector

from bot.testing import FakeWecom
from tests.durability import ledger
from tests.durability.neighbourhood import KILLS, talks, write_files
from tests.durability.platform import Platform
from tests.durability.victim import Victim
from tests.trust.figures import Ledger

pytestmark = [pytest.mark.slow, pytest.mark.trust]

SEED = int(os.environ.get("HAITANG_KILL_SEED", "20261121"))
SHORT_LIFE, LONG_LIFE = 0.4, 1.2
LONGEST_START = 0.9
LONGEST_WAIT = 5.0
ANSWER_DELAY = 0.005
DRAIN_SECONDS = 240.0
"""On a fast machine stewards hear more than the platform lets through; the rest waits minutes."""


class Street:
    """The fake platform, its residents, and the files of the service."""

    def __init__(self, fake: FakeWecom, platform: Platform, folder: Path, config: Path) -> None:
        self.fake = fake
        self.platform = platform
        self.database = folder / "state" / "haitang.db"
        self._config = config
        self.log = folder / "stderr.log"

    async def spawn(self) -> Victim:
        """Begin a life of the service."""
        return await Victim.spawn(self._config, self.log)

    async def live_and_be_killed(self, life: float, burst: bool) -> None:
        """Serve for `life` seconds from the first yes while people write; SIGKILL amid it."""
        victim = await self.spawn()
        try:
            self.platform.url = await victim.serves()
            writing = asyncio.create_task(self.platform.write(burst))
            await self.first_yes()
            await asyncio.sleep(life)
        finally:
            await victim.kill()
        await writing

    async def first_yes(self) -> None:
        """Wait until this life has acknowledged something: a busy machine takes its time, and a
        kill in an idle moment shows nothing. Those at the start are tried on their own."""
        before = len(self.platform.acknowledged)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_WAIT):
                while len(self.platform.acknowledged) == before:  # noqa: ASYNC110
                    await asyncio.sleep(0.005)

    async def be_killed_at_the_start(self, seconds: float) -> None:
        """SIGKILL while the service starts, mends and resumes."""
        victim = await self.spawn()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await victim.serves()
        await victim.kill()

    async def settle(self) -> int:
        """One undisturbed life: the platform tries again, everything goes out; exit status."""
        victim = await self.spawn()
        try:
            self.platform.url = await victim.serves()
            await self.platform.finish()
            async with asyncio.timeout(DRAIN_SECONDS):
                await victim.drained()
            return await victim.stop()
        finally:
            await victim.kill()


@asynccontextmanager
async def street(folder: Path, rng: random.Random) -> AsyncIterator[Street]:
    """A street with its platform on loopback."""
    fake = FakeWecom()
    fake.delay = ANSWER_DELAY
    connections = TCPConnector(limit=0, force_close=True)
    async with fake.serve() as url, ClientSession(connector=connections) as session:
        platform = Platform(fake, talks(rng, int(time.time())), rng, session)
        yield Street(fake, platform, folder, write_files(folder, fake, url))


async def test_killed_again_and_again(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
    figure: Ledger,
) -> None:
    rng = random.Random(SEED)
    started = time.monotonic()
    async with street(tmp_path, rng) as here:
        for _ in range(KILLS):
            if rng.random() < 0.12:
                await here.be_killed_at_the_start(rng.uniform(0.1, LONGEST_START))
            else:
                longest = LONG_LIFE if rng.random() < 0.2 else SHORT_LIFE
                await here.live_and_be_killed(rng.uniform(0.02, longest), rng.random() < 0.15)
        unanswered = len(here.platform.unanswered)
        status = await here.settle()
    books = ledger.read(here.database)
    summary = (
        f"kills {KILLS}, seed {SEED}: {len(here.platform.acknowledged)} acknowledged, "
        f"{unanswered} sent again after the last kill, "
        f"{here.platform.counts['duplicates']} duplicates, {len(books.appeals)} appeals, "
        f"messages {dict(books.states)}, {len(here.fake.sent) - books.states['sent']} of the "
        f"uncertain were delivered, {time.monotonic() - started:.0f} s"
    )
    record_property("summary", summary)
    with capsys.disabled():
        sys.stdout.write(f"\n{summary}\n")
    broken = ledger.message_faults(books, here.platform.acknowledged)
    broken += ledger.delivery_faults(books, here.fake.sent)
    figure(
        "C-1",
        f"SIGKILL at random moments under load; {len(here.platform.acknowledged)} messages were"
        f" acknowledged, {here.platform.counts['duplicates']} delivered again",
        KILLS,
        f"{len(broken)} lost, doubled or half; {books.states['uncertain']} sends uncertain;"
        f" integrity {books.integrity}",
        len(broken) + (books.integrity != "ok"),
        SEED,
    )
    assert books.integrity == "ok"
    assert ledger.message_faults(books, here.platform.acknowledged) == []
    assert ledger.delivery_faults(books, here.fake.sent) == []
    assert here.fake.dropped == []
    assert here.platform.unanswered == {}
    assert set(here.platform.counts) <= {"duplicates", "unanswered", "status 200", "status 0"}
    assert (status, "Traceback" in here.log.read_text()) == (0, False)
    assert len(here.platform.acknowledged) > KILLS
