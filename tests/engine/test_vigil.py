"""What stands still is told once, and that it goes on again; nights have their backup."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.metrics import Metrics
from bot.models import Outgoing
from bot.nightly import Nightly
from bot.ports import Store
from bot.rotating import Rotating
from bot.rules.rotation import Rotation
from bot.vigil import Vigil, Words
from handlers.phrases import alarms
from storage.database import Database

START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
WORDS = Words(*alarms.WATCH)
GIB = 2**30


class Clock:
    """Implements `bot.ports.Clock`."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class House:
    """A vigil over a database, with a clock that is turned by hand."""

    def __init__(self, database: Database) -> None:
        self.clock = Clock()
        self.database = database
        self.told: list[str] = []
        self.metrics = Metrics()
        self.room = 20 * GIB
        self.vigil = Vigil(
            database, self.clock, self.metrics, WORDS, 6, self.tell, lambda: self.room
        )

    async def tell(self, text: str) -> None:
        self.told.append(text)

    async def after(self, **span: float) -> list[str]:
        """What is told at a look so much later."""
        self.clock.at += timedelta(**span)
        before = len(self.told)
        await self.vigil.look()
        return self.told[before:]

    async def queue(self) -> None:
        def add(store: Store) -> None:
            row = Outgoing(id="", channel="c", chat="g", user="", text="在")
            store.outbox.add(row, self.clock.now(), due_at=None, once="")

        await self.database.write(add)

    async def send(self) -> None:
        def settle(store: Store) -> None:
            for row in store.outbox.claim(self.clock.now(), 10):
                store.outbox.settle(row.id, row.state.SENT, self.clock.now())

        await self.database.write(settle)
        self.vigil.sent()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = Database.open(tmp_path / "haitang.db")
    yield House(database)
    await database.close()


async def test_little_room_is_told_once_and_when_it_is_over(house: House) -> None:
    assert await house.after(seconds=30) == []
    house.room = GIB - 1
    (told,) = await house.after(seconds=30)
    assert "只剩 1023 MiB" in told
    house.room = GIB + 1  # not yet enough to call it over
    assert await house.after(minutes=10) == []
    house.room = 2 * GIB
    assert await house.after(seconds=30) == [alarms.ROOMY]
    assert await house.after(minutes=10) == []


async def test_a_queue_that_stands_is_told_once_and_when_it_flows(house: House) -> None:
    await house.queue()
    assert await house.after(seconds=60) == []
    (told,) = await house.after(minutes=3)
    assert "积压了4分钟" in told
    assert await house.after(minutes=10) == []
    await house.send()
    assert await house.after(seconds=30) == [alarms.FLOWING]
    assert await house.after(minutes=10) == []


async def test_a_long_queue_that_moves_is_no_alarm(house: House) -> None:
    await house.queue()
    for _ in range(10):
        house.vigil.sent()
        assert await house.after(seconds=90) == []


async def test_a_channel_that_falls_silent_by_day_is_told_once(house: House) -> None:
    assert await house.after(hours=8) == []  # never heard: perhaps it only speaks
    house.clock.at = START
    house.vigil.heard("wecom_app/main")
    assert await house.after(hours=5) == []
    (told,) = await house.after(hours=2)
    assert "wecom_app/main" in told
    assert await house.after(minutes=30) == []
    house.vigil.heard("wecom_app/main")
    assert await house.after(seconds=30) == [alarms.heard("wecom_app/main")]


async def test_silence_at_night_is_no_alarm(house: House) -> None:
    house.clock.at = START.replace(hour=19)
    house.vigil.heard("c")
    assert await house.after(hours=8) == []  # 3:00
    assert await house.after(hours=8) == []  # 11:00, three hours into the day
    assert len(await house.after(hours=4)) == 1


async def test_the_numbers_are_there(house: House) -> None:
    await house.queue()
    house.clock.at += timedelta(seconds=42)
    await house.vigil.oldest_unsent(house.clock.now())
    assert b"haitang_oldest_unsent_seconds 42.0" in house.metrics.text()


class Copies:
    """Makes backups of nothing, or fails."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.fails = False
        self.failed: list[str] = []
        self.nightly = Nightly(folder, time(3), Rotation(), self.clock, self.copy)
        self.nightly.on_failed = self.failed.append
        self.folder = folder

    async def copy(self, goal: Path) -> None:
        if self.fails:
            raise StorageError("磁盘满了。")
        self.made(goal)

    def made(self, goal: Path) -> None:
        goal.parent.mkdir(exist_ok=True)
        goal.touch()

    def names(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*"))


async def test_each_night_has_one_backup_and_old_ones_go(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "backups")
    copies.clock.at = START.replace(hour=2)
    await copies.nightly.look()
    assert copies.names() == []
    for _ in range(400):
        copies.clock.at = copies.clock.at.replace(hour=4)
        await copies.nightly.look()
        await copies.nightly.look()
        copies.clock.at += timedelta(days=1)
    assert 12 <= len(copies.names()) <= 23
    (copies.folder / "mine.db").touch()
    (copies.folder / "nightly-x.db").touch()
    await copies.nightly.look()
    assert {"mine.db", "nightly-x.db"} <= set(copies.names())


async def test_a_night_that_failed_is_told_and_tried_again(tmp_path: Path) -> None:
    copies = Copies(tmp_path / "backups")
    copies.fails = True
    await copies.nightly.look()
    assert copies.failed == ["磁盘满了。"]
    copies.fails = False
    await copies.nightly.look()
    assert copies.names() == ["nightly-20261121.db"]


def test_a_log_turns_over_and_keeps_so_many(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "haitang.log"
    log = Rotating(path, 100, 2)
    for number in range(50):
        log.write(f"第{number:02}行 字字字字\n")
    log.close()
    names = sorted(found.name for found in path.parent.iterdir())
    assert names == ["haitang.log", "haitang.log.1", "haitang.log.2"]
    assert all(found.stat().st_size <= 100 for found in path.parent.iterdir())
    assert path.stat().st_mode & 0o777 == 0o600
    kept = "".join((path.parent / name).read_text("utf-8") for name in reversed(names))
    lines = [int(found) for found in re.findall(r"第(\d\d)行", kept)]
    assert lines == list(range(lines[0], 50))
