"""Retries, bursts, slow and broken platforms, wrong clocks: once, in time, and in order."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path

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
    missed = max(0, days - len(heard))
    figure(
        "C-12",
        f"days with a daily notice; {jumps['forward']} jumps of an hour on, {jumps['back']} back,"
        f" {jumps['asleep']} times asleep",
        days,
        f"sent on {len(heard)} days, {missed} days missed, {doubled} days twice",
        doubled + missed,
    )
    assert (doubled, missed) == (0, 0)


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
