"""Why the bot answered, or stayed silent."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from bot.models import Outcome, Trace
from storage.keys import Keyring


class SqliteTraces:
    """Implements `bot.ports.Traces`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, trace: Trace) -> None:
        steps = self._keys.close("\n".join(trace.steps), f"traces.steps {trace.message}")
        self._execute(
            "INSERT INTO traces (message, outcome, handler, steps) VALUES (?,?,?,?)"
            " ON CONFLICT (message) DO UPDATE SET outcome = excluded.outcome,"
            " handler = excluded.handler, steps = excluded.steps",
            (trace.message, trace.outcome, trace.handler, steps),
        )

    def get(self, message: str) -> Trace | None:
        row = self._execute(
            "SELECT outcome, handler, steps FROM traces WHERE message = ?", (message,)
        ).fetchone()
        if row is None:
            return None
        outcome, handler, kept = row
        steps = self._keys.open(kept, f"traces.steps {message}")
        return Trace(
            message=message,
            outcome=Outcome(outcome),
            handler=handler,
            steps=tuple(steps.split("\n")) if steps else (),
        )

    def counts(self) -> Mapping[Outcome, int]:
        rows = self._execute("SELECT outcome, COUNT(*) FROM traces GROUP BY outcome")
        return {Outcome(outcome): count for outcome, count in rows}
