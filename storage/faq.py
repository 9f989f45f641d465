"""The bank of approved answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from bot.models import Audience, FaqEntry
from storage.memory import Memory
from storage.savepoints import LazyConnection

_VERSION = "faq/version"


class SqliteFaq:
    """Implements `bot.ports.Faq`."""

    def __init__(self, connection: LazyConnection) -> None:
        self._execute = connection.execute
        self._version: Memory[str, int] = Memory(connection)

    def entries(self) -> Sequence[FaqEntry]:
        rows = self._execute(
            "SELECT id, question, answer, source, phrasings, tag, area, dated, valid_from,"
            " valid_until, keywords, audience FROM faq ORDER BY id"
        )
        return [
            FaqEntry(
                id=row[0],
                question=row[1],
                answer=row[2],
                source=row[3],
                phrasings=tuple(row[4].split("\n")) if row[4] else (),
                tag=row[5],
                area=row[6],
                dated=row[7],
                valid_from=row[8],
                valid_until=row[9],
                keywords=tuple(row[10].split("\n")) if row[10] else (),
                audience=Audience(row[11]),
            )
            for row in rows
        ]

    def replace(self, entries: Iterable[FaqEntry]) -> None:
        for entry in entries:
            self._execute(
                "INSERT INTO faq (id, question, answer, source, phrasings, tag, area, dated,"
                " valid_from, valid_until, keywords, audience)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
                " ON CONFLICT (id) DO UPDATE SET question = excluded.question,"
                " answer = excluded.answer, source = excluded.source,"
                " phrasings = excluded.phrasings, tag = excluded.tag, area = excluded.area,"
                " dated = excluded.dated, valid_from = excluded.valid_from,"
                " valid_until = excluded.valid_until, keywords = excluded.keywords,"
                " audience = excluded.audience",
                (
                    entry.id,
                    entry.question,
                    entry.answer,
                    entry.source,
                    "\n".join(entry.phrasings),
                    entry.tag,
                    entry.area,
                    entry.dated,
                    entry.valid_from,
                    entry.valid_until,
                    "\n".join(entry.keywords),
                    entry.audience,
                ),
            )
        self._change_version()

    def remove(self, entry: str) -> None:
        self._execute("DELETE FROM faq WHERE id = ?", (entry,))
        self._change_version()

    def _change_version(self) -> None:
        # Drawn, not counted: a number that was rolled back must never come again.
        self._execute(
            "INSERT INTO sequences (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (_VERSION, secrets.randbits(62)),
        )
        self._version.forget(_VERSION)

    def version(self) -> int:
        known = self._version.get(_VERSION)
        if known is None:
            rows = self._execute("SELECT value FROM sequences WHERE name = ?", (_VERSION,))
            known = sum(int(row[0]) for row in rows)
            self._version.keep(_VERSION, known)
        return known
