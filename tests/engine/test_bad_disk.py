"""The k-th statement fails, for every k: a message is there with all it caused, or not at all."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot import Context, Router, SkipHandler, keyword
from bot.errors import StorageError
from bot.models import Delivery, Outcome, Trace
from bot.ports import Store
from storage.savepoints import LazyConnection
from tests.engine.rig import Rig, echo, rig, says
from tests.trust.figures import Ledger

TEXTS = ("在吗", "跳过", "坏了", "再见")


def hesitant() -> Router:
    """Does something and hands on, or does something and fails."""
    router = Router("hesitant")

    @router.on(keyword("跳过", "坏了"))
    def hesitate(ctx: Context) -> None:
        ctx.reply("没说过")
        ctx.ask("没问过", "topic", {})
        raise SkipHandler if "跳过" in ctx.text else ZeroDivisionError

    return router


class Disk:
    """Fails once, at the k-th statement; `loses`: and the whole transaction with it."""

    def __init__(self, k: int, loses: bool) -> None:
        self._k, self._loses = k, loses
        self.seen = 0
        self._execute = LazyConnection.execute

    def execute(self, connection: LazyConnection, sql: str, *values: Any) -> sqlite3.Cursor:
        """Instead of `LazyConnection.execute`."""
        self.seen += 1
        if self.seen == self._k:
            if self._loses and connection.in_transaction:
                sqlite3.Connection.execute(connection, "ROLLBACK")
            raise sqlite3.OperationalError("disk I/O error")
        return self._execute(connection, sql, *values)


async def talk(house: Rig, k: int) -> dict[str, Outcome | None]:
    """Say everything once; what was answered to each, None for an error (HTTP 500)."""
    told: dict[str, Outcome | None] = {}
    for text in TEXTS:
        try:
            told[text] = (await house.engine.receive(says(text, f"{k}-{text}"))).outcome
        except StorageError:
            told[text] = None
    return told


@pytest.mark.trust
@pytest.mark.parametrize("loses", [True, False])
@pytest.mark.parametrize("max_waiting", [2000, -1], ids=["at once", "held back"])
async def test_no_half_message(
    loses: bool,
    max_waiting: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    figure: Ledger,
) -> None:
    path, answered = tmp_path / "haitang.db", 0
    async with rig(path, hesitant(), echo(), max_waiting=max_waiting) as house:
        for k in itertools.count(1):
            disk = Disk(k, loses)
            with monkeypatch.context() as patch:
                wire(patch, house, disk)
                told = await talk(house, k)
                await catch_up(house)
            answered += await check(house, k, told)
            if disk.seen < k:
                break
        assert await house.rows() == {Delivery.QUEUED: answered}  # nothing else was ever said
    figure(
        "C-4",
        "the k-th statement fails with an I/O error, for every k"
        f" ({'the transaction is lost' if loses else 'it stands'},"
        f" {'at once' if max_waiting > 0 else 'held back'})",
        k,
        "0 messages half stored, 0 acknowledged and not stored",
    )
    assert k > 20
    assert None not in told.values()


async def catch_up(house: Rig) -> None:
    """Handle what was held back; a failing disk is no reason to give up."""
    try:
        await house.engine.catch_up()
    except StorageError:
        await house.engine.catch_up()


def wire(patch: pytest.MonkeyPatch, house: Rig, disk: Disk) -> None:
    """Let every statement of the writing connection pass by the disk."""
    connection = house.database._connection

    def execute(sql: str, *values: Any) -> sqlite3.Cursor:
        return disk.execute(connection, sql, *values)

    patch.setattr(connection, "execute", execute)
    for repository in vars(house.database._store).values():
        if hasattr(repository, "_execute"):
            patch.setattr(repository, "_execute", execute)


def find(store: Store, text: str, k: int) -> str:
    return store.inbox.find(says(text, f"{k}-{text}"))


def trace_of(store: Store, message: str) -> Trace | None:
    return store.traces.get(message)


async def check(house: Rig, k: int, told: dict[str, Outcome | None]) -> int:
    """What is on disk is what was told; how many answers there are."""
    states, answers = house.states_by_id(), 0
    for text, outcome in told.items():
        state = states.get(f"{k}-{text}", "")
        assert (state == "") is (outcome is None), (k, text)
        if outcome is None:
            continue
        message = await house.database.read(find, text, k)
        trace = await house.database.read(trace_of, message)
        assert trace is not None
        assert state == ("failed" if trace.outcome is Outcome.FAILED else "done")
        said = [f"回：{text}"] if state == "done" else []
        assert await house.said(message) == said, (k, text)
        answers += len(said)
    return answers
