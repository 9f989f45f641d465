"""The history of every object: append-only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.models import CONSOLE, Door, Entry, Event
from storage.audit import SqliteAudit
from storage.codec import from_ms, new_id, to_ms

_SELECT = "SELECT id, at, actor, subject, action, before, after, cause, reason FROM events "


class SqliteEvents:
    """Implements `bot.ports.Events`."""

    def __init__(self, connection: sqlite3.Connection, audit: SqliteAudit) -> None:
        self._execute = connection.execute
        self._audit = audit

    def add(self, event: Event) -> None:
        self._execute(
            "INSERT INTO events (id, at, actor, subject, action, before, after, cause,"
            " reason)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                event.id or new_id(),
                to_ms(event.at),
                event.actor,
                event.subject,
                event.action,
                json.dumps(event.before, ensure_ascii=False),
                json.dumps(event.after, ensure_ascii=False),
                event.cause,
                event.reason,
            ),
        )
        # Here, so that no service can forget it.
        self._audit.add(
            Entry(
                at=event.at,
                actor=event.actor,
                action=event.action,
                subject=event.subject,
                before=event.before,
                after=event.after,
                door=_door(event),
            )
        )

    def of(self, subject: str) -> Sequence[Event]:
        rows = self._execute(_SELECT + "WHERE subject = ? ORDER BY id", (subject,))
        return [_event(row) for row in rows]

    def caused_by(self, message: str) -> Sequence[Event]:
        rows = self._execute(_SELECT + "WHERE cause = ? ORDER BY id", (message,))
        return [_event(row) for row in rows]

    def last_by(self, actor: str, since: datetime) -> Event | None:
        row = self._execute(
            _SELECT + "WHERE actor = ? AND at >= ? AND substr(subject, 1, 8) <> 'account:'"
            " ORDER BY id DESC LIMIT 1",
            (actor, to_ms(since)),
        ).fetchone()
        return None if row is None else _event(row)


def _door(event: Event) -> Door:
    """What the console does itself has its name for a cause; commands have a message's id."""
    if event.cause == CONSOLE:
        return Door.CONSOLE
    return Door.CHAT if event.actor else Door.CLOCK


def _event(row: Sequence[Any]) -> Event:
    event, at, actor, subject, action, before, after, cause, reason = row
    return Event(
        id=event,
        at=from_ms(at),
        actor=actor,
        subject=subject,
        action=action,
        before=json.loads(before),
        after=json.loads(after),
        cause=cause,
        reason=reason,
    )
