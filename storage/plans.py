"""Plans of notices that came as files."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.models import Plan, PlanState
from storage.codec import from_ms, maybe_at, to_ms

_SELECT = "SELECT number, author, at, notices, state FROM plans "


class SqlitePlans:
    """Implements `bot.ports.Plans`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def save(self, plan: Plan) -> None:
        self._execute(
            "INSERT INTO plans (number, author, at, notices, state) VALUES (?,?,?,?,?)"
            " ON CONFLICT (number) DO UPDATE SET state = excluded.state",
            (plan.number, plan.author, to_ms(plan.at), " ".join(plan.notices), plan.state),
        )

    def first_new(self) -> datetime | None:
        row = self._execute("SELECT MIN(at) FROM plans WHERE state = 'new'").fetchone()
        return maybe_at(row[0])

    def in_state(self, state: PlanState) -> Sequence[Plan]:
        rows = self._execute(_SELECT + "WHERE state = ? ORDER BY number LIMIT 20", (state,))
        return [_plan(row) for row in rows]

    def newest(self) -> Sequence[Plan]:
        rows = self._execute(_SELECT + "ORDER BY number DESC LIMIT 200")
        return [_plan(row) for row in rows]


def _plan(row: Sequence[Any]) -> Plan:
    number, author, at, notices, state = row
    return Plan(
        number=number,
        author=author,
        at=from_ms(at),
        notices=tuple(notices.split()),
        state=PlanState(state),
    )
