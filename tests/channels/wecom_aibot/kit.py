"""A channel over the stand-in: what every test of the long connection needs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec.structs import replace

from bot.channels.wecom_aibot import LongConnectionChannel
from bot.channels.wecom_aibot.timing import Timing
from bot.engine.tasks import Tasks
from bot.models import Incoming, Outgoing
from bot.ports import Trouble
from bot.testing.wecom import FakeAibot
from tests.web.doors import until

QUICK = Timing(
    connect=5.0,
    heartbeat=1.0,
    acknowledge=5.0,
    first_wait=0.02,
    longest_wait=0.1,
    silence=60.0,
    steady=0.05,
    ready=5.0,
    refusals=3,
    alarm_after=3,
)

# For who waits for what never comes.
HASTY = replace(QUICK, heartbeat=0.05, acknowledge=0.4, ready=0.1)


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def now(self) -> datetime:
        return self._now

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class Rig:
    """The channel, the stand-in, and what happened."""

    def __init__(self, fake: FakeAibot, channel: LongConnectionChannel) -> None:
        self.fake = fake
        self.channel = channel
        self.received: list[Incoming] = []
        self.troubles: list[Trouble] = []
        self.ups: list[bool] = []
        self.refused = 0
        self.failing = 0
        channel.on_trouble = self.troubles.append
        channel.on_connected = self.ups.append
        channel.on_refused = self._refuse

    async def receive(self, incoming: Incoming) -> None:
        if self.failing:
            self.failing -= 1
            raise OSError("disk full")
        self.received.append(incoming)

    async def hears(self, user: str, text: str, chat: str = "G1") -> Incoming:
        """A member speaks; the message as the channel hands it on."""
        count = len(self.received)
        await self.fake.push(self.fake.message(user, text, chat=chat))
        await until(lambda: len(self.received) > count)
        return self.received[-1]

    def is_last(self, text: str) -> bool:
        return bool(self.received) and self.received[-1].text == text

    async def live(self) -> None:
        await until(lambda: self.fake.live is not None and self.channel.connection.state == "live")

    def _refuse(self) -> None:
        self.refused += 1


@asynccontextmanager
async def connected(
    timing: Timing = QUICK, fake: FakeAibot | None = None, **settings: object
) -> AsyncIterator[Rig]:
    """A channel that listens to a stand-in, both on loopback."""
    platform = fake or FakeAibot()
    tasks = Tasks()
    async with platform.serve():
        chosen = msgspec.structs.replace(platform.settings(), **settings)
        channel = LongConnectionChannel("wecom_aibot/main", chosen, platform.clock, timing)
        rig = Rig(platform, channel)
        await channel.start()
        tasks.spawn(channel.listen(rig.receive), "listen")
        try:
            yield rig
        finally:
            await tasks.drain(0)
            await channel.stop()


def reply_to(incoming: Incoming, text: str, row: str = "row1") -> Outgoing:
    """The outbox row that a handler's `ctx.reply` makes."""
    return Outgoing(
        id=row,
        channel=incoming.channel,
        chat=incoming.chat,
        user=incoming.sender if incoming.chat == "" else "",
        text=text,
        reply_token=incoming.reply_token,
    )


def notice(text: str, chat: str = "G1", user: str = "") -> Outgoing:
    """A row that answers nothing."""
    return Outgoing(id="notice1", channel="wecom_aibot/main", chat=chat, user=user, text=text)
