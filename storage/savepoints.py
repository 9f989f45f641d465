"""Parts of a transaction that can be undone alone, and that cost nothing while they only read.

Every handler runs in a savepoint, and most of them only look and hand the message on. So a
savepoint is opened when the first statement behind it writes. Those that were asked for and not
opened are always the innermost ones: their number is all there is to remember.
"""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Any

from bot.errors import StorageError


class LazyConnection(sqlite3.Connection):
    """A connection that opens the savepoints it owes before it writes. `owed` is their number.

    `undone` changes whenever something may have been undone.
    """

    owed = 0
    undone = 0

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """As in sqlite3; whatever does not begin with SELECT counts as writing."""
        if self.owed and not sql.startswith("SELECT"):
            owed, self.owed = self.owed, 0
            for _ in range(owed):
                super().execute("SAVEPOINT part")
        if sql.startswith("ROLLBACK"):
            self.undone += 1
        try:
            return super().execute(sql, parameters)
        except sqlite3.Error:
            # A full disk makes SQLite roll back by itself.
            self.undone += 1
            raise


class Savepoint:
    """What happens inside is undone alone when it raises. One object serves all, also nested."""

    def __init__(self, connection: LazyConnection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.owed += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            self._end(error)
        except sqlite3.OperationalError as fault:
            error = fault
        lost = error is not None and not self._connection.in_transaction
        if lost or isinstance(error, sqlite3.OperationalError):
            # Not the caller's mistake: a full disk must not pass for a failing handler.
            raise StorageError(f"数据库写不进去（{error}），请检查磁盘。") from error

    def _end(self, error: BaseException | None) -> None:
        connection = self._connection
        if connection.owed:
            connection.owed -= 1
        elif error is None:
            connection.execute("RELEASE part")
        elif connection.in_transaction:
            connection.execute("ROLLBACK TO part")
            connection.execute("RELEASE part")
