"""An engine with handlers of the test's own, on a real database, with a clock that stands still."""

from __future__ import annotations

import sqlite3
import threading
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from bot import Context, Router, always
from bot.app import Database, build_knowledge
from bot.config import Config
from bot.engine.engine import Engine
from bot.errors import SendError
from bot.models import Delivery, Group, Incoming, Listen, Outgoing
from bot.ports import Rate, Store
from bot.services.faq import FaqBook
from bot.services.knowledge import Knowledge
from storage.keys import load
from tests.blank import lay_blank

CHANNEL = "c"
AREA = "海棠街道/春晓社区/第1微网格"
START = datetime.fromisoformat("2026-11-21T09:00:00+08:00")


@cache
def _tables() -> Knowledge:
    return build_knowledge(Config())


def knowledge() -> Knowledge:
    """The shipped tables with an empty bank of its own."""
    return msgspec.structs.replace(_tables(), book=FaqBook())


class StandingClock:
    """Implements `bot.ports.Clock`."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def pass_(self, seconds: float) -> None:
        """Go forward."""
        self._now += timedelta(seconds=seconds)


class Mouth:
    """A channel that writes down what it is given. `script`: what the next sends raise."""

    def __init__(self, clock: StandingClock, rate: Rate | None = None, name: str = CHANNEL) -> None:
        self.name = name
        self.rate = rate
        self.script: deque[BaseException | None] = deque()
        self.tried: list[str] = []
        self.sent: list[tuple[str, str, datetime]] = []
        self._clock = clock

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str:
        """Say it, or raise what the script says."""
        self.tried.append(outgoing.text)
        error = self.script.popleft() if self.script else None
        if error is not None:
            raise error
        self.sent.append((outgoing.chat or outgoing.user, outgoing.text, self._clock.now()))
        return f"p{len(self.sent)}"

    @property
    def said(self) -> list[str]:
        """The texts that went out, in order."""
        return [text for _, text, _ in self.sent]


class Rig:
    """A database with one registered group `g`, and an engine over it."""

    def __init__(self, path: Path, routers: Sequence[Router], max_waiting: int) -> None:
        self.path = path
        self.clock = StandingClock()
        self.database = Database.open(path if path.exists() else lay_blank(path))
        self.engine = Engine(
            self.database, routers, knowledge(), self.clock, max_waiting=max_waiting
        )

    async def said(self, message: str) -> list[str]:
        """What a message made the bot say."""
        rows = await self.database.read(lambda store: store.outbox.caused_by(message))
        return [row.text for row in rows]

    async def rows(self) -> dict[Delivery, int]:
        """How many rows of the outbox are in which state."""
        return dict(await self.database.read(lambda store: store.outbox.counts()))

    def states(self) -> list[tuple[str, str]]:
        """Text and state of every stored message, oldest first, as another program sees them."""
        keys = load(self.path.with_suffix(".key"))
        with closing(sqlite3.connect(self.path)) as connection:
            rows = connection.execute("SELECT id, text, state FROM inbox ORDER BY id").fetchall()
        return [(keys.open(text, f"inbox.text {row}"), state) for row, text, state in rows]

    def states_by_id(self) -> dict[str, str]:
        """The state of every stored message by the platform's id of it."""
        with closing(sqlite3.connect(self.path)) as connection:
            return dict(connection.execute("SELECT message_id, state FROM inbox").fetchall())


@asynccontextmanager
async def rig(path: Path, *routers: Router, max_waiting: int = 2000) -> AsyncIterator[Rig]:
    """Open, register the group, and close in the end."""
    made = Rig(path, routers, max_waiting)
    try:
        await made.database.write(lambda store: add_group(store, "g", Listen.ALL))
        yield made
    finally:
        await made.database.close()


def add_group(store: Store, chat: str, listen: Listen) -> None:
    """Register a group."""
    group = Group(
        id=f"{CHANNEL}:{chat}", channel=CHANNEL, chat=chat, name=chat, area=AREA, listen=listen
    )
    store.people.save_group(group)


def says(text: str = "在吗", message_id: str = "", **changes: Any) -> Incoming:
    """居民甲 says something in the group."""
    made = Incoming(
        channel=CHANNEL,
        chat="g",
        sender="居民甲",
        message_id=message_id or text,
        text=text,
        sent_at=START,
    )
    return msgspec.structs.replace(made, **changes)


def echo(name: str = "echo") -> Router:
    """A router that repeats every message."""
    router = Router(name)

    @router.on(always())
    def repeat(ctx: Context) -> None:
        ctx.reply(f"回：{ctx.text}")

    return router


class Jam:
    """Keeps the writer thread busy until it is freed, so that writes pile up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._gate = threading.Event()

    async def hold(self) -> None:
        """Busy; returns when freed."""
        await self._database.write(lambda store: self._gate.wait(10))

    def free(self) -> None:
        """Let the writer go on."""
        self._gate.set()


def errors(*kinds: SendError | None) -> deque[BaseException | None]:
    """A script for `Mouth`."""
    return deque(kinds)
