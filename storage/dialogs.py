"""Open questions, at most one a person and chat."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime

from bot.models import Dialog
from storage.codec import from_ms, to_ms
from storage.keys import Keyring


class SqliteDialogs:
    """Implements `bot.ports.Dialogs`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def open(self, dialog: Dialog) -> None:
        payload = json.dumps(dialog.payload, ensure_ascii=False)
        self._execute(
            "INSERT INTO dialogs (channel, chat, account, topic, payload, expires_at)"
            " VALUES (?,?,?,?,?,?) ON CONFLICT (channel, chat, account) DO UPDATE"
            " SET topic = excluded.topic, payload = excluded.payload,"
            " expires_at = excluded.expires_at",
            (
                dialog.channel,
                dialog.chat,
                dialog.user,
                dialog.topic,
                self._keys.close(payload, _place(dialog.channel, dialog.chat, dialog.user)),
                to_ms(dialog.expires_at),
            ),
        )

    def take(self, channel: str, chat: str, user: str, now: datetime) -> Dialog | None:
        row = self._execute(
            "SELECT topic, payload, expires_at FROM dialogs"
            " WHERE channel = ? AND chat = ? AND account = ? AND expires_at > ?",
            (channel, chat, user, to_ms(now)),
        ).fetchone()
        if row is None:
            return None
        return Dialog(
            channel=channel,
            chat=chat,
            user=user,
            topic=row[0],
            payload=json.loads(self._keys.open(row[1], _place(channel, chat, user))),
            expires_at=from_ms(row[2]),
        )

    def close(self, channel: str, chat: str, user: str) -> None:
        self._execute(
            "DELETE FROM dialogs WHERE channel = ? AND chat = ? AND account = ?",
            (channel, chat, user),
        )


def _place(channel: str, chat: str, user: str) -> str:
    return f"dialogs.payload {channel}\x1f{chat}\x1f{user}"
