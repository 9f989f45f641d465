"""The database as the product sees it: `write` and `read` with functions over a store."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Self, TypeVar, cast

from sqlite_utils import Database as UtilsDatabase

from bot.errors import StorageError
from bot.ports import Store
from storage import keys
from storage.backup import backup
from storage.closing import close_old
from storage.connection import connect_reader, connect_writer
from storage.lock import Lock
from storage.migrations import migrations, refuse_newer
from storage.savepoints import LazyConnection
from storage.store import SqliteStore
from storage.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

READERS = 2


class Database:
    """One file, one writing process, one writer thread, a few readers.

    `Database.open(path)` takes the lock, backs the file up before a migration, and refuses a file
    that is newer than the code. All three failures are `StorageError`.
    """

    def __init__(
        self, path: Path, lock: Lock, connection: LazyConnection, keyring: keys.Keyring
    ) -> None:
        self.path = path
        self._keys = keyring
        self._lock = lock
        self._connection = connection
        self._store = SqliteStore(connection, keyring)
        self._writer = Writer(connection)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="haitang-reader")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []

    @classmethod
    def open(cls, path: Path, key: Path | None = None) -> Self:
        """Open for writing; `key` is the key's file, beside the data when it is not told.

        Blocking; call it before the event loop serves.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = Lock(path.with_suffix(".lock")).acquire()
        try:
            path.touch(0o600)  # residents' words are nobody else's business on this machine
            connection = connect_writer(path)
            prepare(path, connection)
            keyring = unlock(connection, key or key_of(path))
            close_old(connection, keyring)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # A spoilt schema reaches us as an error whose own words cannot be read.
            lock.release()
            raise StorageError(
                f"数据文件 {path} 打不开（{error}）。请用 haitang restore 恢复最近的备份。"
            ) from error
        except BaseException:
            lock.release()
            raise
        return cls(path, lock, connection, keyring)

    @property
    def waiting(self) -> int:
        """How many writes wait for a batch."""
        return self._writer.waiting

    async def write(
        self, fn: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(store, …)` in a transaction; returns its result after the commit."""
        store = self._store
        return cast(T, await self._writer.submit(lambda: fn(store, *args, **kwargs)))

    async def read(
        self, fn: Callable[Concatenate[Store, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `fn(store, …)` on a consistent snapshot that cannot be written to."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, lambda: self._read(fn, args, kwargs))

    async def scrub(self) -> None:
        """Write the file anew and empty the write-ahead log. Writing waits for it: at night.

        `secure_delete` overwrites what is deleted; where pages were split, copies can stay behind.
        """
        await self._writer.aside("VACUUM")
        await self._writer.aside("PRAGMA wal_checkpoint(TRUNCATE)")

    async def backup(self, target: Path) -> None:
        """A checked copy while the service runs. Raises `StorageError`."""
        await asyncio.to_thread(backup, self.path, target)

    async def close(self) -> None:
        """Finish what waits and give the lock back."""
        await self._writer.close()
        await asyncio.to_thread(self._readers.shutdown)
        for connection in self._opened:
            connection.close()
        self._connection.close()
        self._lock.release()

    def _read(self, fn: Callable[..., T], args: Any, kwargs: Any) -> T:
        store = self._reader()
        store.connection.execute("BEGIN")
        try:
            return fn(store, *args, **kwargs)
        finally:
            store.connection.execute("ROLLBACK")

    def _reader(self) -> SqliteStore:
        store = getattr(self._local, "store", None)
        if store is None:
            connection = connect_reader(self.path)
            self._opened.append(connection)
            store = self._local.store = SqliteStore(connection, self._keys)
        return cast(SqliteStore, store)


def key_of(path: Path) -> Path:
    """Where the key lies unless the settings say otherwise."""
    return path.with_suffix(".key")


def unlock(connection: sqlite3.Connection, path: Path) -> keys.Keyring:
    """The key of this very data; made for data that has none yet. Raises `StorageError`."""
    row = connection.execute("SELECT mac FROM audit_seals WHERE side = 'key'").fetchone()
    if row is not None and not path.exists():
        raise StorageError(
            f"找不到密钥文件 {path}。请把和数据一起保管的那份放回去，或检查 storage.key_path；"
            "没有它，加密的原话打不开。"
        )
    keyring = keys.load(path)
    if row is None:
        connection.execute(
            "INSERT INTO audit_seals (side, number, hash, at, mac) VALUES ('key', 0, '', 0, ?)",
            (keyring.seal("key"),),
        )
    elif row[0] != keyring.seal("key"):
        raise StorageError(
            f"密钥文件 {path} 不是这份数据的，请换回原来的密钥文件。"
            "没有换过密钥的话是数据坏了，请用 haitang restore 从备份恢复。"
        )
    return keyring


def fits(path: Path, key: Path) -> bool:
    """Whether a key is the one of this file; True for a file that has none yet.

    Raises `StorageError` for a key's file that is none.
    """
    connection = connect_reader(path)
    try:
        row = connection.execute("SELECT mac FROM audit_seals WHERE side = 'key'").fetchone()
    except sqlite3.OperationalError:  # older than the seals
        row = None
    finally:
        connection.close()
    return row is None or bool(row[0] == keys.load(key).seal("key"))


def prepare(path: Path, connection: sqlite3.Connection) -> None:
    """Bring the schema up to date; a copy of the old file is kept beside it first."""
    verdict = connection.execute("PRAGMA quick_check").fetchone()[0]
    if verdict != "ok":
        raise StorageError(f"数据文件 {path} 已损坏（{verdict}）。请用 haitang restore 恢复备份。")
    db = UtilsDatabase(connection)
    refuse_newer(db)
    if migrations.applied(db) and migrations.pending(db):
        stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S")
        backup(path, path.parent / "backups" / f"before-migration-{stamp}.db")
    migrations.apply(db)
