"""The ledger of everything said: queued → sending → sent | failed | uncertain."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.models import Delivered, Delivery, Outgoing, Rich
from storage.codec import from_ms, maybe_at, maybe_ms, new_id, to_ms
from storage.keys import Keyring

_SELECT = (
    "SELECT id, channel, chat, receiver, text, kind, cause, attempts, state, due_at, mentions,"
    " reply_token, rich FROM outbox "
)

_SELECT_ENDED = _SELECT.replace(" FROM", ", settled_at FROM")

# Within a lane whoever is in danger goes first, and nobody's answer waits behind a broadcast.
_RANKS = {"alert": 0, "safety": 0, "notice": 2}
_USUAL = 1

# Only the oldest open row of a receiver is a head: later ones wait behind it, so that a chat stays
# in order and looking for work costs the same however much of it waits.
_CLAIM = (
    _SELECT + "WHERE state = 'queued' AND head = 1 AND lane = ? AND rank = ? AND due_at <= ?"
    " ORDER BY due_at, id LIMIT ?"
)
_EARLIEST = (
    "SELECT MIN(due_at) FROM outbox WHERE state = 'queued' AND head = 1 AND lane = ? AND rank = ?"
)
_LANE_AFTER = "SELECT MIN(lane) FROM outbox WHERE state = 'queued' AND head = 1 AND lane > ?"
_PROMOTE = (
    "UPDATE outbox SET head = 1 WHERE head = 0 AND id = (SELECT MIN(later.id) FROM outbox AS done"
    " JOIN outbox AS later ON later.channel = done.channel AND later.chat = done.chat"
    " AND later.receiver = done.receiver AND later.state IN ('queued', 'sending')"
    " WHERE done.id = ?)"
)
# A row that comes back stands before those that were queued after it.
_DEMOTE = (
    "UPDATE outbox SET head = 0 WHERE channel = ? AND chat = ? AND receiver = ?"
    " AND state IN ('queued', 'sending') AND state = 'queued' AND head = 1"
)

# What counts of a receiver with several rows: the least good one.
_BY_RANK = (
    Delivery.SENT,
    Delivery.UNCERTAIN,
    Delivery.FAILED,
    Delivery.QUEUED,
    Delivery.SENDING,
)

_TROUBLES = (
    "SELECT cause, COUNT(*) FROM outbox WHERE cause IN ({marks})"
    " AND state IN ('failed', 'uncertain') GROUP BY cause"
)

_RICH: msgspec.json.Decoder[Rich] = msgspec.json.Decoder(Rich)


class SqliteOutbox:
    """Implements `bot.ports.Outbox`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, outgoing: Outgoing, now: datetime, *, due_at: datetime | None, once: str) -> bool:
        key = outgoing.id or new_id()
        rich = "" if outgoing.rich is None else msgspec.json.encode(outgoing.rich).decode()
        cursor = self._execute(
            "INSERT INTO outbox (id, channel, chat, receiver, text, kind, cause, once, state,"
            " attempts, due_at, created_at, platform_id, error, mentions, reply_token, rich, lane,"
            " rank, head) VALUES (?,?,?,?,?,?,?,?,'queued',0,?,?,'','',?,?,?,?,?,"
            " CASE WHEN EXISTS (SELECT 1 FROM outbox WHERE channel = ? AND chat = ?"
            " AND receiver = ? AND state IN ('queued', 'sending')) THEN 0 ELSE 1 END)"
            " ON CONFLICT (once) DO NOTHING",
            (
                key,
                outgoing.channel,
                outgoing.chat,
                outgoing.user,
                self._keys.close(outgoing.text, f"outbox.text {key}"),
                outgoing.kind,
                outgoing.cause,
                once or None,
                to_ms(due_at or now),
                to_ms(now),
                "\n".join(outgoing.mentions),
                outgoing.reply_token,
                self._keys.close(rich, f"outbox.rich {key}"),
                lane(outgoing.channel),
                _RANKS.get(outgoing.kind, _USUAL),
                outgoing.channel,
                outgoing.chat,
                outgoing.user,
            ),
        )
        return cursor.rowcount == 1

    def hold_back(self, outgoing: Outgoing, now: datetime, *, once: str, why: str) -> bool:
        if not self.add(outgoing, now, due_at=None, once=once):
            return False
        (row,) = self._execute("SELECT id FROM outbox WHERE once = ?", (once,)).fetchone()
        self.settle(row, Delivery.FAILED, now, error=why)
        return True

    def failures(self, cause: str) -> Mapping[str, int]:
        rows = self._execute(
            "SELECT error, COUNT(*) AS n FROM (SELECT DISTINCT error, channel, chat, receiver"
            " FROM outbox WHERE cause = ? AND state = 'failed') AS receivers"
            " GROUP BY error ORDER BY n DESC, error",
            (cause,),
        )
        return dict(rows.fetchall())

    def claim(
        self, now: datetime, limit: int, room: Callable[[str], int] | None = None
    ) -> Sequence[Outgoing]:
        found: list[Any] = []
        for name in self._lanes():
            left = min(limit - len(found), limit if room is None else room(name))
            for rank in range(_USUAL + 2):
                if left <= 0:
                    break
                rows = self._execute(_CLAIM, (name, rank, to_ms(now), left)).fetchall()
                left -= len(rows)
                found += rows
        self._begin(found)
        return [self._outgoing(row) for row in found]

    def _lanes(self) -> Iterator[str]:
        """Lanes in which something waits; each costs one look into the index."""
        name: str | None = ""
        while (name := self._lane_after(name or "")) is not None:
            yield name

    def _lane_after(self, name: str) -> str | None:
        found = self._execute(_LANE_AFTER, (name,)).fetchone()[0]
        return None if found is None else str(found)

    def claim_replies(self, message: str, chat: str, user: str) -> Sequence[Outgoing]:
        rows = self._execute(
            _SELECT + "WHERE cause = ? AND chat = ? AND receiver = ? AND state = 'queued'"
            " AND attempts = 0 ORDER BY id",
            (message, chat, user),
        ).fetchall()
        self._begin(rows)
        return [self._outgoing(row) for row in rows]

    def claim_waiting(
        self, channel: str, user: str, message: str, limit: int
    ) -> Sequence[Outgoing]:
        rows = self._execute(
            _SELECT + "WHERE channel = ? AND chat = '' AND receiver = ? AND state = 'queued'"
            " AND cause <> ? ORDER BY id LIMIT ?",
            (channel, user, message, limit),
        ).fetchall()
        self._begin(rows)
        for row in rows:
            self._execute("UPDATE outbox SET platform_id = ? WHERE id = ?", (message, row[0]))
        return [self._outgoing(row) for row in rows]

    def carried_by(self, channel: str, user: str, message: str) -> Sequence[Outgoing]:
        rows = self._execute(
            _SELECT + "WHERE channel = ? AND chat = '' AND receiver = ? AND platform_id = ?"
            " AND cause <> ? ORDER BY id",
            (channel, user, message, message),
        )
        return [self._outgoing(row) for row in rows]

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
        if state is not Delivery.QUEUED:
            self._execute(_PROMOTE, (row,))

    def postpone(self, row: str, until: datetime) -> None:
        self._execute(
            "UPDATE outbox SET state = 'queued', attempts = attempts - 1, due_at = ? WHERE id = ?",
            (to_ms(until), row),
        )

    def interrupted(self, now: datetime) -> int:
        rows = self._execute("SELECT id FROM outbox WHERE state = 'sending'").fetchall()
        for (row,) in rows:
            error = "发送途中程序中断，平台可能已送达"
            self.settle(row, Delivery.UNCERTAIN, now, error=error)
        return len(rows)

    def ended_since(
        self, since: datetime, channel: str = ""
    ) -> Sequence[tuple[Outgoing, datetime]]:
        rows = self._execute(
            _SELECT_ENDED + "WHERE settled_at IS NOT NULL AND settled_at >= ?"
            " AND (? = '' OR channel = ?) ORDER BY settled_at",
            (to_ms(since), channel, channel),
        )
        return [(self._outgoing(row), from_ms(row[-1])) for row in rows]

    def next_due(self) -> datetime | None:
        earliest = [
            self._execute(_EARLIEST, (name, rank)).fetchone()[0]
            for name in self._lanes()
            for rank in range(_USUAL + 2)
        ]
        return maybe_at(min((due for due in earliest if due is not None), default=None))

    def counts(self) -> Mapping[Delivery, int]:
        rows = self._execute("SELECT state, COUNT(*) FROM outbox GROUP BY state")
        return {Delivery(state): count for state, count in rows}

    def troubled_since(self, since: datetime) -> Mapping[tuple[str, Delivery], int]:
        rows = self._execute(
            "SELECT channel, state, COUNT(*) FROM outbox WHERE settled_at IS NOT NULL"
            " AND settled_at >= ? AND state IN ('failed', 'uncertain') GROUP BY channel, state",
            (to_ms(since),),
        )
        return {(channel, Delivery(state)): count for channel, state, count in rows}

    def progress(self, cause: str) -> Mapping[Delivery, int]:
        rows = self._execute(
            "SELECT worst, COUNT(*) FROM (SELECT MAX(CASE state WHEN 'sent' THEN 0"
            " WHEN 'uncertain' THEN 1 WHEN 'failed' THEN 2 WHEN 'queued' THEN 3 ELSE 4 END)"
            " AS worst FROM outbox WHERE cause = ? GROUP BY channel, chat, receiver) AS receivers"
            " GROUP BY worst",
            (cause,),
        )
        return {_BY_RANK[worst]: count for worst, count in rows}

    def troubles(self, causes: Sequence[str]) -> Mapping[str, int]:
        if not causes:
            return {}
        rows = self._execute(_TROUBLES.format(marks=",".join("?" * len(causes))), tuple(causes))
        return {str(cause): int(count) for cause, count in rows}

    def ledger(self, cause: str, limit: int, offset: int) -> Sequence[Delivered]:
        rows = self._execute(
            "SELECT COALESCE(chat_groups.name, people.name, outbox.chat || outbox.receiver),"
            " outbox.channel, outbox.receiver <> '', outbox.state, outbox.settled_at, outbox.error,"
            " CASE outbox.state WHEN 'failed' THEN 0 WHEN 'uncertain' THEN 1 WHEN 'sent' THEN 3"
            " ELSE 2 END AS rank FROM outbox"
            " LEFT JOIN chat_groups ON chat_groups.channel = outbox.channel"
            " AND chat_groups.chat = outbox.chat AND outbox.receiver = ''"
            " LEFT JOIN people ON people.channel = outbox.channel"
            " AND people.account = outbox.receiver AND outbox.chat = ''"
            " WHERE cause = ? ORDER BY rank, outbox.id LIMIT ? OFFSET ?",
            (cause, limit, offset),
        )
        return [_delivered(row) for row in rows]

    def requeue(self, cause: str, state: Delivery, now: datetime) -> int:
        rows = self._execute(
            "SELECT id, channel, chat, receiver FROM outbox WHERE cause = ? AND state = ?",
            (cause, state),
        ).fetchall()
        for row, *receiver in rows:
            self._execute(_DEMOTE, receiver)
            self._execute(
                "UPDATE outbox SET state = 'queued', attempts = 0, head = 0, due_at = ?,"
                " settled_at = NULL WHERE id = ?",
                (to_ms(now), row),
            )
            self._execute(_PROMOTE, (row,))
        return len({tuple(receiver) for _, *receiver in rows})

    def said_since(self, channel: str, chat: str, text: str, since: datetime) -> bool:
        rows = self._execute(
            "SELECT id, text FROM outbox WHERE channel = ? AND chat = ? AND receiver = ''"
            " AND created_at >= ? AND state <> 'failed' ORDER BY id DESC",
            (channel, chat, to_ms(since)),
        )
        return any(self._keys.open(kept, f"outbox.text {row}") == text for row, kept in rows)

    def caused_by(self, message: str) -> Sequence[Outgoing]:
        rows = self._execute(_SELECT + "WHERE cause = ? ORDER BY id", (message,))
        return [self._outgoing(row) for row in rows]

    def recent(self, channel: str, chat: str, user: str, limit: int) -> Sequence[Outgoing]:
        rows = self._execute(
            "SELECT id, channel, chat, receiver, text, kind, cause, attempts, state,"
            " COALESCE(settled_at, due_at), mentions, reply_token, rich FROM outbox"
            " WHERE channel = ? AND chat = ? AND (chat <> '' OR receiver = ?)"
            " ORDER BY id DESC LIMIT ?",
            (channel, chat, user, limit),
        ).fetchall()
        return [self._outgoing(row) for row in reversed(rows)]

    def _outgoing(self, row: Sequence[Any]) -> Outgoing:
        rich = self._keys.open(row[12], f"outbox.rich {row[0]}")
        return Outgoing(
            id=row[0],
            channel=row[1],
            chat=row[2],
            user=row[3],
            text=self._keys.open(row[4], f"outbox.text {row[0]}"),
            kind=row[5],
            cause=row[6],
            attempts=row[7],
            state=Delivery(row[8]),
            due_at=from_ms(row[9]),
            mentions=tuple(row[10].split("\n")) if row[10] else (),
            reply_token=row[11],
            rich=_RICH.decode(rich) if rich else None,
        )


def lane(channel: str) -> str:
    """What shares its places with others: the platform of `platform/name`."""
    return channel.partition("/")[0]


def _delivered(row: Sequence[Any]) -> Delivered:
    name, channel, private, state, at, error, _ = row
    return Delivered(
        name=name,
        channel=channel,
        private=bool(private),
        state=Delivery(state),
        at=maybe_at(at),
        error=error,
    )
