"""How it bears load: slow platforms, bursts, a typhoon night, long talk, slow clients.

Callbacks come as a platform sends them: when they come, whatever the answers do.
"""

from __future__ import annotations

import asyncio
import gc
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import aiohttp
import pytest

from bot.models import Delivery
from bot.ports import Store
from bot.testing import FakeWecom
from tests.trust.figures import Ledger, times
from tests.web.doors import MAIN, Door, opened

pytestmark = [pytest.mark.trust, pytest.mark.slow]


Words = Callable[[int], tuple[str, str]]


def one_each(number: int) -> tuple[str, str]:
    """Every member says one thing."""
    return f"Member{number}", f"{number % 60 + 1}幢楼道灯不亮了"


async def post_all(door: Door, count: int, rate: float, words: Words = one_each) -> list[float]:
    """An open load: so many a second whatever the answers do; how long each took."""
    took: list[float] = []

    async def one(number: int) -> None:
        callback = door.fake.callback(*words(number))
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


async def drained(door: Door) -> None:
    """Wait until everything is said."""
    async with asyncio.timeout(120):
        while True:
            rows = await door.service.database.read(lambda store: store.outbox.counts())
            if not rows.get(Delivery.QUEUED) and not rows.get(Delivery.SENDING):
                return
            await asyncio.sleep(0.1)


async def test_a_burst(tmp_path: Path, figure: Ledger) -> None:
    """C-8: far more at once than a community ever says; acknowledged, then answered."""
    count = times(4000, 200)
    async with opened(tmp_path, sandbox=False) as door:
        callbacks = [
            door.fake.callback(f"Member{n}", f"{n % 60 + 1}幢楼道灯不亮了") for n in range(count)
        ]
        waiting, took = asyncio.Semaphore(200), list[float]()

        async def held(number: int) -> int:
            async with waiting:
                begun = time.perf_counter()
                status, _ = await door.post(callbacks[number])
                took.append(time.perf_counter() - begun)
                return status

        started = time.perf_counter()
        statuses = Counter(await asyncio.gather(*(held(n) for n in range(count))))
        rate = count / (time.perf_counter() - started)
        await drained(door)
        whole = time.perf_counter() - started
    took.sort()
    lost = count - statuses[200]
    figure(
        "C-8",
        "first messages of as many members at once, 200 connections, each an appeal with a receipt",
        count,
        f"{lost} not acknowledged; {rate:.0f}/s, p50 {took[count // 2] * 1000:.0f} ms,"
        f" p99 {took[int(count * 0.99)] * 1000:.0f} ms, all answered after {whole:.0f} s",
        lost,
    )
    assert lost == 0


RATE = 200
EACH = 4
TOPICS = ("楼道灯不亮了", "下水道堵了", "单元门禁坏了", "电梯停了")


def out_of_order(store: Store, members: int) -> int:
    """How many members' messages or answers were not taken and said in the order of their words."""
    wrong = 0
    for member in range(members):
        rows = store.inbox.recent("wecom_app/main", "", f"Member{member}", 100)
        said = [incoming.text for _, incoming in rows]
        wrong += said != [f"{member % 60 + 1}幢{topic}" for topic in TOPICS]
    return wrong


def told_out_of_order(door: Door) -> int:
    """How many members got their receipts in another order than that of their numbers."""
    heard = defaultdict[str, list[int]](list)
    for sent in door.fake.sent:
        if found := re.search(r"SQ\d{8}-(\d+)", sent.text):
            heard[sent.to].append(int(found[1]))
    return sum(numbers != sorted(numbers) for numbers in heard.values())


async def test_a_typhoon_night(tmp_path: Path, figure: Ledger) -> None:
    """C-8: an open load that comes whatever the answers do; each member's messages are taken and
    answered in the order in which they were said."""
    members = times(600, 60)
    count = members * EACH
    async with opened(tmp_path, sandbox=False) as door:
        waiting = 0.0

        def words(number: int) -> tuple[str, str]:
            topic, member = divmod(number, members)
            return f"Member{member}", f"{member % 60 + 1}幢{TOPICS[topic]}"

        async def look() -> None:
            nonlocal waiting
            while True:
                waiting = max(waiting, await door.metric("haitang_queued_messages"))
                await asyncio.sleep(0.2)

        watching = asyncio.create_task(look())
        started = time.perf_counter()
        took = await post_all(door, count, RATE, words)
        await drained(door)
        whole = time.perf_counter() - started
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        wrong = await door.service.database.read(out_of_order, members)
        wrong += told_out_of_order(door)
    late = sum(each > 5 for each in took)
    figure(
        "C-8",
        f"an open load of {RATE}/s, {members} members with {EACH} matters each, whatever the"
        " answers do",
        count,
        f"{late} not acknowledged within 5 s, {wrong} members out of order; p50"
        f" {took[count // 2] * 1000:.0f} ms, p99 {took[int(count * 0.99)] * 1000:.0f} ms, at most"
        f" {waiting:.0f} waited to be handled; all answered {whole - count / RATE:.1f} s after the"
        " last",
        late + wrong,
    )
    assert (late, wrong) == (0, 0)


MOST_GROWN, MOST_AN_HOUR = 64.0, 32.0


def memory() -> float:
    """Of this process, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def open_files() -> int:
    """Of this process."""
    return len(list(Path("/proc/self/fd").iterdir()))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """By how much the second grows a unit of the first: the straight line nearest to all."""
    n = len(points)
    x, y = sum(p[0] for p in points) / n, sum(p[1] for p in points) / n
    over = sum((p[0] - x) * (p[1] - y) for p in points)
    return over / (sum((p[0] - x) ** 2 for p in points) or 1.0)


async def test_a_soak(tmp_path: Path, figure: Ledger) -> None:
    """C-16: messages for a while; memory and open files stay. `HAITANG_SOAK_SECONDS`: how long."""
    seconds = float(os.environ.get("HAITANG_SOAK_SECONDS", str(max(10, times(120)))))
    number, points, files = 0, list[tuple[float, float]](), list[int]()
    every = max(1.0, seconds / 200)
    async with opened(tmp_path, sandbox=False) as door:
        started = time.monotonic()
        while (gone := time.monotonic() - started) < seconds:
            batch = [
                door.fake.callback(f"Soak{(number + i) % 300}", f"{i}幢楼道灯不亮了{number}")
                for i in range(20)
            ]
            await asyncio.gather(*(door.post(each) for each in batch))
            number += 20
            door.fake.sent.clear()
            if gone > seconds / 3 and gone >= (points[-1][0] if points else 0) + every:
                gc.collect()
                points.append((gone, memory()))
                files.append(open_files())
            await asyncio.sleep(0.05)
    grown, hour = points[-1][1] - points[0][1], slope(points) * 3600
    more_files = files[-1] - files[0]
    # A few seconds say nothing about an hour.
    shown = f", {hour:+.1f} MiB/h" if seconds >= 300 else ""
    leaks = more_files > 5 or grown > MOST_GROWN or (seconds >= 1800 and hour > MOST_AN_HOUR)
    figure(
        "C-16",
        f"{seconds:.0f} s of messages, measured {len(points)} times over the last two thirds"
        " (service and platform in one process)",
        number,
        f"memory {grown:+.1f} MiB{shown}, open files {more_files:+d} of {files[0]}",
        int(leaks),
    )
    assert not leaks, (grown, hour, more_files)


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
