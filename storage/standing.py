"""What people want of standing messages, and when to look next."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.models import Choice, Standing
from storage.codec import maybe_at, to_ms


class SqliteStanding:
    """Implements `bot.ports.StandingRows`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def choices(self) -> Sequence[Choice]:
        rows = self._execute("SELECT person, standing, wish FROM standing_choices")
        return [
            Choice(person=person, standing=Standing(standing), wish=wish)
            for person, standing, wish in rows
        ]

    def of(self, person: str) -> Mapping[Standing, str]:
        rows = self._execute(
            "SELECT standing, wish FROM standing_choices WHERE person = ?", (person,)
        )
        return {Standing(standing): wish for standing, wish in rows}

    def choose(self, choice: Choice) -> None:
        self._execute(
            "DELETE FROM standing_choices WHERE person = ? AND standing = ?",
            (choice.person, choice.standing),
        )
        if choice.wish:
            self._execute(
                "INSERT INTO standing_choices (person, standing, wish) VALUES (?,?,?)",
                (choice.person, choice.standing, choice.wish),
            )
        self._execute("DELETE FROM standing_rings")

    def next_ring(self, timetable: str) -> datetime | None:
        row = self._execute(
            "SELECT at FROM standing_rings WHERE timetable = ?", (timetable,)
        ).fetchone()
        return None if row is None else maybe_at(row[0])

    def ring_at(self, timetable: str, at: datetime) -> None:
        self._execute(
            "INSERT INTO standing_rings (timetable, at) VALUES (?,?)"
            " ON CONFLICT (timetable) DO UPDATE SET at = excluded.at",
            (timetable, to_ms(at)),
        )
