"""Retries, bursts, slow and broken platforms, wrong clocks: once, in time, and in order."""

from __future__ import annotations

import asyncio
import gc
import os
import random
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.channels.wecom_app import WecomAppChannel
from bot.engine.clock import SystemClock
from bot.engine.outbox import OutboxSender
from bot.models import Delivery, Outgoing, Role
from bot.ports import Store
from bot.testing import FakeWecom
from bot.testing.conversation import World
from storage.database import Database
from tests.engine.rig import echo, rig, says
from tests.trust.figures import SEED, Ledger, times
from tests.trust.proxy import FaultProxy
from tests.web.doors import MAIN, Door, opened

pytestmark = [pytest.mark.trust, pytest.mark.slow]


async def test_three_times_the_same(path: Path, figure: Ledger) -> None:
    """C-6: every message three times, shuffled, at once, and again after a restart."""
    rng = random.Random(SEED)
    whole = times(10_000, 500)
    said = [says(f"第{n}句", f"m{n}") for n in range(whole)] * 3
    rng.shuffle(said)
    half = len(said) // 2
    accepted = 0
    for part in (said[:half], said[half:]):
        async with rig(path, echo()) as house:
            for start in range(0, len(part), 200):
                receipts = await asyncio.gather(
                    *(house.engine.receive(each) for each in part[start : start + 200])
                )
                accepted += sum(not receipt.duplicate for receipt in receipts)
            rows = await house.rows()
            kept = len(house.states())
    replies = sum(rows.values())
    faults = abs(kept - whole) + abs(accepted - whole) + abs(replies - whole)
    figure(
        "C-6",
        f"{whole} messages three times each, shuffled and at once, with a restart between",
        len(said),
        f"{kept} records, {replies} replies",
        faults,
    )
    assert faults == 0


async def post_all(door: Door, count: int, rate: float) -> list[float]:
    """An open load: so many a second whatever the answers do; how long each took."""
    took: list[float] = []

    async def one(number: int) -> None:
        callback = door.fake.callback(f"Member{number}", f"{number % 60 + 1}幢楼道灯不亮了")
        started = time.perf_counter()
        status, _ = await door.post(callback)
        took.append(time.perf_counter() - started if status == 200 else 99.0)

    tasks = []
    began = time.perf_counter()
    for number in range(count):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    return sorted(took)


async def test_a_slow_platform_does_not_slow_the_answer(tmp_path: Path, figure: Ledger) -> None:
    """C-7: each send hangs; callbacks are acknowledged all the same."""
    fake = FakeWecom()
    fake.delay = 30.0
    count = times(2000, 100)
    async with opened(tmp_path, sandbox=False, fake=fake) as door:
        took = await post_all(door, count, 100)
    p99, late = took[int(count * 0.99)] * 1000, sum(each > 5 for each in took)
    figure(
        "C-7",
        "callbacks at 100/s while every call to the platform takes 30 s",
        count,
        f"{late} not acknowledged within 5 s; p50 {took[count // 2] * 1000:.0f} ms,"
        f" p99 {p99:.0f} ms",
        late,
    )
    assert late == 0


async def test_a_burst(tmp_path: Path, figure: Ledger) -> None:
    """C-8: far more at once than a community ever says; acknowledged, then answered."""
    count = times(4000, 200)
    async with opened(tmp_path, sandbox=False) as door:
        callbacks = [
            door.fake.callback(f"Member{n}", f"{n % 60 + 1}幢楼道灯不亮了") for n in range(count)
        ]
        started = time.perf_counter()
        took = []

        async def one(number: int) -> int:
            begun = time.perf_counter()
            status, _ = await door.post(callbacks[number])
            took.append(time.perf_counter() - begun)
            return status

        waiting = asyncio.Semaphore(200)

        async def held(number: int) -> int:
            async with waiting:
                return await one(number)

        statuses = Counter(await asyncio.gather(*(held(n) for n in range(count))))
        rate = count / (time.perf_counter() - started)
        async with asyncio.timeout(120):
            while True:
                rows = await door.service.database.read(lambda store: store.outbox.counts())
                if not rows.get(Delivery.QUEUED) and not rows.get(Delivery.SENDING):
                    break
                await asyncio.sleep(0.2)
        drained = time.perf_counter() - started
    took.sort()
    lost = count - statuses[200]
    figure(
        "C-8",
        "first messages of as many members at once, 200 connections, each an appeal with a receipt",
        count,
        f"{lost} not acknowledged; {rate:.0f}/s, p50 {took[count // 2] * 1000:.0f} ms,"
        f" p99 {took[int(count * 0.99)] * 1000:.0f} ms, all answered after {drained:.0f} s",
        lost,
    )
    assert lost == 0


