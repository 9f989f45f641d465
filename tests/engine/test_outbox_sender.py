"""The one way out: in order, in time, within the limits, and never twice by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.engine import outbox
from bot.engine.outbox import IN_FLIGHT, MAX_ATTEMPTS, MAX_BACKOFF, OutboxSender, backoff
from bot.errors import SendDeferred, SendNotYet, SendRefused, SendUncertain, StorageError
from bot.models import Delivery, Outgoing
from bot.ports import Rate, Store
from tests.engine.rig import CHANNEL, START, Mouth, Rig, errors, rig


class Post:
    """A house with a mouth and a sender."""

    def __init__(self, house: Rig, rate: Rate | None) -> None:
        self.database = house.database
        self.clock = house.clock
        self._path = house.path
        self.mouth = Mouth(house.clock, rate)
        self.sender = OutboxSender(house.database, {CHANNEL: self.mouth}, house.clock)

    async def queue(self, *texts: str, user: str = "甲", channel: str = CHANNEL) -> None:
        """Put rows into the outbox."""

        def add(store: Store) -> None:
            for text in texts:
                row = Outgoing(id="", channel=channel, chat="", user=user, text=text)
                store.outbox.add(row, self.clock.now(), due_at=None, once="")

        await self.database.write(add)

    async def due(self) -> float | None:
        """Seconds from now until the next row is due."""
        at = await self.database.read(lambda store: store.outbox.next_due())
        return None if at is None else (at - self.clock.now()).total_seconds()

    def has_said(self, count: int) -> bool:
        """Whether so many messages went out."""
        return len(self.mouth.said) == count

    async def drain_until_rest(self) -> None:
        """Send everything, letting time pass as far as rows ask for."""
        await self.sender.drain()
        while (seconds := await self.due()) is not None:
            self.clock.pass_(seconds)
            await self.sender.drain()

    def rows(self, *columns: str) -> list[tuple[Any, ...]]:
        """Columns of each row of the outbox, oldest first, as another program sees them."""
        with closing(sqlite3.connect(self._path)) as connection:
            connection.row_factory = sqlite3.Row
            found = connection.execute("SELECT * FROM outbox ORDER BY id").fetchall()
        return [tuple(row[column] for column in columns) for row in found]


@asynccontextmanager
async def post(path: Path, rate: Rate | None = None) -> AsyncIterator[Post]:
    async with rig(path) as house:
        yield Post(house, rate)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "haitang.db"


@pytest.fixture
async def desk(path: Path) -> AsyncIterator[Post]:
    async with post(path) as made:
        yield made


async def test_what_is_queued_is_sent_once_in_order(desk: Post) -> None:
    await desk.queue("1", "2", "3")
    await desk.sender.drain()
    await desk.sender.drain()
    assert desk.mouth.said == ["1", "2", "3"]
    assert desk.rows("state", "platform_id") == [("sent", f"p{n}") for n in (1, 2, 3)]


async def test_a_deferred_row_is_tried_again_later_and_later(desk: Post) -> None:
    desk.mouth.script = errors(*[SendDeferred("忙")] * 3)
    await desk.queue("1")
    await desk.sender.drain()
    for base in (1, 2, 4):
        waits = await desk.due()
        assert waits is not None
        assert base <= waits <= base * 1.2 + 0.001
        desk.clock.pass_(waits - 0.01)
        await desk.sender.drain()
        assert desk.mouth.said == []
        desk.clock.pass_(0.01)
        await desk.sender.drain()
    assert desk.mouth.said == ["1"]
    assert desk.mouth.tried == ["1"] * 4
    assert desk.rows("state", "attempts", "error") == [("sent", 4, "")]


async def test_the_platform_s_own_delay_is_kept(desk: Post) -> None:
    desk.mouth.script = errors(SendDeferred("限流", after=60.0))
    await desk.queue("1")
    await desk.sender.drain()
    waits = await desk.due()
    assert waits is not None
    assert 60 <= waits <= 72.001
    assert desk.rows("state", "error") == [("queued", "限流")]


@pytest.mark.parametrize(
    ("attempts", "asked", "least"),
    [(0, None, 1), (3, None, 8), (20, None, MAX_BACKOFF), (0, 5.0, 5), (9, 5.0, 5)],
)
def test_backoff_doubles_up_to_a_bound(attempts: int, asked: float | None, least: float) -> None:
    for _ in range(50):
        assert least <= backoff(attempts, asked) <= least * 1.2


async def test_a_channel_that_keeps_its_own_pace_uses_up_no_attempt(desk: Post) -> None:
    desk.mouth.script = errors(*[SendNotYet("说得够多了", 10.0)] * (MAX_ATTEMPTS + 2))
    await desk.queue("一")
    await desk.drain_until_rest()
    assert desk.rows("state", "attempts", "error") == [("sent", 1, "")]


async def test_after_many_tries_a_row_has_failed_and_the_next_one_goes(desk: Post) -> None:
    desk.mouth.script = errors(*[SendDeferred("忙")] * MAX_ATTEMPTS)
    await desk.queue("1", "2")
    await desk.drain_until_rest()
    assert desk.mouth.tried == ["1"] * MAX_ATTEMPTS + ["2"]
    assert desk.rows("state", "error") == [("failed", "忙"), ("sent", "")]


async def test_a_refused_row_is_not_tried_again(desk: Post) -> None:
    desk.mouth.script = errors(SendRefused("没有这个人"))
    await desk.queue("1", "2")
    await desk.drain_until_rest()
    assert desk.mouth.tried == ["1", "2"]
    assert desk.rows("state", "error") == [("failed", "没有这个人"), ("sent", "")]


@pytest.mark.parametrize("error", [SendUncertain("断了"), ZeroDivisionError("bug")])
async def test_an_uncertain_row_is_never_sent_again(error: Exception, desk: Post) -> None:
    desk.mouth.script.append(error)
    await desk.queue("1", "2")
    await desk.drain_until_rest()
    desk.clock.pass_(1e6)
    await desk.sender.resume()
    await desk.drain_until_rest()
    assert desk.mouth.tried == ["1", "2"]
    assert [state for state, _ in desk.rows("state", "error")] == ["uncertain", "sent"]


async def test_a_head_that_waits_holds_back_its_own_receiver_only(desk: Post) -> None:
    desk.mouth.script = errors(SendDeferred("忙"))
    await desk.queue("甲1", "甲2", "甲3")
    await desk.queue("乙1", "乙2", user="乙")
    await desk.sender.drain()
    assert desk.mouth.said == ["乙1", "乙2"]
    await desk.drain_until_rest()
    assert desk.mouth.said == ["乙1", "乙2", "甲1", "甲2", "甲3"]


async def test_an_unknown_channel_fails_and_says_so(desk: Post) -> None:
    await desk.queue("1", channel="gone/main")
    await desk.queue("2")
    await desk.drain_until_rest()
    assert desk.rows("state", "error") == [("failed", "没有通道 gone/main"), ("sent", "")]


async def test_the_platform_s_limit_is_kept_and_no_attempt_is_lost(path: Path) -> None:
    async with post(path, Rate(3, 60.0)) as desk:
        await desk.queue(*map(str, range(10)))
        await desk.queue("乙", user="乙")
        await desk.drain_until_rest()
        times = [at for who, _, at in desk.mouth.sent if who == "甲"]
        assert len(times) == 10
        for earlier, later in zip(times, times[3:], strict=False):
            assert (later - earlier).total_seconds() >= 60
        assert (times[-1] - START).total_seconds() < 181
        assert [text for who, text, _ in desk.mouth.sent if who == "甲"] == list("0123456789")
        assert set(desk.rows("attempts")) == {(1,)}


async def test_what_was_paced_often_may_still_be_deferred(path: Path) -> None:
    async with post(path, Rate(1, 10.0)) as desk:
        for _ in range(MAX_ATTEMPTS):
            await desk.queue("x", user="甲")
        desk.mouth.script = errors(*[None] * 7, SendDeferred("忙"))
        await desk.drain_until_rest()
        assert desk.rows("state") == [("sent",)] * MAX_ATTEMPTS


async def test_a_send_that_a_crash_cut_off_is_uncertain_and_not_repeated(path: Path) -> None:
    async with post(path) as desk:
        await desk.queue("1", "2")
        await desk.queue("乙", user="乙")
        claimed = await desk.database.write(lambda s: s.outbox.claim(desk.clock.now(), 1))
        assert [row.text for row in claimed] == ["1"]  # and here the machine went down
    async with post(path) as desk:
        assert await desk.sender.resume() == 1
        await desk.drain_until_rest()
        assert sorted(desk.mouth.said) == ["2", "乙"]
        assert [state for state, _ in desk.rows("state", "error")] == ["uncertain", "sent", "sent"]
        assert await desk.sender.resume() == 0


async def test_a_restart_does_not_forget_the_limit(path: Path) -> None:
    rate = Rate(3, 60.0)
    async with post(path, rate) as desk:
        await desk.queue("1", "2", "3")
        await desk.drain_until_rest()
    async with post(path, rate) as desk:
        desk.clock.pass_(10)
        await desk.sender.resume()
        await desk.queue("4")
        await desk.queue("乙", user="乙")
        await desk.sender.drain()
        assert desk.mouth.said == ["乙"]
        desk.clock.pass_(51)
        await desk.sender.drain()
        assert desk.mouth.said == ["乙", "4"]


async def test_what_a_crash_cut_off_counts_too(path: Path) -> None:
    rate = Rate(1, 60.0)
    async with post(path, rate) as desk:
        await desk.queue("1", "2")
        await desk.database.write(lambda s: s.outbox.claim(desk.clock.now(), 1))
    async with post(path, rate) as desk:
        await desk.sender.resume()
        await desk.sender.drain()
        assert desk.mouth.said == []
        desk.clock.pass_(61)
        await desk.sender.drain()
        assert desk.mouth.said == ["2"]


@asynccontextmanager
async def running(sender: OutboxSender) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(sender.run())
    yield task
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(5000):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came true")


class Slow(Mouth):
    """Keeps one receiver waiting until it is told to go on."""

    gate: asyncio.Event

    async def send(self, outgoing: Outgoing) -> str:
        if outgoing.user.startswith("慢"):
            await self.gate.wait()
        return await super().send(outgoing)


async def test_a_slow_receiver_keeps_nobody_else_waiting(desk: Post) -> None:
    slow = Slow(desk.clock)
    slow.gate = asyncio.Event()
    sender = OutboxSender(desk.database, {CHANNEL: slow}, desk.clock)
    await desk.queue("慢1", "慢2", user="慢")
    await desk.queue("1", "2", "3")
    async with running(sender):
        await until(lambda: slow.said == ["1", "2", "3"])
        slow.gate.set()
        await until(lambda: len(slow.said) == 5)
    assert slow.said == ["1", "2", "3", "慢1", "慢2"]


async def test_no_more_is_claimed_than_can_be_sent_at_once(desk: Post) -> None:
    slow = Slow(desk.clock)
    slow.gate = asyncio.Event()
    sender = OutboxSender(desk.database, {CHANNEL: slow}, desk.clock)
    for number in range(IN_FLIGHT * 2):
        await desk.queue("慢", user=f"慢{number}")
    async with running(sender):
        await until(lambda: desk.rows("state").count(("sending",)) == IN_FLIGHT)
        sender.wake()
        await asyncio.sleep(0.1)
        assert desk.rows("state").count(("sending",)) == IN_FLIGHT
        slow.gate.set()
        await until(lambda: desk.rows("state") == [("sent",)] * IN_FLIGHT * 2)


async def test_what_ends_while_the_disk_is_slow_makes_no_room_yet(
    desk: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a crash would leave more unclear than may be out at once."""
    slow = Slow(desk.clock)
    slow.gate = asyncio.Event()
    sender = OutboxSender(desk.database, {CHANNEL: slow}, desk.clock)
    for number in range(IN_FLIGHT * 3):
        await desk.queue("慢", user=f"慢{number}")
    write, most = desk.database.write, 0

    async def slowly(fn: Callable[..., Any], *args: Any) -> Any:
        nonlocal most
        slow.gate.set()  # everything that is out ends before the transaction begins
        await asyncio.sleep(0.05)
        found = await write(fn, *args)
        most = max(most, desk.rows("state").count(("sending",)))
        slow.gate.clear()
        return found

    monkeypatch.setattr(desk.database, "write", slowly)
    async with running(sender):
        await until(lambda: desk.rows("state") == [("sent",)] * IN_FLIGHT * 3)
    assert most == IN_FLIGHT


