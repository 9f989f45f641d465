"""Who stands behind an appeal besides the one who brought it up."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from storage.codec import to_ms


class SqliteSupporters:
    """Implements `bot.ports.Supporters`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def add(self, appeal: str, person: str, at: datetime) -> bool:
        rows = self._execute(
            "INSERT INTO appeal_supporters (appeal, person, at) VALUES (?,?,?)"
            " ON CONFLICT (appeal, person) DO NOTHING RETURNING appeal",
            (appeal, person, to_ms(at)),
        )
        return rows.fetchone() is not None

    def remove(self, appeal: str, person: str) -> None:
        self._execute(
            "DELETE FROM appeal_supporters WHERE appeal = ? AND person = ?", (appeal, person)
        )

    def of(self, appeal: str) -> Sequence[str]:
        rows = self._execute(
            "SELECT person FROM appeal_supporters WHERE appeal = ? ORDER BY at, person", (appeal,)
        )
        return [row[0] for row in rows]
