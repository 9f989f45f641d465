"""The history of every object: append-only. What it says of values and reasons is closed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.models import CONSOLE, Door, Entry, Event
from storage.audit import SqliteAudit
from storage.codec import from_ms, new_id, to_ms
from storage.keys import Keyring

_SELECT = "SELECT id, at, actor, subject, action, before, after, cause, reason FROM events "
_NOTHING = "{}"


class SqliteEvents:
    """Implements `bot.ports.Events`."""

    def __init__(self, connection: sqlite3.Connection, audit: SqliteAudit, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._audit = audit

    def add(self, event: Event) -> None:
        key = event.id or new_id()
        self._execute(
            "INSERT INTO events (id, at, actor, subject, action, before, after, cause,"
            " reason)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                key,
                to_ms(event.at),
                event.actor,
                event.subject,
                event.action,
                closed(self._keys, event.before, f"events.before {key}"),
                closed(self._keys, event.after, f"events.after {key}"),
                event.cause,
                self._keys.close(event.reason, f"events.reason {key}"),
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
        return [self._event(row) for row in rows]

    def caused_by(self, message: str) -> Sequence[Event]:
        rows = self._execute(_SELECT + "WHERE cause = ? ORDER BY id", (message,))
        return [self._event(row) for row in rows]

    def last_by(self, actor: str, since: datetime) -> Event | None:
        row = self._execute(
            _SELECT + "WHERE actor = ? AND at >= ? AND substr(subject, 1, 8) <> 'account:'"
            " ORDER BY id DESC LIMIT 1",
            (actor, to_ms(since)),
        ).fetchone()
        return None if row is None else self._event(row)

    def _event(self, row: Sequence[Any]) -> Event:
        event, at, actor, subject, action, before, after, cause, reason = row
        return Event(
            id=event,
            at=from_ms(at),
            actor=actor,
            subject=subject,
            action=action,
            before=opened(self._keys, before, f"events.before {event}"),
            after=opened(self._keys, after, f"events.after {event}"),
            cause=cause,
            reason=self._keys.open(reason, f"events.reason {event}"),
        )


def _door(event: Event) -> Door:
    """What the console does itself has its name for a cause; commands have a message's id."""
    if event.cause == CONSOLE:
        return Door.CONSOLE
    return Door.CHAT if event.actor else Door.CLOCK


def closed(keys: Keyring, values: Mapping[str, str], place: str) -> str:
    """Values as they may stand in a column."""
    return keys.close(json.dumps(values, ensure_ascii=False), place) if values else _NOTHING


def opened(keys: Keyring, kept: str, place: str) -> dict[str, str]:
    """What `closed` took."""
    return {} if kept == _NOTHING else dict(json.loads(keys.open(kept, place)))