async def test_a_broken_line_to_the_platform(path: Path, figure: Ledger) -> None:
    """C-10: half of the connections are spoilt; what is called sent was delivered once."""
    rng = random.Random(SEED)
    fake = FakeWecom()
    database = Database.open(path)
    count = times(600, 60)
    clock = SystemClock()
    async with fake.serve() as behind:
        proxy = FaultProxy(behind, rng, 0.5)
        async with proxy.serve() as url:
            channel = WecomAppChannel("wecom_app/main", fake.settings(url), clock)
            await channel.start()
            sender = OutboxSender(database, {channel.name: channel}, clock)

            def queue(store: Store) -> None:
                for n in range(count):
                    row = Outgoing(
                        id="", channel=channel.name, chat="", user=f"m{n}", text=f"第{n}"
                    )
                    store.outbox.add(row, clock.now(), due_at=None, once="")

            await database.write(queue)
            running = asyncio.create_task(sender.run())
            async with asyncio.timeout(240):
                while True:
                    rows = await database.read(lambda store: store.outbox.counts())
                    if not rows.get(Delivery.QUEUED) and not rows.get(Delivery.SENDING):
                        break
                    await asyncio.sleep(0.2)
            await sender.stop()
            await asyncio.gather(running, return_exceptions=True)
            await channel.stop()
    await database.close()
    delivered = Counter(message.text for message in fake.sent)
    twice = sum(times_ > 1 for times_ in delivered.values())
    sent, unsure = rows.get(Delivery.SENT, 0), rows.get(Delivery.UNCERTAIN, 0)
    false = max(0, sent - len(delivered))
    figure(
        "C-10",
        "messages over connections of which half are delayed, reset, half-closed or dripped",
        count,
        f"{sent} sent, {unsure} uncertain, {rows.get(Delivery.FAILED, 0)} given up;"
        f" {twice} delivered twice, {false} called sent and not delivered",
        twice + false,
    )
    assert (twice, false) == (0, 0)
    assert sum(proxy.drawn.values()) > 1


def test_a_year_of_wrong_clocks(world: World, figure: Ledger) -> None:
    """C-12: the machine's clock jumps an hour forwards or back, or sleeps; the daily notice of
    every day goes out once."""
    rng = random.Random(SEED)
    group = world.group("一群")
    chat = world.person("管家", Role.STEWARD)
    chat.says("管家", "发布 每天10:00 请随手关灯 到 一群")
    chat.says("管家", "确认")
    days = times(365, 30)
    jumps = Counter[str]()
    for _ in range(days):
        kind = rng.choice(("none", "forward", "back", "asleep"))
        jumps[kind] += 1
        world.wait(f"{rng.randint(1, 5)}h")
        if kind == "forward":
            world.sleep("1h")
        elif kind == "back":
            world.player.clock.turn_back(world.now - timedelta(hours=1))
        elif kind == "asleep":
            world.sleep(f"{rng.randint(1, 100)}m")
            world.restart()
        target = world.now.replace(hour=9, minute=0, second=0, microsecond=0)
        span = (target + timedelta(days=1) - world.now).total_seconds()
        world.wait(f"{int(span // 60)}m")
    heard = Counter(
        each.at[:10] for each in world.heard if each.group == group.name and "关灯" in each.text
    )
    doubled = sum(count > 1 for count in heard.values())
    figure(
        "C-12",
        f"days with a daily notice; {jumps['forward']} jumps of an hour on, {jumps['back']} back,"
        f" {jumps['asleep']} times asleep",
        days,
        f"sent on {len(heard)} days, {doubled} days twice",
        doubled,
    )
    assert doubled == 0
    assert len(heard) >= days - 1 - jumps["forward"] - jumps["asleep"]