class Able(Slow):
    """A channel with many connections."""

    in_flight = IN_FLIGHT * 2


async def test_a_channel_with_more_connections_sends_more_at_once(desk: Post) -> None:
    able = Able(desk.clock)
    able.gate = asyncio.Event()
    sender = OutboxSender(desk.database, {CHANNEL: able}, desk.clock)
    for number in range(IN_FLIGHT * 3):
        await desk.queue("慢", user=f"慢{number}")
    async with running(sender):
        await until(lambda: desk.rows("state").count(("sending",)) == IN_FLIGHT * 2)
        able.gate.set()
        await until(lambda: desk.rows("state") == [("sent",)] * IN_FLIGHT * 3)


async def test_a_watcher_that_fails_stops_nothing(desk: Post) -> None:
    def fall_over(row: Outgoing, state: Delivery) -> None:
        raise ZeroDivisionError(row.text, state)

    desk.sender.on_settled = fall_over
    await desk.queue("1", "2")
    async with running(desk.sender):
        await until(lambda: desk.rows("state") == [("sent",)] * 2)


async def test_stopping_lets_a_begun_send_end_and_begins_none(desk: Post) -> None:
    slow = Slow(desk.clock)
    slow.gate = asyncio.Event()
    sender = OutboxSender(desk.database, {CHANNEL: slow}, desk.clock)
    await desk.queue("1", "2", "3", user="慢")
    async with running(sender) as task:
        await until(lambda: ("sending",) in desk.rows("state"))
        stopping = asyncio.create_task(sender.stop())
        await asyncio.sleep(0.01)
        slow.gate.set()
        await stopping
        await asyncio.wait_for(task, 1)
    assert desk.rows("state") == [("sent",), ("queued",), ("queued",)]


