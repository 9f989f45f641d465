"""The database as the product sees it."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.ports import Store
from storage.connection import connect_reader, connect_writer
from storage.database import Database
from storage.store import SqliteStore
from tests.storage.samples import NOW, incoming


def accept(store: Store, number: int, *, state: str = "done") -> str | None:
    return store.inbox.accept(incoming(str(number)), NOW, state)


def find(store: Store, number: int) -> str:
    return store.inbox.find(incoming(str(number)))


async def test_what_was_written_can_be_read_at_once(database: Database) -> None:
    for number in range(20):
        row = await database.write(accept, number, state="queued")
        assert await database.read(find, number) == row


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(accept, 1)
    assert await database.read(lambda store: store.inbox.is_empty())
    assert await database.write(accept, 1)


async def test_a_reader_sees_one_moment(database: Database) -> None:
    loop = asyncio.get_running_loop()

    def look_twice(store: Store) -> tuple[bool, bool]:
        first = store.inbox.is_empty()
        asyncio.run_coroutine_threadsafe(database.write(accept, 1), loop).result(5)
        return first, store.inbox.is_empty()

    assert await database.read(look_twice) == (True, True)
    assert not await database.read(lambda store: store.inbox.is_empty())


async def test_closing_writes_what_waits(path: Path) -> None:
    opened = Database.open(path)
    waiting = [asyncio.create_task(opened.write(accept, number)) for number in range(600)]
    await asyncio.sleep(0)
    assert opened.waiting > 0
    await opened.close()
    assert all(await asyncio.gather(*waiting))
    assert not path.with_name(path.name + "-wal").exists()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("trusted_schema", 0)],
)
def test_the_writer_s_settings(pragma: str, value: object, path: Path) -> None:
    connection = connect_writer(path)
    assert connection.execute("PRAGMA " + pragma).fetchone()[0] == value
    assert connection.execute("PRAGMA busy_timeout").fetchone()[0] >= 5000
    connection.close()


async def test_a_path_with_odd_signs_can_be_read(tmp_path: Path) -> None:
    opened = Database.open(tmp_path / "数据 #1?%20" / "海棠.db")
    await opened.write(accept, 1)
    assert not await opened.read(lambda store: store.inbox.is_empty())
    await opened.close()
    connect_reader(opened.path).close()


def attempt(store: SqliteStore, error: Exception, statement: str = "SELECT 1") -> None:
    with store.savepoint():
        accept(store, 2)
        store.connection.execute(statement)
        raise error


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (ValueError("mine"), ValueError),
        (sqlite3.IntegrityError("mine"), sqlite3.IntegrityError),
        (sqlite3.OperationalError("database or disk is full"), StorageError),
    ],
)
def test_a_part_is_undone_alone_and_a_full_disk_is_no_mistake_of_its(
    error: Exception, becomes: type[Exception], store: SqliteStore
) -> None:
    store.connection.execute("BEGIN")
    accept(store, 1)
    with pytest.raises(becomes):
        attempt(store, error)
    with store.savepoint(), store.savepoint():
        accept(store, 3)
    store.connection.execute("COMMIT")
    assert [m.message_id for _, m in store.inbox.recent("c", "g1", "", 9)] == ["1", "3"]


def test_a_part_whose_transaction_is_lost_says_so(store: SqliteStore) -> None:
    store.connection.execute("BEGIN")
    with pytest.raises(StorageError, match="请检查磁盘"):
        attempt(store, ValueError("mine"), "ROLLBACK")
