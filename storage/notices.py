"""Planned words for groups, and the one run of each (notice, planned time)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.models import Notice, NoticeState
from storage.codec import from_ms, maybe_at, to_ms

_SELECT = "SELECT id, author, text, groups_json, planned_at, state, created_at FROM notices "


class SqliteNotices:
    """Implements `bot.ports.Notices`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def save(self, notice: Notice) -> None:
        self._execute(
            "INSERT INTO notices (id, author, text, groups_json, planned_at, state, created_at)"
            " VALUES (?,?,?,?,?,?,?) ON CONFLICT (id) DO UPDATE SET text = excluded.text,"
            " groups_json = excluded.groups_json, planned_at = excluded.planned_at,"
            " state = excluded.state",
            (
                notice.id,
                notice.author,
                notice.text,
                json.dumps(notice.groups),
                to_ms(notice.planned_at),
                notice.state,
                to_ms(notice.created_at),
            ),
        )

    def get(self, notice: str) -> Notice | None:
        row = self._execute(_SELECT + "WHERE id = ?", (notice,)).fetchone()
        return None if row is None else _notice(row)

    def due(self, now: datetime) -> Sequence[Notice]:
        rows = self._execute(
            _SELECT + "WHERE state = 'planned' AND planned_at <= ? ORDER BY planned_at, id",
            (to_ms(now),),
        )
        return [_notice(row) for row in rows]

    def next_due(self) -> datetime | None:
        row = self._execute(
            "SELECT MIN(planned_at) FROM notices WHERE state = 'planned'"
        ).fetchone()
        return maybe_at(row[0])

    def by_state(self, state: NoticeState, limit: int) -> Sequence[Notice]:
        rows = self._execute(
            _SELECT + "WHERE state = ? ORDER BY planned_at, id LIMIT ?", (state, limit)
        )
        return [_notice(row) for row in rows]

    def start_run(self, notice: str, planned_at: datetime, now: datetime) -> bool:
        cursor = self._execute(
            "INSERT INTO notice_runs (notice, planned_at, started_at) VALUES (?,?,?)"
            " ON CONFLICT (notice, planned_at) DO NOTHING",
            (notice, to_ms(planned_at), to_ms(now)),
        )
        return cursor.rowcount == 1


def _notice(row: Sequence[Any]) -> Notice:
    notice, author, text, groups, planned_at, state, created_at = row
    return Notice(
        id=notice,
        author=author,
        text=text,
        groups=tuple(json.loads(groups)),
        planned_at=from_ms(planned_at),
        state=NoticeState(state),
        created_at=from_ms(created_at),
    )
