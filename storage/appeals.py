"""Residents' matters and the numbers they are called by."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from itertools import islice

from bot.models import Appeal, State
from storage.appeal_rows import INSERT, SELECT, STATE, UPDATE, appeal_of, values
from storage.appeal_words import AppealWords
from storage.codec import maybe_at, to_ms
from storage.keys import Keyring


class SqliteAppeals:
    """Implements `bot.ports.Appeals`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._words = AppealWords(connection, keys)

    def add(self, appeal: Appeal) -> None:
        self._execute(INSERT, values(appeal, self._keys))
        self._words.put(appeal)
        self._words.sweep()

    def save(self, appeal: Appeal) -> None:
        self._execute(UPDATE, values(appeal, self._keys))
        self._words.sweep()

    def get(self, appeal: str) -> Appeal | None:
        row = self._execute(SELECT + "WHERE id = ?", (appeal,)).fetchone()
        return None if row is None else appeal_of(row, self._keys)

    def by_number(self, number: str) -> Appeal | None:
        row = self._execute(SELECT + "WHERE number = ?", (number,)).fetchone()
        return None if row is None else appeal_of(row, self._keys)

    def by_short(self, short: int, group: str | None) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE short = ? AND (? IS NULL OR group_id = ?)"
            " ORDER BY created_at DESC, number DESC",
            (short, group, group),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def listed(
        self, *, group: str | None, area: str, states: Sequence[State], limit: int
    ) -> Sequence[Appeal]:
        found: list[Appeal] = []
        for state in states:
            rows = self._execute(
                SELECT + "WHERE state = ? AND (? IS NULL OR group_id = ?)"
                " AND (? = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
                " ORDER BY due_at, number LIMIT ?",
                (state, group, group, area, area, area, area, limit),
            )
            found += [appeal_of(row, self._keys) for row in rows]
        return sorted(found, key=lambda appeal: (appeal.due_at, appeal.number))[:limit]

    def created_since(self, since: datetime, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE created_at >= ? ORDER BY created_at DESC LIMIT ?",
            (to_ms(since), limit),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def ended_since(self, since: datetime, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE closed_at IS NOT NULL AND closed_at >= ?"
            " ORDER BY closed_at DESC LIMIT ?",
            (to_ms(since), limit),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def reported_by(self, person: str, states: Sequence[State], limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE reporter = ? ORDER BY created_at DESC, number DESC", (person,)
        )
        # One by one: whoever has recorded thousands for others is asked for a few.
        wanted = (row for row in rows if row[STATE] in states)
        return [appeal_of(row, self._keys) for row in islice(wanted, limit)]

    def told_by(self, person: str, since: datetime, limit: int) -> int:
        row = self._execute(
            "SELECT COUNT(*) FROM (SELECT 1 FROM appeals WHERE reporter = ? AND created_at > ?"
            " LIMIT ?) AS told",
            (person, to_ms(since), limit),
        ).fetchone()
        return int(row[0])

    def closed_before(self, at: datetime, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE state = '已办结' AND closed_at <= ? ORDER BY closed_at LIMIT ?",
            (to_ms(at), limit),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def first_closed(self) -> datetime | None:
        row = self._execute("SELECT MIN(closed_at) FROM appeals WHERE state = '已办结'").fetchone()
        return maybe_at(row[0])

    def to_recheck(self, now: datetime, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE recheck_at IS NOT NULL AND recheck_at <= ? ORDER BY recheck_at LIMIT ?",
            (to_ms(now), limit),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def first_recheck(self) -> datetime | None:
        row = self._execute(
            "SELECT MIN(recheck_at) FROM appeals WHERE recheck_at IS NOT NULL"
        ).fetchone()
        return maybe_at(row[0])

    def told_at(
        self, group: str, building: str, category: str, since: datetime
    ) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE group_id = ? AND building = ? AND category = ? AND created_at >= ?"
            " ORDER BY created_at DESC, number DESC LIMIT 8",
            (group, building, category, to_ms(since)),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def below(self, parent: str) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE parent = ? AND parent <> '' ORDER BY created_at, number", (parent,)
        )
        return [appeal_of(row, self._keys) for row in rows]

    def merged_into(self, appeal: str) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE merged_into = ? AND merged_into <> '' ORDER BY created_at, number",
            (appeal,),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def escalated(self, area: str, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE venue <> ''"
            " AND (? = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
            " ORDER BY escalated_at DESC, number DESC LIMIT ?",
            (area, area, area, area, limit),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def next_number(self, scope: str) -> int:
        row = self._execute(
            "INSERT INTO sequences (name, value) VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value",
            (scope,),
        ).fetchone()
        return int(row[0])
