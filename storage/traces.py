"""Why the bot answered, or stayed silent."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from bot.models import Outcome, Trace


class SqliteTraces:
    """Implements `bot.ports.Traces`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def add(self, trace: Trace) -> None:
        self._execute(
            "INSERT INTO traces (message, outcome, handler, steps) VALUES (?,?,?,?)"
            " ON CONFLICT (message) DO UPDATE SET outcome = excluded.outcome,"
            " handler = excluded.handler, steps = excluded.steps",
            (trace.message, trace.outcome, trace.handler, "\n".join(trace.steps)),
        )

    def get(self, message: str) -> Trace | None:
        row = self._execute(
            "SELECT outcome, handler, steps FROM traces WHERE message = ?", (message,)
        ).fetchone()
        if row is None:
            return None
        outcome, handler, steps = row
        return Trace(
            message=message,
            outcome=Outcome(outcome),
            handler=handler,
            steps=tuple(steps.split("\n")) if steps else (),
        )

    def counts(self) -> Mapping[Outcome, int]:
        rows = self._execute("SELECT outcome, COUNT(*) FROM traces GROUP BY outcome")
        return {Outcome(outcome): count for outcome, count in rows}
