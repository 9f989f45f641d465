"""A running house for tests: the real service on loopback, a fake WeCom beside it."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stderr
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import structlog

from bot import logs
from bot.app import Service
from bot.channels.build import Configured
from bot.config_sections import Config, SandboxSection, ServerSection, StorageSection
from bot.models import Incoming
from bot.ports import Clock, Store
from bot.serve import house
from bot.testing import FakeWecom, SignedCallback
from tests.blank import lay_blank

MAIN = "/callback/wecom_app/main"


class Door:
    """An address, a client, the service behind it and the platform beside it."""

    def __init__(
        self, url: str, session: aiohttp.ClientSession, service: Service, fake: FakeWecom
    ) -> None:
        self.url = url
        self.session = session
        self.service = service
        self.fake = fake

    async def post(self, callback: SignedCallback, path: str = MAIN) -> tuple[int, bytes]:
        """Deliver a callback once."""
        async with self.session.post(
            self.url + path, params=callback.query, data=callback.body
        ) as answer:
            return answer.status, await answer.read()

    async def get(self, path: str, **query: str) -> tuple[int, bytes]:
        """Status and body."""
        async with self.session.get(self.url + path, params=query) as answer:
            return answer.status, await answer.read()

    async def json(self, path: str, **query: str) -> Any:
        """The decoded body of a 200."""
        status, body = await self.get(path, **query)
        assert status == 200, body
        return msgspec.json.decode(body)

    async def stored(self, sender: str) -> list[str]:
        """What the main channel's inbox holds of one member."""

        def texts(store: Store) -> list[str]:
            rows = store.inbox.recent("wecom_app/main", "", sender, 1000)
            return [incoming.text for _, incoming in rows]

        return await self.service.database.read(texts)

    async def metric(self, line: str) -> float:
        """The value of one line of the metrics, 0 when it is not there yet."""
        _, body = await self.get("/metrics")
        found = [row for row in body.decode().splitlines() if row.startswith(line + " ")]
        return float(found[0].rpartition(" ")[2]) if found else 0.0

    def heard(self, user: str) -> list[str]:
        """What the platform was asked to tell one member."""
        return [sent.text for sent in self.fake.sent if sent.to == user]


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    clock: Clock | None = None,
    sandbox: bool = True,
    fake: FakeWecom | None = None,
    also: Configured | None = None,
    public_url: str = "",
) -> AsyncIterator[Door]:
    """A house in `folder` with one app `main`, whose platform is the fake one.

    `also` are further channels; `public_url` is where the platform finds it.
    """
    platform = fake or FakeWecom(clock=clock)
    if not (folder / "haitang.db").exists():
        lay_blank(folder / "haitang.db")
    async with AsyncExitStack() as stack:
        base_url = await stack.enter_async_context(platform.serve())
        config = Config(
            server=ServerSection(port=0, public_url=public_url),
            storage=StorageSection(path=str(folder / "haitang.db")),
            sandbox=SandboxSection(enabled=sandbox),
            channels={
                "wecom_app": {"main": platform.settings(base_url)},
                **{kind: dict(named) for kind, named in (also or {}).items()},
            },
        )
        service, url = await stack.enter_async_context(house(config, clock))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        yield Door(url, session, service, platform)


@contextmanager
def logged(level: str = "debug", secrets: Iterable[str] = ()) -> Iterator[io.StringIO]:
    """Logging as the service has it, written where a test can read it."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, structlog.get_config())
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    root.handlers[:] = []
    stream = io.StringIO()
    with redirect_stderr(stream):
        logs.configure(level, secrets)
    try:
        yield stream
    finally:
        root.handlers[:], root_level, config = before
        sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
        root.setLevel(root_level)
        structlog.configure(**config)


async def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something holds; a failure says so instead of hanging."""
    for _ in range(int(seconds * 100)):
        if true():
            return
        await asyncio.sleep(0.01)
    assert true()


def as_incoming(sender: str, message_id: str, channel: str = "wecom_app/main") -> Incoming:
    """What the inbox is asked for."""
    return msgspec.convert(
        {
            "channel": channel,
            "chat": "",
            "sender": sender,
            "message_id": message_id,
            "text": "",
            "sent_at": "2026-11-21T09:00:00+08:00",
        },
        Incoming,
    )
