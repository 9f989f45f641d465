"""Messages that came in, each once: the key is (channel, chat, sender, message id)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.models import Attachment, Incoming
from storage.codec import from_ms, new_id, to_ms
from storage.keys import Keyring

_SELECT = (
    "SELECT id, channel, chat, sender, message_id, sender_name, kind, text, mentioned, sent_at,"
    " quote, attachments, reply_token FROM inbox "
)

_ATTACHMENTS = msgspec.json.Decoder(tuple[Attachment, ...])


class SqliteInbox:
    """Implements `bot.ports.Inbox`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def accept(self, incoming: Incoming, now: datetime, state: str) -> str | None:
        message = new_id()
        listed = _listed(incoming.attachments)
        cursor = self._execute(
            "INSERT INTO inbox (id, channel, chat, sender, message_id, sender_name, kind, text,"
            " mentioned, sent_at, quote, attachments, reply_token, received_at, state)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (channel, chat, sender, message_id) DO NOTHING",
            (
                message,
                incoming.channel,
                incoming.chat,
                incoming.sender,
                incoming.message_id,
                self._keys.close(incoming.sender_name, f"inbox.sender_name {message}"),
                incoming.kind,
                self._keys.close(incoming.text, f"inbox.text {message}"),
                int(incoming.mentioned),
                to_ms(incoming.sent_at),
                self._keys.close(incoming.quote, f"inbox.quote {message}"),
                self._keys.close(listed, f"inbox.attachments {message}"),
                incoming.reply_token,
                to_ms(now),
                state,
            ),
        )
        return message if cursor.rowcount == 1 else None

    def settle(self, message: str, state: str) -> None:
        self._execute("UPDATE inbox SET state = ? WHERE id = ?", (state, message))

    def forget(self, message: str) -> None:
        self._execute(
            "UPDATE inbox SET text = '', sender_name = '', quote = '', attachments = ?,"
            " reply_token = '' WHERE id = ?",
            (_listed(()), message),
        )

    def queued(self, limit: int) -> Sequence[tuple[str, Incoming]]:
        rows = self._execute(
            _SELECT + "WHERE state = 'queued' ORDER BY id LIMIT ?",
            (limit,),
        )
        return [(row[0], self._incoming(row)) for row in rows]

    def get(self, message: str) -> Incoming | None:
        row = self._execute(_SELECT + "WHERE id = ?", (message,)).fetchone()
        return None if row is None else self._incoming(row)

    def recent(
        self, channel: str, chat: str, sender: str, limit: int
    ) -> Sequence[tuple[str, Incoming]]:
        rows = self._execute(
            _SELECT + "WHERE channel = ? AND chat = ?"
            " AND (? = '' OR sender = ?) ORDER BY id DESC LIMIT ?",
            (channel, chat, sender, sender, limit),
        ).fetchall()
        return [(row[0], self._incoming(row)) for row in reversed(rows)]

    def following(self, channel: str, chat: str, message: str, limit: int) -> Sequence[Incoming]:
        rows = self._execute(
            _SELECT + "WHERE channel = ? AND chat = ? AND id > ? ORDER BY id LIMIT ?",
            (channel, chat, message, limit),
        )
        return [self._incoming(row) for row in rows]

    def with_attachments(
        self, channel: str, chat: str, sender: str, limit: int
    ) -> Sequence[tuple[str, Incoming]]:
        rows = self._execute(
            "SELECT id, channel, chat, sender, message_id, sender_name, kind, text, mentioned,"
            " sent_at, quote, attachments, reply_token FROM"
            " (SELECT * FROM inbox WHERE channel = ? AND chat = ? ORDER BY id DESC LIMIT ?) AS new"
            " WHERE sender = ? AND attachments <> '' ORDER BY id",
            (channel, chat, limit, sender),
        )
        return [(row[0], self._incoming(row)) for row in rows]

    def find(self, incoming: Incoming) -> str:
        row = self._execute(
            "SELECT id FROM inbox WHERE channel = ? AND chat = ? AND sender = ? AND message_id = ?",
            (incoming.channel, incoming.chat, incoming.sender, incoming.message_id),
        ).fetchone()
        return "" if row is None else str(row[0])

    def is_empty(self) -> bool:
        return self._execute("SELECT 1 FROM inbox LIMIT 1").fetchone() is None

    def _incoming(self, row: Sequence[Any]) -> Incoming:
        message = row[0]
        listed = self._keys.open(row[11], f"inbox.attachments {message}")
        return Incoming(
            channel=row[1],
            chat=row[2],
            sender=row[3],
            message_id=row[4],
            sender_name=self._keys.open(row[5], f"inbox.sender_name {message}"),
            kind=row[6],
            text=self._keys.open(row[7], f"inbox.text {message}"),
            mentioned=bool(row[8]),
            sent_at=from_ms(row[9]),
            quote=self._keys.open(row[10], f"inbox.quote {message}"),
            attachments=_ATTACHMENTS.decode(listed) if listed else (),
            reply_token=row[12],
        )


def _listed(attachments: tuple[Attachment, ...]) -> str:
    return msgspec.json.encode(attachments).decode() if attachments else ""
