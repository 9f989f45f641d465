"""What volunteers did, as rows; days are ISO texts, so that they sort."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime

from bot.models.volunteering import Hours, Service
from storage.codec import from_ms, maybe_at, to_ms
from storage.keys import Keyring

_SELECT = (
    "SELECT id, area, day, what, people, minutes, recorder, at, team, withdrawn_at"
    " FROM services WHERE "
)
_SUMS = (
    "SELECT count(*), coalesce(sum(people * minutes), 0), coalesce(sum(people), 0)"
    " FROM services WHERE "
)
_WITHIN = (
    "day >= ? AND day <= ? AND withdrawn_at IS NULL"
    " AND (? = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
)


class SqliteVolunteering:
    """Implements `bot.ports.Volunteering`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, service: Service) -> None:
        self._execute(
            "INSERT INTO services (id, area, day, what, people, minutes, recorder, at, team)"
            " VALUES (?,?,?,?,?,?,?,?,?)",
            (
                service.id, service.area, service.day.isoformat(),
                self._keys.close(service.what, f"services.what {service.id}"), service.people,
                service.minutes, service.recorder, to_ms(service.at), service.team,
            ),
        )  # fmt: skip

    def get(self, service: str) -> Service | None:
        found = self._many("id = ?", (service,))
        return found[0] if found else None

    def withdraw(self, service: str, at: datetime) -> None:
        self._execute("UPDATE services SET withdrawn_at = ? WHERE id = ?", (to_ms(at), service))

    def listed(self, area: str, first: date, last: date, limit: int) -> Sequence[Service]:
        values = (first.isoformat(), last.isoformat(), area, area, area, area, limit)
        return self._many(_WITHIN + " ORDER BY day, id LIMIT ?", values)

    def hours(self, area: str, first: date, last: date) -> Hours:
        row = self._execute(
            _SUMS + _WITHIN,
            (first.isoformat(), last.isoformat(), area, area, area, area),
        ).fetchone()
        return Hours(row[0], row[1] / 60, row[2])

    def _many(self, where: str, values: tuple[str | int, ...]) -> list[Service]:
        return [
            Service(
                id=row[0],
                area=row[1],
                day=date.fromisoformat(row[2]),
                what=self._keys.open(row[3], f"services.what {row[0]}"),
                people=row[4],
                minutes=row[5],
                recorder=row[6],
                at=from_ms(row[7]),
                team=row[8],
                withdrawn_at=maybe_at(row[9]),
            )
            for row in self._execute(_SELECT + where, values)
        ]
