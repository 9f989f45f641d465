"""A running house with bridges: a steward, a new group, and a client on the other side."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.app import Service
from bot.channels.kind import ChannelSettings
from bot.config_sections import Config, SandboxSection, ServerSection, StorageSection
from bot.models import Incoming, Person, Role
from bot.serve import house
from tests.web.doors import until

AREA = "海棠街道/春晓社区"
GRID = f"{AREA}/第1微网格"
STEWARD = "20001"


class HandClock:
    """Implements `bot.ports.Clock`."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant

    def pass_(self, seconds: float) -> None:
        self.instant += timedelta(seconds=seconds)


class House:
    """The service under its address, and a client session."""

    def __init__(self, service: Service, url: str, session: aiohttp.ClientSession) -> None:
        self.service = service
        self.url = url.rstrip("/")
        self.session = session

    async def stored(self, channel: str, chat: str = "") -> list[Incoming]:
        """The messages of a chat."""
        rows = await self.service.database.read(
            lambda store: store.inbox.recent(channel, chat, "", 1000)
        )
        return [incoming for _, incoming in rows]

    async def metric(self, line: str) -> float:
        """The value of one line of the metrics, 0 when it is not there yet."""
        async with self.session.get(f"{self.url}/metrics") as response:
            rows = (await response.text()).splitlines()
        found = [row for row in rows if row.startswith(line + " ")]
        return float(found[0].rpartition(" ")[2]) if found else 0.0


@asynccontextmanager
async def opened(
    folder: Path, kind: str, settings: ChannelSettings, steward: str = STEWARD
) -> AsyncIterator[House]:
    """A house with one bridge `KIND/main` and a steward of the first micro-grid on it."""
    channel = f"{kind}/main"
    config = Config(
        server=ServerSection(port=0),
        storage=StorageSection(path=str(folder / "haitang.db")),
        sandbox=SandboxSection(enabled=False),
        channels={kind: {"main": settings}},
    )
    async with AsyncExitStack() as stack:
        service, url = await stack.enter_async_context(house(config, None))
        service.sender._paces.clear()  # the tests are in a hurry
        boss = Person(
            id=f"{channel}:{steward}",
            channel=channel,
            user=steward,
            name="管家",
            role=Role.STEWARD,
            area=GRID,
        )
        await service.database.write(lambda store: store.people.save(boss))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield House(service, url, session)


class ScriptedPeer:
    """Implements `bot.ports.Peer`: brings what it was given, then leaves."""

    def __init__(self, frames: Sequence[str] = ()) -> None:
        self.frames = list(frames)
        self.sent: list[str] = []
        self.left = False

    async def send(self, text: str) -> None:
        self.sent.append(text)

    async def receive(self) -> str | None:
        return self.frames.pop(0) if self.frames else None

    async def leave(self) -> None:
        self.left = True


__all__ = ["AREA", "GRID", "STEWARD", "HandClock", "House", "ScriptedPeer", "opened", "until"]
