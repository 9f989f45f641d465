"""Internal remarks on appeals: added and withdrawn, never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.models import Note
from storage.codec import from_ms, maybe_at, new_id, to_ms
from storage.keys import Keyring


class SqliteNotes:
    """Implements `bot.ports.Notes`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, note: Note) -> str:
        key = note.id or new_id()
        kept = self._keys.close(note.text, f"appeal_notes.text {key}")
        self._execute(
            "INSERT INTO appeal_notes (id, appeal, at, author, text) VALUES (?,?,?,?,?)",
            (key, note.appeal, to_ms(note.at), note.author, kept),
        )
        return key

    def withdraw(self, note: str, at: datetime) -> None:
        self._execute(
            "UPDATE appeal_notes SET withdrawn_at = ? WHERE id = ? AND withdrawn_at IS NULL",
            (to_ms(at), note),
        )

    def of(self, appeal: str) -> Sequence[Note]:
        rows = self._execute(
            "SELECT id, appeal, at, author, text, withdrawn_at FROM appeal_notes"
            " WHERE appeal = ? AND withdrawn_at IS NULL ORDER BY id",
            (appeal,),
        )
        return [
            Note(
                id=row[0],
                appeal=row[1],
                at=from_ms(row[2]),
                author=row[3],
                text=self._keys.open(row[4], f"appeal_notes.text {row[0]}"),
                withdrawn_at=maybe_at(row[5]),
            )
            for row in rows
        ]
