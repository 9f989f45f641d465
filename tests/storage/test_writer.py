"""One thread writes: commits are shared, failures are alone, nothing is told too early."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import StorageError
from storage.connection import connect_writer
from storage.writer import MAX_BATCH, Writer

INSERT = "INSERT INTO notes (id) VALUES (?)"


class Wire:
    """A connection that counts statements, and fails at the `breaks_at`-th as a bad disk does.

    `loses`: the failure takes the whole transaction with it, as SQLite does on a full disk.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.statements: list[str] = []
        self.breaks_at = 0
        self.loses = False

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        self.statements.append(sql)
        if len(self.statements) == self.breaks_at:
            if self.loses and self.in_transaction:
                self._connection.execute("ROLLBACK")
            raise sqlite3.OperationalError("database or disk is full")
        return self._connection.execute(sql, *values)


@contextmanager
def opened(path: Path) -> Iterator[Wire]:
    with closing(connect_writer(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # for the tests' own speed
        connection.execute("CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY)")
        yield Wire(connection)


@asynccontextmanager
async def writing(wire: Wire) -> AsyncIterator[Writer]:
    writer = Writer(cast("sqlite3.Connection", wire))  # it is one in all that a writer uses
    yield writer
    await writer.close()


@pytest.fixture
def wire(path: Path) -> Iterator[Wire]:
    with opened(path) as made:
        yield made


@pytest.fixture
async def writer(wire: Wire) -> AsyncIterator[Writer]:
    async with writing(wire) as made:
        yield made


def on_disk(path: Path) -> set[int]:
    """What another process would see."""
    with closing(sqlite3.connect(path)) as other:
        return {row[0] for row in other.execute("SELECT id FROM notes")}


def note(wire: Wire, number: int, error: BaseException | None = None) -> Callable[[], int]:
    """A function that writes a row, then returns its number or fails."""

    def run() -> int:
        wire.execute(INSERT, (number,))
        if error is not None:
            raise error
        return number

    return run


async def together(writer: Writer, *jobs: Callable[[], Any]) -> list[Any]:
    """Run functions as one waiting crowd: they queue up behind a first one that is slow."""
    gate = threading.Event()
    slow = asyncio.create_task(writer.submit(gate.wait))
    await asyncio.sleep(0)
    tasks = [asyncio.create_task(writer.submit(job)) for job in jobs]
    await asyncio.sleep(0)
    gate.set()
    everyone = asyncio.gather(slow, *tasks, return_exceptions=True)
    results = await asyncio.wait_for(everyone, 10)
    return results[1:]


async def test_a_result_arrives_after_its_commit(path: Path, wire: Wire, writer: Writer) -> None:
    for number in range(20):
        assert await writer.submit(note(wire, number)) == number
        assert number in on_disk(path)


@pytest.mark.parametrize(
    ("count", "commits"), [(1, 1), (50, 1), (MAX_BATCH, 1), (MAX_BATCH + 1, 2)]
)
async def test_those_who_wait_share_a_commit(
    count: int, commits: int, path: Path, wire: Wire, writer: Writer
) -> None:
    results = await together(writer, *(note(wire, number) for number in range(count)))
    assert results == list(range(count))
    assert wire.statements.count("COMMIT") == commits + 1  # the slow one has its own
    assert on_disk(path) == set(range(count))


@pytest.mark.parametrize(
    "error", [ValueError("mine"), sqlite3.IntegrityError("mine"), StopIteration(), MemoryError()]
)
async def test_a_failing_function_is_rolled_back_alone(
    error: Exception, path: Path, wire: Wire, writer: Writer
) -> None:
    results = await together(writer, note(wire, 1), note(wire, 2, error), note(wire, 3))
    assert (results[0], results[2]) == (1, 3)
    assert isinstance(results[1], RuntimeError if isinstance(error, StopIteration) else type(error))
    assert on_disk(path) == {1, 3}


@pytest.mark.parametrize("ending", ["ROLLBACK", "COMMIT"])
@pytest.mark.parametrize("raises", [True, False])
async def test_a_lost_transaction_is_nobodys_success(
    ending: str, raises: bool, path: Path, wire: Wire, writer: Writer
) -> None:
    def lose() -> None:
        wire.execute(ending)
        if raises:
            raise ValueError

    results = await together(writer, note(wire, 1), lose, note(wire, 3))
    assert all(isinstance(result, Exception) for result in results)
    assert 3 not in on_disk(path)
    assert await writer.submit(note(wire, 4)) == 4
    assert 4 in on_disk(path)


async def test_a_waiter_who_goes_away_does_not_undo_the_commit(
    path: Path, wire: Wire, writer: Writer
) -> None:
    gate = threading.Event()
    slow = asyncio.create_task(writer.submit(gate.wait))
    await asyncio.sleep(0)
    gone = asyncio.create_task(writer.submit(note(wire, 1)))
    stays = asyncio.create_task(writer.submit(note(wire, 2)))
    await asyncio.sleep(0)
    gone.cancel()
    gate.set()
    assert await stays == 2
    await slow
    assert gone.cancelled()
    assert on_disk(path) == {1, 2}


async def test_closing_finishes_what_waits_and_takes_nothing_more(path: Path, wire: Wire) -> None:
    async with writing(wire) as writer:
        tasks = [asyncio.create_task(writer.submit(note(wire, n))) for n in range(10)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*tasks) == list(range(10))
    assert on_disk(path) == set(range(10))
    with pytest.raises(StorageError, match="关闭"):
        await writer.submit(note(wire, 11))


async def told(writer: Writer, wire: Wire) -> tuple[set[int], set[int]]:
    """Three crowds, one with a failing function: whom success was told, and whom failure."""
    done: set[int] = set()
    failed: set[int] = set()
    for first in (0, 10, 20):
        numbers = range(first, first + 4)
        jobs = [note(wire, n, ValueError() if n == 12 else None) for n in numbers]
        for number, result in zip(numbers, await together(writer, *jobs), strict=True):
            (done if result == number else failed).add(number)
    return done, failed


@pytest.mark.parametrize("loses", [True, False])
async def test_a_disk_that_fails_at_any_statement_makes_no_false_success(
    loses: bool, tmp_path: Path
) -> None:
    """The k-th statement fails, for every k until the run is over without reaching it."""
    for k in itertools.count(1):
        path = tmp_path / f"{k}.db"
        with opened(path) as wire:
            wire.breaks_at, wire.loses = k, loses
            async with writing(wire) as writer:
                done, failed = await asyncio.wait_for(told(writer, wire), 10)
            reached = len(wire.statements) >= k
        assert on_disk(path) == done, f"statement {k}: {wire.statements[k - 1 : k]}"
        assert not failed & done
        if not reached:
            break
    assert k > 30
    assert done == {0, 1, 2, 3, 10, 11, 13, 20, 21, 22, 23}
