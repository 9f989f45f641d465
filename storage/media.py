"""What is known of pictures and files. Their bytes lie in the vault."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.models import Media, MediaKind, MediaRole, MediaState
from storage.codec import from_ms, to_ms
from storage.keys import Keyring

_SELECT = (
    "SELECT id, channel, chat, sender, message, position, kind, subject, role, created_at, name,"
    " state, mime, size, sha256, width, height, reason FROM media "
)


class SqliteMedia:
    """Implements `bot.ports.MediaRows`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, media: Media) -> bool:
        cursor = self._execute(
            "INSERT INTO media (channel, chat, sender, message, position, kind, subject, role,"
            " created_at, name, state, mime, size, sha256, width, height, reason, id)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (message, position) DO NOTHING",
            _values(media, self._keys),
        )
        return cursor.rowcount == 1

    def save(self, media: Media) -> None:
        self._execute(
            "UPDATE media SET channel=?, chat=?, sender=?, message=?, position=?, kind=?,"
            " subject=?, role=?, created_at=?, name=?, state=?, mime=?, size=?, sha256=?,"
            " width=?, height=?, reason=? WHERE id=?",
            _values(media, self._keys),
        )

    def get(self, media: str) -> Media | None:
        row = self._execute(_SELECT + "WHERE id = ?", (media,)).fetchone()
        return None if row is None else _media(row, self._keys)

    def of(self, subject: str, states: Sequence[MediaState]) -> Sequence[Media]:
        rows = self._execute(_SELECT + "WHERE subject = ? ORDER BY created_at, id", (subject,))
        return [_media(row, self._keys) for row in rows if row[11] in states]

    def brought_by(self, message: str) -> Sequence[Media]:
        rows = self._execute(_SELECT + "WHERE message = ? ORDER BY position", (message,))
        return [_media(row, self._keys) for row in rows]

    def shares(self, sha256: str) -> int:
        row = self._execute(
            "SELECT COUNT(*) FROM media WHERE sha256 = ? AND state = 'stored'", (sha256,)
        ).fetchone()
        return int(row[0])


def _values(media: Media, keys: Keyring) -> tuple[Any, ...]:
    """All columns in the order of the statements above, the id last."""
    return (
        media.channel, media.chat, media.sender, media.message, media.position, media.kind,
        media.subject, media.role, to_ms(media.created_at),
        keys.close(media.name, f"media.name {media.id}"), media.state, media.mime, media.size,
        media.sha256, media.width, media.height, media.reason, media.id,
    )  # fmt: skip


def _media(row: Sequence[Any], keys: Keyring) -> Media:
    return Media(
        id=row[0],
        channel=row[1],
        chat=row[2],
        sender=row[3],
        message=row[4],
        position=row[5],
        kind=MediaKind(row[6]),
        subject=row[7],
        role=MediaRole(row[8]),
        created_at=from_ms(row[9]),
        name=keys.open(row[10], f"media.name {row[0]}"),
        state=MediaState(row[11]),
        mime=row[12],
        size=row[13],
        sha256=row[14],
        width=row[15],
        height=row[16],
        reason=row[17],
    )
