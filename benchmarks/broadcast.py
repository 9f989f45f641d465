"""One notice to many groups: how soon it is queued, how fast it leaves, each group once.

Everything is the product's own: the tick, the ledger with `synchronous=FULL`, the sender, one robot
a group over HTTP. Only the platform is a stand-in (`benchmarks.sink`), a process of its own.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.servers import Server
from benchmarks.sink import Stats
from bot.app import Database, build_knowledge, routers
from bot.channels.build import build, groups
from bot.channels.files import NO_FILES
from bot.channels.wecom_robot import WecomRobotSettings
from bot.config import Config
from bot.config_sections import StandingSection
from bot.engine.clock import SystemClock
from bot.engine.engine import Engine
from bot.engine.outbox import OutboxSender
from bot.models import Delivery, Notice, NoticeState, Person, Role, Targets
from bot.ports import Channel, Store
from bot.serve import SWITCH_SECONDS

GROUPS = 10_000
ROUNDS = 3
AREA = "海棠街道/春晓社区"
TEXT = "停水通知：明天上午九点到十一点停水，请各家提前存水。"
QUEUE_BAR = 1.0
RATE_BAR, DISTANT_BAR = 3000.0, 600.0
SILENT = StandingSection(
    morning="", daily="", weekly="", questions="", deadlines=False, holidays=False
)
DISTANCE = 0.1
PATIENCE_SECONDS = 90.0
ENOUGH_AT_A_DISTANCE = 4000
"""Groups that are told over the long way: six seconds of it."""


class Told(Struct, frozen=True):
    """What became of one notice. Times in seconds; `ledger` counts rows by state."""

    groups: int
    queued: float
    seconds: float
    cpu: float
    ledger: Mapping[Delivery, int]
    stats: Stats

    @property
    def rate(self) -> float:
        """Messages a second, from the first claim until the last was written down."""
        return self.groups / self.seconds

    @property
    def each_once(self) -> bool:
        """Whether the platform and the ledger agree that everybody got it once."""
        right = Stats(self.groups, self.groups, 1, 0, self.stats.seconds)
        return self.stats == right and self.ledger == {Delivery.SENT: self.groups}


def told(sink: Server, count: int, wait: float) -> Told:
    """Tell so many groups; the platform answers `wait` seconds later."""
    with tempfile.TemporaryDirectory(prefix="haitang-bench-") as name:
        ask(sink, f"/reset?wait={wait}")
        return asyncio.run(_told(sink, Path(name), count))


def ask(sink: Server, target: str) -> bytes:
    """What the stand-in answers."""
    connection = HTTPConnection("127.0.0.1", sink.port, timeout=10)
    try:
        connection.request("GET", target)
        return connection.getresponse().read()
    finally:
        connection.close()


async def _told(sink: Server, folder: Path, count: int) -> Told:
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        async with _robots(sink, count) as (settings, channels):
            database = Database.open(folder / "haitang.db")
            try:
                await database.write(_seed, settings)
                return await _tell(sink, database, channels, count)
            finally:
                await database.close()
    finally:
        sys.setswitchinterval(before)


@asynccontextmanager
async def _robots(
    sink: Server, count: int
) -> AsyncIterator[tuple[Mapping[str, WecomRobotSettings], Mapping[str, Channel]]]:
    """One robot a group, as the settings of a community would make them."""
    url = f"http://127.0.0.1:{sink.port}"
    settings = {
        f"g{n}": WecomRobotSettings(key=f"key-{n:06}", group=f"{n}群", area=AREA, base_url=url)
        for n in range(count)
    }
    channels = build({"wecom_robot": settings}, SystemClock(), NO_FILES)
    for channel in channels.values():
        await channel.start()
    yield settings, channels
    for channel in channels.values():
        await channel.stop()


def _seed(store: Store, settings: Mapping[str, WecomRobotSettings]) -> None:
    """The groups, their author, and a notice whose minute has come."""
    for group in groups({"wecom_robot": settings}):
        store.people.save_group(group)
    author = Person(
        id="p", channel="wecom_robot/g0", user="", name="社区", role=Role.COMMUNITY, area=AREA
    )
    store.people.save(author)
    now = SystemClock().now()
    store.notices.save(
        Notice(
            id="n1",
            author=author.id,
            text=TEXT,
            targets=Targets(areas=(AREA,)),
            planned_at=now - timedelta(seconds=1),
            state=NoticeState.PLANNED,
            created_at=now,
            urgent=True,
        )
    )


async def _tell(
    sink: Server, database: Database, channels: Mapping[str, Channel], count: int
) -> Told:
    # What staff are told by the clock would be counted too, depending on the hour.
    calm = Config(standing=SILENT)
    engine = Engine(database, routers(), build_knowledge(calm), SystemClock())
    begun = time.perf_counter()
    await engine.tick()
    queued = time.perf_counter() - begun
    sender = OutboxSender(database, channels, SystemClock())
    begun, cpu = time.perf_counter(), time.process_time()
    sending = asyncio.create_task(sender.run())
    await _wait_until_nothing_is_open(database, begun + PATIENCE_SECONDS)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    await sender.stop()
    await sending
    ledger = await database.read(lambda store: dict(store.outbox.counts()))
    stats = msgspec.json.decode(await asyncio.to_thread(ask, sink, "/stats"), type=Stats)
    return Told(count, queued, seconds, cpu, ledger, stats)


async def _wait_until_nothing_is_open(database: Database, until: float) -> None:
    while time.perf_counter() < until:
        if await database.read(lambda store: store.outbox.next_due()) is None:
            counts = await database.read(lambda store: store.outbox.counts())
            if not counts.get(Delivery.SENDING):
                return
        await asyncio.sleep(0.02)


def report(*, quick: bool) -> list[tuple[str, bool]]:
    """The statements, and whether each holds."""
    few = GROUPS // 50 if quick else GROUPS
    with Server("sink", Path(tempfile.gettempdir())) as sink:
        rounds = [told(sink, few, 0.0) for _ in range(1 if quick else ROUNDS)]
        near = sorted(rounds, key=lambda one: one.rate)[len(rounds) // 2]
        far = told(sink, min(few, ENOUGH_AT_A_DISTANCE), DISTANCE)
    return [
        (
            f"one notice to {near.groups:,} groups queued in {near.queued:.2f} s"
            f" (bar {QUEUE_BAR:.0f} s)",
            near.queued < QUEUE_BAR,
        ),
        (
            f"sent at {near.rate:,.0f} a second, {near.cpu / near.groups * 1e6:.0f} us of processor"
            f" time each, each group once, all in the ledger (bar {RATE_BAR:,.0f})",
            all(one.each_once for one in rounds) and (quick or near.rate >= RATE_BAR),
        ),
        (
            f"with {DISTANCE * 1000:.0f} ms to the platform at {far.rate:,.0f} a second to"
            f" {far.groups:,} groups (bar {DISTANT_BAR:,.0f})",
            far.each_once and (quick or far.rate >= DISTANT_BAR),
        ),
    ]
