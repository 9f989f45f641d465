"""Which matters came from older ledgers."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence

from storage.keys import Keyring

_AT_ONCE = 500
_KNOWN = "SELECT key FROM ledger_imports WHERE key IN ("


ACCOUNT = 16


def account(keys: Keyring, hashed: str) -> str:
    """Of the hash that an older version used."""
    return keys.veil(hashed)[:ACCOUNT]


class SqliteImports:
    """Implements `bot.ports.Imports`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        veiled = {self._keys.veil(key): key for key in keys}
        asked, found = list(veiled), set[str]()
        for start in range(0, len(asked), _AT_ONCE):
            part = asked[start : start + _AT_ONCE]
            marks = ",".join("?" * len(part))
            rows = self._execute(_KNOWN + marks + ")", part)
            found |= {veiled[row[0]] for row in rows}
        return frozenset(found)

    def add(self, key: str, appeal: str, number: str, batch: str) -> None:
        self._execute(
            "INSERT INTO ledger_imports (key, appeal, number, batch) VALUES (?,?,?,?)",
            (self._keys.veil(key), appeal, number, batch),
        )

    def account(self, told: str) -> str:
        return account(self._keys, hashlib.sha256(told.encode()).hexdigest()[:ACCOUNT])

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
