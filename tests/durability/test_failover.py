"""Three nodes on one file; the one that leads is killed in the middle of telling 1000 groups.

A node that does not lead is refused by the lock and ends; its supervisor starts it again as the
shipped unit says. So the next start after the death takes over, and goes on where the ledger says.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from msgspec import Struct

from benchmarks.sink import Sink
from tests.durability.nodes import Node
from tests.durability.test_kill_notice import ledger, planned, platform, took, write_files
from tests.trust.figures import SEED, Ledger, times

pytestmark = [pytest.mark.slow, pytest.mark.trust]

GROUPS = 1000
NODES = 3
START_SECONDS = 30.0
TOMORROW = 86_400.0
DISTANCE = 0.3


class Outcome(Struct, frozen=True):
    """What one killing came to: groups, how often a node was refused, seconds without a leader."""

    twice: int
    lost: int
    uncertain: int
    unheard: int
    refusals: int
    seconds: float
    at_once: int


class Cluster:
    """Says who leads, and notes it when two ever do at once."""

    def __init__(self, folder: Path, config: Path) -> None:
        self._led = asyncio.Event()
        self.at_once = 0
        self.nodes = [Node(config, folder / f"log{n}", self._leads) for n in range(NODES)]

    def _leads(self, node: Node) -> None:
        self.at_once = max(self.at_once, sum(each.leading is not None for each in self.nodes))
        self._led.set()

    async def leader(self) -> Node:
        """Whoever leads, when somebody does."""
        async with asyncio.timeout(START_SECONDS):
            while True:
                for node in self.nodes:
                    if node.leading is not None:
                        return node
                self._led.clear()
                await self._led.wait()

    async def all_tried(self) -> None:
        """Wait until everyone else was refused once: they do stand by."""
        async with asyncio.timeout(START_SECONDS):
            while sum(node.refusals > 0 for node in self.nodes) < NODES - 1:  # noqa: ASYNC110
                await asyncio.sleep(0.05)


@asynccontextmanager
async def cluster(folder: Path, config: Path) -> AsyncIterator[Cluster]:
    """All nodes under their supervisors, until the end."""
    made = Cluster(folder, config)
    running = [asyncio.create_task(node.supervise()) for node in made.nodes]
    try:
        yield made
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def kill_the_leader(folder: Path, sink: Sink, url: str, rng: random.Random) -> Outcome:
    """Once, over a file of its own."""
    config = write_files(folder, url, GROUPS)
    sink.forget()
    path = folder / "state" / "haitang.db"
    await planned(path, TOMORROW)
    async with cluster(folder, config) as here:
        leader = await here.leader()
        await here.all_tried()
        bring_forward(path)
        await took(sink, rng.randint(GROUPS // 10, GROUPS // 2))
        assert leader.leading is not None
        await leader.leading.kill()
        killed, before = time.monotonic(), sink.stats().taken
        assert before < GROUPS
        await took(sink, before + 1)
        seconds = time.monotonic() - killed
        follower = await here.leader()
        assert follower.leading is not None
        await follower.leading.drained()
        assert await follower.leading.stop() == 0
    return judge(folder, sink, here, seconds)


def bring_forward(path: Path) -> None:
    """Let the notice be due now that everybody is there; another program may write for a moment."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA busy_timeout=5000")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("UPDATE notices SET planned_at = ?", (int(time.time() * 1000),))
        connection.commit()


def judge(folder: Path, sink: Sink, here: Cluster, seconds: float) -> Outcome:
    """Hold the ledger against what the platform took."""
    heard, states = Counter(sink.taken), ledger(folder / "state" / "haitang.db")
    sent = {key for key, state in states.items() if state == "sent"}
    unclear = {key for key, state in states.items() if state == "uncertain"}
    keys = [f"key-{n:06}" for n in range(GROUPS)]
    return Outcome(
        twice=sum(heard[key] > 1 for key in keys),
        lost=sum((heard[key] != 1 if key in sent else key not in unclear) for key in keys),
        uncertain=len(unclear),
        unheard=sum(heard[key] == 0 for key in unclear),
        refusals=sum(node.refusals for node in here.nodes),
        seconds=seconds,
        at_once=here.at_once,
    )


async def test_the_next_one_goes_on(tmp_path: Path, figure: Ledger) -> None:
    """C-11: each group once, none twice, the unclear ones listed, and how long nobody led."""
    rng, found = random.Random(SEED), []
    rounds = times(5)
    async with platform() as (sink, url):
        sink.wait = DISTANCE
        for number in range(rounds):
            folder = tmp_path / str(number)
            folder.mkdir()
            found.append(await kill_the_leader(folder, sink, url, rng))
    twice, lost = sum(each.twice for each in found), sum(each.lost for each in found)
    uncertain = sum(each.uncertain for each in found)
    led = max(each.at_once for each in found)
    figure(
        "C-11",
        f"three nodes on one file; the one that leads is killed while it tells {GROUPS} groups, the"
        f" others had been refused {sum(each.refusals for each in found)} times",
        rounds,
        f"{GROUPS * rounds - uncertain - lost} groups heard it once, {twice} twice, {lost} lost,"
        f" {uncertain} listed as uncertain ({sum(each.unheard for each in found)} of them had not"
        f" heard it); never more than {led} led; the next one spoke after"
        f" {max(each.seconds for each in found):.1f} s",
        twice + lost + (led != 1),
    )
    assert (twice, lost, led) == (0, 0, 1)
    assert all(0 < each.uncertain <= 100 for each in found)
