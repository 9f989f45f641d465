"""Errands while no service runs: the configured channels alone, and the database if needed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from bot.app import Database, build_knowledge
from bot.channels.build import build
from bot.channels.files import beside
from bot.config import Config
from bot.engine.clock import SystemClock
from bot.engine.errands import Errands
from bot.engine.papers import Papers


@asynccontextmanager
async def errands(config: Config, *, writing: bool) -> AsyncIterator[Errands]:
    """The errands over channels of their own. `writing` opens the database, and takes its lock.

    Raises `StorageError` when another process has it.
    """
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        database = None
        if writing:
            database = Database.open(config.storage.file, config.storage.key)
            stack.push_async_callback(database.close)
        channels = build(config.channels, clock, beside(Path(config.storage.path)))
        for channel in channels.values():
            await channel.start()
            stack.push_async_callback(channel.stop)
        yield Errands(channels, database, clock)


@asynccontextmanager
async def papers(config: Config) -> AsyncIterator[Papers]:
    """Ledgers and reports, over a database of their own. Raises `StorageError`."""
    database = Database.open(config.storage.file, config.storage.key)
    try:
        knowledge = build_knowledge(config)
        await database.read(knowledge.tables.refresh)
        yield Papers(database, knowledge, SystemClock())
    finally:
        await database.close()
