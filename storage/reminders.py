"""What was said about deadlines, and which appeals to look at when."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.models import Appeal
from storage.appeal_rows import SELECT, appeal_of
from storage.codec import from_ms, maybe_at, maybe_ms, to_ms
from storage.keys import Keyring


class SqliteReminders:
    """Implements `bot.ports.Reminders`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def start(self, subject: str, stage: str, deadline: datetime, now: datetime) -> bool:
        cursor = self._execute(
            "INSERT INTO reminders (subject, stage, deadline, at) VALUES (?,?,?,?)"
            " ON CONFLICT (subject, stage, deadline) DO NOTHING",
            (subject, stage, to_ms(deadline), to_ms(now)),
        )
        return cursor.rowcount == 1

    def claimed(self, subject: str) -> set[tuple[str, datetime]]:
        rows = self._execute("SELECT stage, deadline FROM reminders WHERE subject = ?", (subject,))
        return {(stage, from_ms(deadline)) for stage, deadline in rows}

    def last(self, subject: str, stage: str) -> datetime | None:
        row = self._execute(
            "SELECT MAX(deadline) FROM reminders WHERE subject = ? AND stage = ?", (subject, stage)
        ).fetchone()
        return maybe_at(row[0])

    def forget(self, subject: str, stage: str, before: datetime) -> None:
        self._execute(
            "DELETE FROM reminders WHERE subject = ? AND stage = ? AND deadline < ?",
            (subject, stage, to_ms(before)),
        )

    def to_look_at(self, now: datetime, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE look_at <= ? ORDER BY look_at, id LIMIT ?", (to_ms(now), limit)
        )
        return [appeal_of(row, self._keys) for row in rows]

    def look_again(self, appeal: str, at: datetime | None) -> None:
        self._execute("UPDATE appeals SET look_at = ? WHERE id = ?", (maybe_ms(at), appeal))

    def next_look(self) -> datetime | None:
        row = self._execute("SELECT MIN(look_at) FROM appeals WHERE look_at IS NOT NULL").fetchone()
        return maybe_at(row[0])
