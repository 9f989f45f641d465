"""A pace that a channel keeps itself is not forgotten when the process starts again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import Database
from bot.channels.wecom_app import GROUPS_A_DAY, WecomAppChannel, WecomAppSettings
from bot.channels.wecom_robot import MESSAGES_A_MINUTE, WecomRobotChannel, WecomRobotSettings
from bot.engine.outbox import OutboxSender
from bot.models import Delivery, Outgoing
from bot.ports import Channel, Store
from bot.replay import VirtualClock
from bot.testing import FakeWecom

START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
ROBOT, APP = "wecom_robot/g1", "wecom_app/main"


class Taken:
    """In the place of a line to the platform: it takes everything, and counts."""

    def __init__(self) -> None:
        self.count = 0

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def post(self, body: dict[str, Any], attempts: int) -> None:
        self.count += 1

    async def send_message(self, body: dict[str, Any]) -> str:
        self.count += 1
        return str(self.count)


class House:
    """A database that outlives the process; `start` is a new one."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = VirtualClock(START)
        self.taken = Taken()

    async def start(self) -> OutboxSender:
        channels: dict[str, Channel] = {ROBOT: self._robot(), APP: self._app()}
        sender = OutboxSender(self.database, channels, self.clock)
        await sender.resume()
        return sender

    async def queue(self, channel: str, count: int, text: str = "停水") -> None:
        def add(store: Store) -> None:
            for _ in range(count):
                row = Outgoing(
                    id="",
                    channel=channel,
                    chat="g1",
                    user="",
                    text=text,
                    kind="notice",
                    cause="",
                )
                store.outbox.add(row, self.clock.now(), due_at=None, once="")

        await self.database.write(add)

    async def sent(self) -> int:
        counts = await self.database.read(lambda store: store.outbox.counts())
        return counts.get(Delivery.SENT, 0)

    def _steady(self) -> float:
        return self.clock.now().timestamp()

    def _robot(self) -> Channel:
        settings = WecomRobotSettings(key="key-000001", group="一群", area="街道/社区")
        found = WecomRobotChannel(ROBOT, settings, self.clock, monotonic=self._steady)
        found._api = self.taken  # type: ignore[assignment]
        return found

    def _app(self) -> Channel:
        fake = FakeWecom()
        settings = WecomAppSettings(
            corp_id=fake.corp_id,
            agent_id=fake.agent_id,
            secret=fake.secret,
            token=fake.token,
            encoding_aes_key=fake.encoding_aes_key,
        )
        found = WecomAppChannel(APP, settings, self.clock, monotonic=self._steady)
        found.api = self.taken  # type: ignore[assignment]
        return found


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    database = Database.open(tmp_path / "x.db")
    yield House(database)
    await database.close()


async def test_a_robot_goes_on_where_it_stood(house: House) -> None:
    await house.queue(ROBOT, MESSAGES_A_MINUTE)
    await (await house.start()).drain()
    assert await house.sent() == MESSAGES_A_MINUTE
    house.clock.set(START + timedelta(seconds=10))
    again = await house.start()
    await house.queue(ROBOT, 5)
    await again.drain()
    assert await house.sent() == MESSAGES_A_MINUTE
    house.clock.set(START + timedelta(seconds=64))
    await again.drain()
    assert await house.sent() == MESSAGES_A_MINUTE + 5


async def test_a_long_text_took_several_places(house: House) -> None:
    await house.queue(ROBOT, 2, "停水通知。" * 1200)
    await (await house.start()).drain()
    before = house.taken.count
    assert before > 2
    again = await house.start()
    await house.queue(ROBOT, MESSAGES_A_MINUTE)
    await again.drain()
    assert house.taken.count == MESSAGES_A_MINUTE


async def test_the_groups_of_an_app_remember_their_minute_and_their_day(house: House) -> None:
    def many(store: Store) -> None:
        for number in range(GROUPS_A_DAY):
            row = Outgoing(
                id=f"{number:09}",
                channel=APP,
                chat=f"g{number}",
                user="",
                text="停水",
                kind="notice",
                cause="",
            )
            store.outbox.add(row, START, due_at=None, once="")
            store.outbox.settle(row.id, Delivery.SENT, START)

    await house.database.write(many)
    house.clock.set(START + timedelta(hours=2))
    again = await house.start()
    await house.queue(APP, 3)
    await again.drain()
    assert house.taken.count == 0
    house.clock.set(START + timedelta(hours=24, seconds=1))
    await again.drain()
    assert house.taken.count == 3