async def test_new_rows_are_sent_when_the_sender_is_woken(desk: Post) -> None:
    async with running(desk.sender):
        for number in range(5):
            await desk.queue(str(number))
            desk.sender.wake()
            await until(partial(desk.has_said, number + 1))


async def test_settled_rows_are_told(desk: Post) -> None:
    told: list[tuple[str, Delivery]] = []
    desk.sender.on_settled = lambda row, state: told.append((row.text, state))
    desk.mouth.script = errors(None, SendRefused("不收"), SendUncertain("断了"))
    await desk.queue("1", "2", "3")
    await desk.sender.drain()
    assert told == [("1", Delivery.SENT), ("2", Delivery.FAILED), ("3", Delivery.UNCERTAIN)]


async def test_a_database_that_fails_for_a_while_stops_nothing(
    desk: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk is full at every second write; each row still goes out exactly once."""
    monkeypatch.setattr(outbox, "DATABASE_PAUSE", 0.001)
    write, calls = desk.database.write, [0]

    async def moody(*args: Any, **kwargs: Any) -> Any:
        calls[0] += 1
        if calls[0] % 2:
            raise StorageError("数据库写不进去")
        return await write(*args, **kwargs)

    await desk.queue("1", "2", "3")
    await desk.queue("乙", user="乙")
    with monkeypatch.context() as patch:
        patch.setattr(desk.database, "write", moody)
        async with running(desk.sender):
            await until(lambda: desk.rows("state") == [("sent",)] * 4)
            await desk.sender.stop()
    assert sorted(desk.mouth.said) == ["1", "2", "3", "乙"]
    assert desk.mouth.tried == desk.mouth.said


async def test_what_cannot_be_written_down_is_told_when_nobody_may_wait(
    desk: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.queue("1")

    def full(*_: Any, **__: Any) -> None:
        raise StorageError("磁盘满了")

    with monkeypatch.context() as patch:
        patch.setattr("storage.outbox.SqliteOutbox.settle", full)
        with pytest.raises(StorageError):
            await desk.sender.drain()
    assert desk.rows("state") == [("sending",)]
    assert await desk.sender.resume() == 1
