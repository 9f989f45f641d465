"""Tables that a community edits, and their common version."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from storage.memory import Memory
from storage.savepoints import LazyConnection

_VERSION = "settings/version"


class SqliteSettings:
    """Implements `bot.ports.Settings`."""

    def __init__(self, connection: LazyConnection) -> None:
        self._execute = connection.execute
        self._version: Memory[str, int] = Memory(connection)

    def rows(self, table: str) -> Mapping[str, str]:
        rows = self._execute(
            "SELECT name, value FROM setting_rows WHERE table_name = ? ORDER BY position, name",
            (table,),
        )
        return {str(name): str(value) for name, value in rows}

    def put(self, table: str, rows: Mapping[str, str]) -> None:
        for position, (name, value) in enumerate(rows.items()):
            self._execute(
                "INSERT INTO setting_rows (table_name, name, position, value) VALUES (?,?,?,?)"
                " ON CONFLICT (table_name, name) DO UPDATE SET position = excluded.position,"
                " value = excluded.value",
                (table, name, position, value),
            )
        self._changed()

    def clear(self, table: str) -> None:
        self._execute("DELETE FROM setting_rows WHERE table_name = ?", (table,))
        self._changed()

    def version(self) -> int:
        known = self._version.get(_VERSION)
        if known is None:
            rows = self._execute("SELECT value FROM sequences WHERE name = ?", (_VERSION,))
            known = sum(int(row[0]) for row in rows)
            self._version.keep(_VERSION, known)
        return known

    def _changed(self) -> None:
        # Drawn, not counted: a number that was rolled back must never come again.
        self._execute(
            "INSERT INTO sequences (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_VERSION, secrets.randbits(62)),
        )
        self._version.forget(_VERSION)
