"""Looking at a database without being its writer: for `haitang doctor`, also while it runs."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from bot.errors import StorageError
from bot.models import Delivery
from bot.ports import Store
from storage import keys
from storage.codec import to_ms
from storage.connection import connect_reader
from storage.store import SqliteStore

T = TypeVar("T")


class Ledger(Struct, frozen=True):
    """What waits or went wrong. `late` rows were due more than ten minutes before `now`."""

    counts: Mapping[Delivery, int]
    late: int
    failed_today: int


def ledger(path: Path, now: datetime) -> Ledger:
    """Raises `sqlite3.Error` for a file that is none of ours."""
    connection = connect_reader(path)
    try:
        rows = connection.execute("SELECT state, COUNT(*) FROM outbox GROUP BY state").fetchall()
        late = connection.execute(
            "SELECT COUNT(*) FROM outbox WHERE state = 'queued' AND due_at < ?",
            (to_ms(now) - 600_000,),
        ).fetchone()[0]
        failed = connection.execute(
            "SELECT COUNT(*) FROM outbox WHERE state = 'failed' AND settled_at > ?",
            (to_ms(now) - 86_400_000,),
        ).fetchone()[0]
    finally:
        connection.close()
    return Ledger({Delivery(state): count for state, count in rows}, late, failed)


def peek(path: Path, key: Path, fn: Callable[[Store], T]) -> T:
    """Run `fn` on a snapshot without being the writer. Raises `StorageError`."""
    if not path.exists():
        raise StorageError(f"还没有数据：{path} 不存在。先运行 haitang run，或检查 storage.path。")
    if not key.exists():
        raise StorageError(f"找不到密钥文件 {key}，请把它放回去，或检查 storage.key_path。")
    try:
        connection = connect_reader(path)
        try:
            connection.execute("BEGIN")
            return fn(SqliteStore(connection, keys.load(key)))
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StorageError(f"数据文件 {path} 读不了（{error}）。") from error


def in_clear(folder: Path) -> list[str]:
    """The names of copies in which words stand in the clear: older than the closing of words."""
    return sorted(path.name for path in folder.glob("*.db") if not is_closed(path))


def is_closed(path: Path) -> bool:
    """Whether an older version left nothing in the clear here, as far as it is data of ours."""
    try:
        with closing(connect_reader(path)) as connection:
            return connection.execute("SELECT 1 FROM closing LIMIT 1").fetchone() is None
    except sqlite3.OperationalError as error:
        return "no such table" not in str(error)
    except sqlite3.Error:  # no copy of ours, and nothing to say of it
        return True


def is_sound(path: Path) -> bool:
    """SQLite's own quick check. Raises `sqlite3.Error`."""
    connection = connect_reader(path)
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    finally:
        connection.close()


def holder(lock: Path) -> str:
    """The process that owns the database; "" when none does."""
    try:
        handle = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return ""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return os.read(handle, 32).decode("ascii", "replace").strip() or "未知"
    finally:
        os.close(handle)
    return ""


DatabaseError = sqlite3.Error
SQLITE_VERSION = sqlite3.sqlite_version_info