def test_down_over_the_planned_time(world: World, figure: Ledger) -> None:
    """C-13: within the grace it goes out late, after it the author is asked."""
    table: list[tuple[int, bool]] = [
        (m, m <= 120) for m in (1, 5, 30, 60, 119, 121, 180, 600, 3000)
    ]
    wrong = 0
    world.person("管家", Role.STEWARD)
    for number, (minutes, goes) in enumerate(table):
        group = world.group(f"{number}群")
        chat = world.private("管家")
        chat.says("管家", f"发布 明天10:00 第{number}次停水通知，请储水 到 {number}群")
        chat.says("管家", "确认")
        due = (world.now + timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
        world.sleep(f"{int((due - world.now).total_seconds() // 60) + minutes}m")
        world.restart()
        world.wait("1m")
        said = any("储水" in text for text in group.said)
        asked = any("没有发" in text or "没发" in text for text in chat.said[-3:])
        wrong += said is not goes or (not goes and not asked)
    figure(
        "C-13",
        "the program is down over the planned minute, for 1 minute to 2 days",
        len(table),
        f"{wrong} not as the rule says (late within 2 hours, else back to the author)",
        wrong,
    )
    assert wrong == 0


def memory() -> float:
    """Of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def open_files() -> int:
    """Of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_soak(tmp_path: Path, figure: Ledger) -> None:
    """C-16: messages for a while; memory and open files stay. `HAITANG_SOAK_SECONDS`: how long."""
    seconds = float(os.environ.get("HAITANG_SOAK_SECONDS", str(max(10, times(120)))))
    async with opened(tmp_path, sandbox=False) as door:
        number = 0

        async def some(until: float) -> None:
            nonlocal number
            while time.monotonic() < until:
                batch = [
                    door.fake.callback(f"Soak{(number + i) % 300}", f"{i}幢楼道灯不亮了{number}")
                    for i in range(20)
                ]
                await asyncio.gather(*(door.post(each) for each in batch))
                number += 20
                door.fake.sent.clear()
                await asyncio.sleep(0.05)

        started = time.monotonic()
        await some(started + seconds / 3)
        gc.collect()
        first, files = memory(), open_files()
        middle = time.monotonic()
        await some(started + seconds)
        gc.collect()
        grown = memory() - first
        more_files = open_files() - files
        hours = (time.monotonic() - middle) / 3600
    # A few seconds say nothing about an hour.
    slope = f" ({grown / hours:+.0f} MiB/h)" if seconds >= 300 else ""
    figure(
        "C-16",
        f"{seconds:.0f} s of messages, measured over the last two thirds (service and platform in"
        " one process)",
        number,
        f"memory {grown:+.1f} MiB{slope}, open files {more_files:+d}",
        int(more_files > 5),
    )
    assert more_files <= 5
    assert grown < 64


async def test_slow_clients(tmp_path: Path, figure: Ledger) -> None:
    """C-42: many connections that send a byte now and then; others are served as before."""
    slow = times(500, 100)
    async with opened(tmp_path, sandbox=False) as door:
        host, port = door.url.removeprefix("http://").split(":")
        before = await post_all(door, 100, 100)
        lines = await asyncio.gather(
            *(asyncio.open_connection(host, int(port)) for _ in range(slow))
        )
        head = f"POST {MAIN} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n".encode()
        stop = False

        async def drip(writer: asyncio.StreamWriter) -> None:
            sent = 0
            try:
                while not stop and sent < len(head):
                    writer.write(head[sent : sent + 1])
                    await writer.drain()
                    sent += 1
                    await asyncio.sleep(0.1)
            except ConnectionError:
                return

        dripping = [asyncio.create_task(drip(writer)) for _, writer in lines]
        async with aiohttp.ClientSession() as session:
            meanwhile = Door(door.url, session, door.service, door.fake)
            after = await post_all(meanwhile, 200, 50)
        stop = True
        await asyncio.gather(*dripping, return_exceptions=True)
        for _, writer in lines:
            writer.close()
        await asyncio.gather(*(w.wait_closed() for _, w in lines), return_exceptions=True)
    p99 = after[int(len(after) * 0.99)] * 1000
    lost = sum(each > 5 for each in after)
    figure(
        "C-42",
        "connections that send one byte every 0.1 s while callbacks go on",
        slow,
        f"{lost} callbacks over 5 s; p99 {before[98] * 1000:.0f} ms before, {p99:.0f} ms meanwhile",
        lost,
    )
    assert lost == 0
