"""A hundred thousand schedules and a million waiting rows: an idle tick, and the start."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.bot import write_settings
from benchmarks.servers import Server
from bot.app import Database, build_knowledge, routers
from bot.config import Config
from bot.engine.clock import SystemClock
from bot.engine.engine import Engine
from bot.engine.outbox import OutboxSender

SCHEDULES, ROWS, RECEIVERS = 100_000, 1_000_000, 10_000
TICKS = 500
TICK_BAR, START_BAR = 1.0, 3.0
A_DAY = 86_400_000
TEXT = "停水通知：明天上午九点到十一点停水，请各家提前存水。"


def fill(path: Path, schedules: int, rows: int) -> None:
    """What a service would have written over months, put in at once; nothing of it is due today."""
    asyncio.run(_made(path))
    due = int(time.time() * 1000) + A_DAY
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.executemany(
            "INSERT INTO notices (id, author, text, targets, planned_at, state, created_at)"
            " VALUES (?,?,?,?,?,?,?)",
            (
                (f"n{n}", "p", TEXT, '{"areas":["海棠街道"]}', due + n, "planned", due - A_DAY)
                for n in range(schedules)
            ),
        )
        connection.executemany(
            "INSERT INTO outbox (id, channel, chat, receiver, text, kind, cause, once, state,"
            " attempts, due_at, created_at, platform_id, error, mentions, reply_token, lane, rank,"
            " head) VALUES (?,?,?,'',?,'notice',?,?,'queued',0,?,?,'','','','','wecom_robot',2,?)",
            _outbox(rows, due),
        )
        connection.commit()


def _outbox(rows: int, due: int) -> Iterator[tuple[Any, ...]]:
    for n in range(rows):
        group, run = n % RECEIVERS, n // RECEIVERS
        yield (
            f"{n:017x}abcdef",
            f"wecom_robot/g{group}",
            f"g{group}",
            TEXT,
            f"notice:n{run}@1",
            f"notice:n{run}@1/g{group}",
            due + n,
            due - A_DAY,
            int(n < RECEIVERS),
        )


async def _made(path: Path) -> None:
    await Database.open(path).close()


def idle_ticks(path: Path) -> tuple[float, float]:
    """The median and the 99th of a hundred idle ticks, in milliseconds."""
    return asyncio.run(_idle_ticks(path))


async def _idle_ticks(path: Path) -> tuple[float, float]:
    database, clock = Database.open(path), SystemClock()
    try:
        engine = Engine(database, routers(), build_knowledge(Config()), clock)
        await OutboxSender(database, {}, clock).resume()
        await engine.tick()  # the first writes down when to look next
        spent = []
        for _ in range(TICKS):
            begun = time.perf_counter()
            await engine.tick()
            spent.append((time.perf_counter() - begun) * 1000)
        return statistics.median(spent), statistics.quantiles(spent, n=100)[98]
    finally:
        await database.close()


def start_seconds(folder: Path) -> float:
    """From the birth of the process until it is ready, the dictionary's cache written before."""
    with Server("bot", folder) as server:
        return server.until_ready()


def report(*, quick: bool) -> list[tuple[str, bool]]:
    """The statements, and whether each holds."""
    schedules, rows = (SCHEDULES // 100, ROWS // 100) if quick else (SCHEDULES, ROWS)
    with tempfile.TemporaryDirectory(prefix="haitang-bench-") as name:
        folder = Path(name)
        write_settings(folder, "http://127.0.0.1:1")
        start_seconds(folder)
        for left in folder.glob("haitang.db*"):
            left.unlink()
        fill(folder / "haitang.db", schedules, rows)
        tick, worst = idle_ticks(folder / "haitang.db")
        start = start_seconds(folder)
        size = (folder / "haitang.db").stat().st_size / 1_048_576
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    what = f"with {schedules:,} schedules and {rows:,} pending rows ({size:.0f} MiB)"
    return [
        (
            f"{what} an idle tick takes {tick:.2f} ms, 99 % within {worst:.2f}"
            f" (bar {TICK_BAR:.0f})",
            quick or tick < TICK_BAR,
        ),
        (
            f"{what} ready {start:.2f} s after the start (bar {START_BAR:.0f})",
            quick or start < START_BAR,
        ),
    ]
