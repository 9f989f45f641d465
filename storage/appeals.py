"""Residents' matters and the numbers they are called by."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.models import Appeal, Audience, Place, State, Urgency
from storage.codec import from_ms, maybe_at, maybe_ms, to_ms

_SELECT = (
    "SELECT id, number, short, group_id, area, reporter, source, text, summary, category, building,"
    " unit_no, room, spot, urgency, audience, unit, state, created_at, due_at, handler, result,"
    " started_at, closed_at FROM appeals "
)


class SqliteAppeals:
    """Implements `bot.ports.Appeals`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def add(self, appeal: Appeal) -> None:
        self._execute(
            "INSERT INTO appeals (number, short, group_id, area, reporter, source, text, summary,"
            " category, building, unit_no, room, spot, urgency, audience, unit, state, created_at,"
            " due_at, handler, result, started_at, closed_at, id)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            _values(appeal),
        )

    def save(self, appeal: Appeal) -> None:
        self._execute(
            "UPDATE appeals SET number=?, short=?, group_id=?, area=?, reporter=?, source=?,"
            " text=?, summary=?, category=?, building=?, unit_no=?, room=?, spot=?, urgency=?,"
            " audience=?, unit=?, state=?, created_at=?, due_at=?, handler=?, result=?, "
            " started_at=?, closed_at=? WHERE id=?",
            _values(appeal),
        )

    def get(self, appeal: str) -> Appeal | None:
        row = self._execute(_SELECT + "WHERE id = ?", (appeal,)).fetchone()
        return None if row is None else _appeal(row)

    def by_number(self, number: str) -> Appeal | None:
        row = self._execute(_SELECT + "WHERE number = ?", (number,)).fetchone()
        return None if row is None else _appeal(row)

    def by_short(self, short: int, group: str | None) -> Sequence[Appeal]:
        rows = self._execute(
            _SELECT + "WHERE short = ? AND (? IS NULL OR group_id = ?)"
            " ORDER BY created_at DESC, number DESC",
            (short, group, group),
        )
        return [_appeal(row) for row in rows]

    def listed(
        self, *, group: str | None, area: str, states: Sequence[State], limit: int
    ) -> Sequence[Appeal]:
        found: list[Appeal] = []
        for state in states:
            rows = self._execute(
                _SELECT + "WHERE state = ? AND (? IS NULL OR group_id = ?)"
                " AND (? = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
                " ORDER BY due_at, number LIMIT ?",
                (state, group, group, area, area, area, area, limit),
            )
            found += [_appeal(row) for row in rows]
        return sorted(found, key=lambda appeal: (appeal.due_at, appeal.number))[:limit]

    def reported_by(self, person: str, states: Sequence[State], limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            _SELECT + "WHERE reporter = ? ORDER BY created_at DESC, number DESC", (person,)
        )
        found = (_appeal(row) for row in rows)
        return [appeal for appeal in found if appeal.state in states][:limit]

    def next_number(self, scope: str) -> int:
        row = self._execute(
            "INSERT INTO sequences (name, value) VALUES (?, 1)"
            " ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value",
            (scope,),
        ).fetchone()
        return int(row[0])


def _values(appeal: Appeal) -> tuple[Any, ...]:
    """All columns in the order of the statements above, the id last."""
    place = appeal.place
    return (
        appeal.number, appeal.short, appeal.group, appeal.area, appeal.reporter, appeal.source,
        appeal.text, appeal.summary, appeal.category, place.building, place.unit, place.room,
        place.spot, appeal.urgency, appeal.audience, appeal.unit, appeal.state,
        to_ms(appeal.created_at), to_ms(appeal.due_at), appeal.handler, appeal.result,
        maybe_ms(appeal.started_at), maybe_ms(appeal.closed_at), appeal.id,
    )  # fmt: skip


def _appeal(row: Sequence[Any]) -> Appeal:
    return Appeal(
        id=row[0],
        number=row[1],
        short=row[2],
        group=row[3],
        area=row[4],
        reporter=row[5],
        source=row[6],
        text=row[7],
        summary=row[8],
        category=row[9],
        place=Place(building=row[10], unit=row[11], room=row[12], spot=row[13]),
        urgency=Urgency(row[14]),
        audience=Audience(row[15]),
        unit=row[16],
        state=State(row[17]),
        created_at=from_ms(row[18]),
        due_at=from_ms(row[19]),
        handler=row[20],
        result=row[21],
        started_at=maybe_at(row[22]),
        closed_at=maybe_at(row[23]),
    )
