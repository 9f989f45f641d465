"""Opening SQLite the way every part of the product relies on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from storage.savepoints import LazyConnection

PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA busy_timeout=5000",
    "PRAGMA foreign_keys=ON",
    "PRAGMA trusted_schema=OFF",
    # What is deleted or overwritten leaves no bytes behind in the file.
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    # 16 MiB instead of 4: a page that many messages touch is copied back less often.
    "PRAGMA wal_autocheckpoint=4000",
    "PRAGMA cache_size=-16000",
)


def connect_writer(path: Path) -> LazyConnection:
    """The one connection that writes and checkpoints. Transactions are opened by hand."""
    connection = sqlite3.connect(
        path,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        factory=LazyConnection,
    )
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def connect_reader(path: Path) -> LazyConnection:
    """A connection that cannot write."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
        factory=LazyConnection,
    )
    connection.execute("PRAGMA query_only=ON")
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection
