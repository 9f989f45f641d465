"""Twenty a minute a key: nobody is ever sent more, and nothing is refused.

Real robots and the real sender, over minutes that pass in seconds: the clock is turned to the next
row that is due. The judge counts every call in the minute that ends with it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.app import Database
from bot.channels.wecom_robot import WecomRobotChannel, WecomRobotSettings
from bot.engine.outbox import OutboxSender
from bot.models import Delivery, Outgoing
from bot.ports import Store
from bot.replay import VirtualClock

KEYS, EACH = 20, 150
LIMIT, MINUTE = 20, 60.0
START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")


class Paced(Struct, frozen=True):
    """How many rows were sent, the most that a key was sent within any minute, how many would
    have been refused, and how many minutes it took."""

    sent: int
    most: int
    refused: int
    minutes: float


class Judge:
    """In the place of one robot's line to the platform."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._times: deque[float] = deque()
        self.most = 0
        self.refused = 0

    async def open(self) -> None:
        """Nothing to open."""

    async def close(self) -> None:
        """Nothing to close."""

    async def post(self, body: Mapping[str, Any], attempts: int) -> None:
        """Count a call, whatever is in it."""
        now = self._clock.now().timestamp()
        while self._times and self._times[0] <= now - MINUTE:
            self._times.popleft()
        self._times.append(now)
        self.most = max(self.most, len(self._times))
        self.refused += len(self._times) > LIMIT


class JudgedRobot(WecomRobotChannel):
    """A robot whose line ends at a judge."""

    def __init__(self, name: str, settings: WecomRobotSettings, clock: VirtualClock) -> None:
        super().__init__(name, settings, clock, monotonic=lambda: clock.now().timestamp())
        self.judge = Judge(clock)
        self._api: Any = self.judge


def paced(keys: int = KEYS, each: int = EACH) -> Paced:
    """So many keys with so many rows each, all due at once."""
    with tempfile.TemporaryDirectory(prefix="haitang-bench-") as name:
        return asyncio.run(_paced(Path(name), keys, each))


async def _paced(folder: Path, keys: int, each: int) -> Paced:
    clock = VirtualClock(START)
    robots = {}
    for number in range(keys):
        settings = WecomRobotSettings(key=f"key-{number:06}", group=f"{number}群", area="街道/社区")
        name = f"wecom_robot/g{number}"
        robots[name] = JudgedRobot(name, settings, clock)
    database = Database.open(folder / "haitang.db")
    try:
        await database.write(_fill, robots, each)
        sender = OutboxSender(database, robots, clock)
        await sender.drain()
        while (due := await database.read(lambda store: store.outbox.next_due())) is not None:
            clock.set(due)
            await sender.drain()
        counts = await database.read(lambda store: dict(store.outbox.counts()))
    finally:
        await database.close()
    judges = [robot.judge for robot in robots.values()]
    return Paced(
        counts.get(Delivery.SENT, 0),
        max(judge.most for judge in judges),
        sum(judge.refused for judge in judges),
        (clock.now() - START).total_seconds() / MINUTE,
    )


def _fill(store: Store, robots: Mapping[str, JudgedRobot], each: int) -> None:
    waiting: defaultdict[str, int] = defaultdict(int)
    for _ in range(each):
        for name in robots:
            waiting[name] += 1
            row = Outgoing(
                id="",
                channel=name,
                chat=name.partition("/")[2],
                user="",
                text=f"第{waiting[name]}条",
                kind="notice",
                cause="",
            )
            store.outbox.add(row, START, due_at=None, once="")


def report(*, quick: bool) -> list[tuple[str, bool]]:
    """The statement, and whether it holds."""
    keys, each = (3, 45) if quick else (KEYS, EACH)
    found = paced(keys, each)
    words = (
        f"{found.sent:,} messages over {keys} keys in {found.minutes:.1f} minutes of a turned"
        f" clock: at most {found.most} a minute a key, {found.refused} refused (bar {LIMIT}, 0)"
    )
    return [(words, found.sent == keys * each and found.most <= LIMIT and not found.refused)]
