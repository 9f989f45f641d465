"""Planned words for groups, and the one run of each (notice, planned time)."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.models import Notice, NoticeState, Origin, Recurrence, Run, Targets
from storage.codec import from_ms, maybe_at, maybe_ms, to_ms

_SELECT = (
    "SELECT id, author, text, targets, planned_at, state, created_at, tag, origin, recurrence,"
    " late, approver, corrects, urgent, twice, variants, media FROM notices "
)
_RUN = "SELECT notice, planned_at, started_at, receivers, look_at FROM notice_runs "


class SqliteNotices:
    """Implements `bot.ports.Notices`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def save(self, notice: Notice) -> None:
        self._execute(
            "INSERT INTO notices (id, author, text, targets, planned_at, state, created_at, tag,"
            " origin, recurrence, late, approver, corrects, urgent, twice, variants, media)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
            " ON CONFLICT (id) DO UPDATE SET text = excluded.text, targets = excluded.targets,"
            " planned_at = excluded.planned_at, state = excluded.state, tag = excluded.tag,"
            " origin = excluded.origin, recurrence = excluded.recurrence, late = excluded.late,"
            " approver = excluded.approver, corrects = excluded.corrects,"
            " urgent = excluded.urgent, twice = excluded.twice, variants = excluded.variants,"
            " media = excluded.media",
            _values(notice),
        )

    def get(self, notice: str) -> Notice | None:
        row = self._execute(_SELECT + "WHERE id = ?", (notice,)).fetchone()
        return None if row is None else _notice(row)

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        rows = self._execute(
            _SELECT + "WHERE state = 'planned' AND planned_at <= ? ORDER BY planned_at, id LIMIT ?",
            (to_ms(now), limit),
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

    def planned_between(self, first: datetime, last: datetime) -> Sequence[Notice]:
        rows = self._execute(
            _SELECT + "WHERE state IN ('planned', 'awaiting') AND planned_at BETWEEN ? AND ?"
            " ORDER BY planned_at, id",
            (to_ms(first), to_ms(last)),
        )
        return [_notice(row) for row in rows]

    def between(
        self, states: Sequence[NoticeState], first: datetime, last: datetime, limit: int
    ) -> Sequence[Notice]:
        where = f"WHERE state IN ({_marks(states)}) AND planned_at BETWEEN ? AND ?"
        rows = self._execute(
            _SELECT + where + " ORDER BY planned_at, id LIMIT ?",
            (*states, to_ms(first), to_ms(last), limit),
        )
        return [_notice(row) for row in rows]

    def recurring(self, states: Sequence[NoticeState], limit: int) -> Sequence[Notice]:
        where = f"WHERE state IN ({_marks(states)}) AND recurrence <> ''"
        rows = self._execute(_SELECT + where + " ORDER BY planned_at, id LIMIT ?", (*states, limit))
        return [_notice(row) for row in rows]

    def newest(
        self, states: Sequence[NoticeState], words: Sequence[str], limit: int, skip: int
    ) -> Sequence[Notice]:
        where = f"WHERE state IN ({_marks(states)})" + " AND text LIKE ? ESCAPE '!'" * len(words)
        plain = [w.replace("!", "!!").replace("%", "!%").replace("_", "!_") for w in words]
        rows = self._execute(
            _SELECT + where + " ORDER BY planned_at DESC, id DESC LIMIT ? OFFSET ?",
            (*states, *(f"%{word}%" for word in plain), limit, skip),
        )
        return [_notice(row) for row in rows]

    def runs_between(self, first: datetime, last: datetime, limit: int) -> Sequence[Run]:
        rows = self._execute(
            _RUN + "WHERE planned_at BETWEEN ? AND ? ORDER BY planned_at, notice LIMIT ?",
            (to_ms(first), to_ms(last), limit),
        )
        return [_run(row) for row in rows]

    def correcting(self, notice: str) -> Notice | None:
        row = self._execute(
            _SELECT + "WHERE corrects = ? AND corrects <> '' ORDER BY created_at DESC LIMIT 1",
            (notice,),
        ).fetchone()
        return None if row is None else _notice(row)

    def by_author(self, author: str, limit: int) -> Sequence[Notice]:
        rows = self._execute(
            _SELECT + "WHERE author = ? ORDER BY created_at DESC, id DESC LIMIT ?", (author, limit)
        )
        return [_notice(row) for row in rows]

    def start_run(self, run: Run) -> bool:
        cursor = self._execute(
            "INSERT INTO notice_runs (notice, planned_at, started_at, receivers, look_at)"
            " VALUES (?,?,?,?,?) ON CONFLICT (notice, planned_at) DO NOTHING",
            (
                run.notice,
                to_ms(run.planned_at),
                to_ms(run.started_at),
                run.receivers,
                maybe_ms(run.look_at),
            ),
        )
        return cursor.rowcount == 1

    def save_run(self, run: Run) -> None:
        self._execute(
            "UPDATE notice_runs SET receivers = ?, look_at = ? WHERE notice = ? AND planned_at = ?",
            (run.receivers, maybe_ms(run.look_at), run.notice, to_ms(run.planned_at)),
        )

    def runs(self, notice: str) -> Sequence[Run]:
        rows = self._execute(_RUN + "WHERE notice = ? ORDER BY planned_at DESC", (notice,))
        return [_run(row) for row in rows]

    def started_since(self, since: datetime) -> Sequence[Run]:
        rows = self._execute(
            _RUN + "WHERE started_at >= ? ORDER BY started_at, notice", (to_ms(since),)
        )
        return [_run(row) for row in rows]

    def runs_to_look_at(self, now: datetime, limit: int) -> Sequence[Run]:
        rows = self._execute(
            _RUN + "WHERE look_at IS NOT NULL AND look_at <= ? ORDER BY look_at LIMIT ?",
            (to_ms(now), limit),
        )
        return [_run(row) for row in rows]

    def next_look(self) -> datetime | None:
        row = self._execute(
            "SELECT MIN(look_at) FROM notice_runs WHERE look_at IS NOT NULL"
        ).fetchone()
        return maybe_at(row[0])


def _values(notice: Notice) -> tuple[Any, ...]:
    recurrence = notice.recurrence
    return (
        notice.id,
        notice.author,
        notice.text,
        _json(notice.targets),
        to_ms(notice.planned_at),
        notice.state,
        to_ms(notice.created_at),
        notice.tag,
        _json(notice.origin),
        "" if recurrence is None else _json(recurrence),
        notice.late,
        notice.approver,
        notice.corrects,
        int(notice.urgent),
        int(notice.twice),
        _json(notice.variants) if notice.variants else "",
        " ".join(notice.media),
    )


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _notice(row: Sequence[Any]) -> Notice:
    return Notice(
        id=row[0],
        author=row[1],
        text=row[2],
        targets=msgspec.json.decode(row[3], type=Targets),
        planned_at=from_ms(row[4]),
        state=NoticeState(row[5]),
        created_at=from_ms(row[6]),
        tag=row[7],
        origin=msgspec.json.decode(row[8], type=Origin) if row[8] else Origin(),
        recurrence=msgspec.json.decode(row[9], type=Recurrence) if row[9] else None,
        late=row[10],
        approver=row[11],
        corrects=row[12],
        urgent=bool(row[13]),
        twice=bool(row[14]),
        variants=msgspec.json.decode(row[15], type=dict[str, str]) if row[15] else {},
        media=tuple(row[16].split()),
    )


def _run(row: Sequence[Any]) -> Run:
    notice, planned_at, started_at, receivers, look_at = row
    return Run(
        notice=notice,
        planned_at=from_ms(planned_at),
        started_at=from_ms(started_at),
        receivers=receivers,
        look_at=maybe_at(look_at),
    )
