"""The ledger of everything said: queued → sending → sent | failed | uncertain."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.models import Delivery, Outgoing
from storage.codec import from_ms, maybe_at, maybe_ms, new_id, to_ms

_SELECT = (
    "SELECT id, channel, chat, receiver, text, kind, cause, attempts, state, due_at, mentions,"
    " reply_token FROM outbox "
)

# The oldest open row of each receiver: later ones wait behind it, so that a chat stays in order.
_HEADS = (
    "state = 'queued' AND id IN (SELECT MIN(id) FROM outbox WHERE state IN ('queued', 'sending')"
    " GROUP BY channel, chat, receiver)"
)
_NEXT_DUE = "SELECT MIN(due_at) FROM outbox WHERE " + _HEADS  # noqa: S608 - two constants


class SqliteOutbox:
    """Implements `bot.ports.Outbox`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def add(self, outgoing: Outgoing, now: datetime, *, due_at: datetime | None, once: str) -> bool:
        cursor = self._execute(
            "INSERT INTO outbox (id, channel, chat, receiver, text, kind, cause, once, state,"
            " attempts, due_at, created_at, platform_id, error, mentions, reply_token)"
            " VALUES (?,?,?,?,?,?,?,?,'queued',0,?,?,'','',?,?) ON CONFLICT (once) DO NOTHING",
            (
                outgoing.id or new_id(),
                outgoing.channel,
                outgoing.chat,
                outgoing.user,
                outgoing.text,
                outgoing.kind,
                outgoing.cause,
                once or None,
                to_ms(due_at or now),
                to_ms(now),
                "\n".join(outgoing.mentions),
                outgoing.reply_token,
            ),
        )
        return cursor.rowcount == 1

    def claim(self, now: datetime, limit: int) -> Sequence[Outgoing]:
        rows = self._execute(
            _SELECT
            + "WHERE state = 'queued' AND due_at <= ? AND "
            + _HEADS
            + " ORDER BY id LIMIT ?",
            (to_ms(now), limit),
        ).fetchall()
        self._begin(rows)
        return [_outgoing(row) for row in rows]

    def claim_replies(self, message: str, chat: str, user: str) -> Sequence[Outgoing]:
        rows = self._execute(
            _SELECT + "WHERE cause = ? AND chat = ? AND receiver = ? AND state = 'queued'"
            " AND attempts = 0 ORDER BY id",
            (message, chat, user),
        ).fetchall()
        self._begin(rows)
        return [_outgoing(row) for row in rows]

    def _begin(self, rows: Sequence[Any]) -> None:
        for row in rows:
            self._execute(
                "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?",
                (row[0],),
            )

    def settle(
        self,
        row: str,
        state: Delivery,
        now: datetime,
        *,
        platform_id: str = "",
        error: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        self._execute(
            "UPDATE outbox SET state = ?, settled_at = ?, platform_id = ?, error = ?,"
            " due_at = COALESCE(?, due_at) WHERE id = ?",
            (state, to_ms(now), platform_id, error, maybe_ms(retry_at), row),
        )

    def postpone(self, row: str, until: datetime) -> None:
        self._execute(
            "UPDATE outbox SET state = 'queued', attempts = attempts - 1, due_at = ? WHERE id = ?",
            (to_ms(until), row),
        )

    def interrupted(self, now: datetime) -> int:
        return self._execute(
            "UPDATE outbox SET state = 'uncertain', settled_at = ?, error = ?"
            " WHERE state = 'sending'",
            (to_ms(now), "发送途中程序中断，平台可能已送达"),
        ).rowcount

    def next_due(self) -> datetime | None:
        return maybe_at(self._execute(_NEXT_DUE).fetchone()[0])

    def counts(self) -> Mapping[Delivery, int]:
        rows = self._execute("SELECT state, COUNT(*) FROM outbox GROUP BY state")
        return {Delivery(state): count for state, count in rows}

    def caused_by(self, message: str) -> Sequence[Outgoing]:
        rows = self._execute(_SELECT + "WHERE cause = ? ORDER BY id", (message,))
        return [_outgoing(row) for row in rows]

    def recent(self, channel: str, chat: str, user: str, limit: int) -> Sequence[Outgoing]:
        rows = self._execute(
            "SELECT id, channel, chat, receiver, text, kind, cause, attempts, state,"
            " COALESCE(settled_at, due_at), mentions, reply_token FROM outbox"
            " WHERE channel = ? AND chat = ? AND (chat <> '' OR receiver = ?)"
            " ORDER BY id DESC LIMIT ?",
            (channel, chat, user, limit),
        ).fetchall()
        return [_outgoing(row) for row in reversed(rows)]


def _outgoing(row: Sequence[Any]) -> Outgoing:
    return Outgoing(
        id=row[0],
        channel=row[1],
        chat=row[2],
        user=row[3],
        text=row[4],
        kind=row[5],
        cause=row[6],
        attempts=row[7],
        state=Delivery(row[8]),
        due_at=from_ms(row[9]),
        mentions=tuple(row[10].split("\n")) if row[10] else (),
        reply_token=row[11],
    )
