"""C-10: the platform is out of order, limits us, forgets our token, wants another address.

On a clock that is turned to the next row that is due: how long it takes until all is said is what
our own patience makes of it.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import Struct

from benchmarks.paced import LIMIT, paced
from bot.channels.wecom_app import WecomAppChannel
from bot.engine.outbox import OutboxSender
from bot.models import Delivery, Outgoing
from bot.ports import Store
from bot.replay import VirtualClock
from bot.testing import FakeWecom
from storage.database import Database
from tests.trust.figures import Ledger, times

pytestmark = [pytest.mark.trust, pytest.mark.slow]

START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
# One who is refused this often is given up: three times each is less.
TIMES_EACH = 3

Fault = Callable[[FakeWecom, int], None]
FAULTS: dict[str, Fault] = {
    "HTTP 502": lambda fake, count: fake.http_error_next(502, count),
    "too often (45009)": lambda fake, count: fake.fail_next(45009, count),
    "address not allowed (60020)": lambda fake, count: fake.fail_next(60020, count),
    "busy (-1)": lambda fake, count: fake.fail_next(-1, count),
    "token expired": lambda fake, count: fake.expire_token(),
}


class Recovery(Struct, frozen=True):
    """How long until all was said, what was not sent once, and how often a token was asked for."""

    minutes: float
    wrong: int
    tokens: int


async def recover(path: Path, fault: Fault, rows: int) -> Recovery:
    """So many receivers, each refused a few times; then all is well again."""
    clock = VirtualClock(START)
    fake = FakeWecom(clock=clock)
    database = Database.open(path)
    async with fake.serve() as url:
        channel = WecomAppChannel("wecom_app/main", fake.settings(url), clock)
        await channel.start()
        await channel.send(Outgoing(id="", channel=channel.name, chat="", user="m", text="先"))
        before = fake.token_calls
        fault(fake, rows * TIMES_EACH)
        sender = OutboxSender(database, {channel.name: channel}, clock)
        await database.write(_queue, channel.name, rows, clock.now())
        await sender.drain()
        while (due := await database.read(lambda store: store.outbox.next_due())) is not None:
            clock.set(due)
            await sender.drain()
        counts = await database.read(lambda store: dict(store.outbox.counts()))
        await channel.stop()
    await database.close()
    heard = Counter(sent.to for sent in fake.sent)
    wrong = rows - counts.get(Delivery.SENT, 0)
    wrong += sum(heard[f"m{n}"] != 1 for n in range(rows))
    minutes = (clock.now() - START).total_seconds() / 60
    return Recovery(minutes, wrong, fake.token_calls - before)


def _queue(store: Store, channel: str, rows: int, now: datetime) -> None:
    for n in range(rows):
        row = Outgoing(id="", channel=channel, chat="", user=f"m{n}", text=f"第{n}")
        store.outbox.add(row, now, due_at=None, once="")


async def test_it_recovers_by_itself(tmp_path: Path, figure: Ledger) -> None:
    """Everything is said once in the end, and how long that takes."""
    rows = times(200, 20)
    found = {
        name: await recover(tmp_path / f"{number}.db", fault, rows)
        for number, (name, fault) in enumerate(FAULTS.items())
    }
    wrong = sum(each.wrong for each in found.values())
    told = ", ".join(f"{name} {each.minutes:.1f}" for name, each in found.items())
    figure(
        "C-10",
        f"each of {rows} receivers is refused {TIMES_EACH} times in {len(FAULTS) - 1} ways, or all"
        " with a token that ran out",
        rows * len(FAULTS),
        f"{wrong} not delivered exactly once; minutes until all was said: {told}",
        wrong,
    )
    assert wrong == 0


async def test_one_new_token_for_all(figure: Ledger) -> None:
    """Many find at once that the token has run out."""
    fake, count = FakeWecom(), times(300, 50)
    async with fake.serve() as url:
        channel = WecomAppChannel("wecom_app/main", fake.settings(url), VirtualClock(START))
        await channel.start()
        await channel.send(Outgoing(id="", channel=channel.name, chat="", user="m", text="先"))
        before = fake.token_calls
        fake.expire_token()
        rows = (
            Outgoing(id="", channel=channel.name, chat="", user=f"m{n}", text="后")
            for n in range(count)
        )
        await asyncio.gather(*(channel.send(row) for row in rows))
        asked = fake.token_calls - before
        await channel.stop()
    figure(
        "C-10",
        "messages at once that all find the token expired",
        count,
        f"{asked} asked for a new one; {len(fake.sent) - 1} delivered",
        abs(asked - 1) + abs(len(fake.sent) - 1 - count),
    )
    assert (asked, len(fake.sent)) == (1, count + 1)


def test_twenty_a_minute(figure: Ledger) -> None:
    """As the platform counts: within any minute, not by the clock's."""
    keys, each = times(20, 3), times(150, 45)
    found = paced(keys, each)
    figure(
        "C-10",
        f"{each} messages due at once to each of {keys} robots, counted at the platform's side",
        keys * each,
        f"{found.sent} sent in {found.minutes:.1f} minutes, at most {found.most} in any minute to"
        f" one robot (limit {LIMIT}), {found.refused} refused",
        found.refused + max(0, found.most - LIMIT) + keys * each - found.sent,
    )
    assert (found.refused, found.sent) == (0, keys * each)
    assert found.most <= LIMIT
