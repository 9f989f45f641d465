"""Which matters came from older ledgers."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

_AT_ONCE = 500
_KNOWN = "SELECT key FROM ledger_imports WHERE key IN ("


class SqliteImports:
    """Implements `bot.ports.Imports`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        found: set[str] = set()
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self._execute(_KNOWN + marks + ")", list(part))
            found |= {row[0] for row in rows}
        return frozenset(found)

    def add(self, key: str, appeal: str, number: str, batch: str) -> None:
        self._execute(
            "INSERT INTO ledger_imports (key, appeal, number, batch) VALUES (?,?,?,?)",
            (key, appeal, number, batch),
        )

    def of(self, batch: str) -> Sequence[str]:
        rows = self._execute("SELECT appeal FROM ledger_imports WHERE batch = ?", (batch,))
        return [row[0] for row in rows]

    def forget(self, batch: str) -> None:
        self._execute("DELETE FROM ledger_imports WHERE batch = ?", (batch,))

    def latest(self, limit: int) -> Sequence[tuple[str, int]]:
        rows = self._execute(
            "SELECT batch, count(*) FROM ledger_imports GROUP BY batch"
            " ORDER BY length(batch) DESC, batch DESC LIMIT ?",
            (limit,),
        )
        return [(row[0], row[1]) for row in rows]
