"""The bank of approved answers."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.models import Audience, FaqEntry, FaqSearch, Validity
from storage.memory import Memory
from storage.savepoints import LazyConnection

_VERSION = "faq/version"
_SELECT = (
    "SELECT id, question, answer, source, phrasings, tag, area, dated, valid_from,"
    " valid_until, keywords, audience FROM faq "
)
# At, below or above an area, or for everywhere.
_OF = (
    "(area = '' OR area = ? OR substr(area, 1, length(?) + 1) = ? || '/'"
    " OR substr(?, 1, length(area) + 1) = area || '/' OR ? = '')"
)
_COUNT = "SELECT {sums} FROM faq WHERE "
_DISTINCT = "SELECT DISTINCT {column} FROM faq WHERE {column} <> '' AND {here} ORDER BY 1"
_TEXT = " || '\n' || ".join(("id", "question", "phrasings", "keywords", "answer", "tag"))


class SqliteFaq:
    """Implements `bot.ports.Faq`."""

    def __init__(self, connection: LazyConnection) -> None:
        self._execute = connection.execute
        self._version: Memory[str, int] = Memory(connection)

    def entries(self) -> Sequence[FaqEntry]:
        return [_entry(row) for row in self._execute(_SELECT + "ORDER BY id")]

    def get(self, entry: str) -> FaqEntry | None:
        for row in self._execute(_SELECT + "WHERE id = ?", (entry,)):
            return _entry(row)
        return None

    def found(self, search: FaqSearch, limit: int, skip: int = 0) -> Sequence[FaqEntry]:
        where, values = _where(search)
        if search.validity is not None:
            condition, days = _validity(search, search.validity)
            where, values = f"{where} AND {condition}", values + days
        rows = self._execute(
            _SELECT + "WHERE " + where + " ORDER BY id LIMIT ? OFFSET ?", (*values, limit, skip)
        )
        return [_entry(row) for row in rows]

    def counts(self, search: FaqSearch) -> Mapping[Validity, int]:
        where, values = _where(search)
        kinds = [_validity(search, kind) for kind in Validity]
        sums = ", ".join(f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)" for condition, _ in kinds)
        days = [day for _, these in kinds for day in these]
        counting = _COUNT.format(sums=sums)
        for row in self._execute(counting + where, (*days, *values)):
            return {kind: int(count or 0) for kind, count in zip(Validity, row, strict=True)}
        return {}

    def tags(self, area: str) -> Sequence[str]:
        return self._distinct("tag", area)

    def areas(self, area: str) -> Sequence[str]:
        return self._distinct("area", area)

    def _distinct(self, column: str, area: str) -> Sequence[str]:
        rows = self._execute(_DISTINCT.format(column=column, here=_OF), [area] * 5)
        return [str(row[0]) for row in rows]

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


def _where(search: FaqSearch) -> tuple[str, tuple[Any, ...]]:
    """What is asked of an entry, but for its validity, and the values in it."""
    where, values = _OF, [search.area] * 5
    if search.tag:
        where, values = f"{where} AND tag = ?", [*values, search.tag]
    if search.here:
        where, values = f"{where} AND area = ?", [*values, search.here]
    for word in search.words:
        where += f" AND {_TEXT} LIKE ? ESCAPE '!'"
        plain = word.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        values = [*values, f"%{plain}%"]
    return where, tuple(values)


def _validity(search: FaqSearch, kind: Validity) -> tuple[str, tuple[str, ...]]:
    """ISO days compare as text; empty means unbounded."""
    match kind:
        case Validity.EXPIRED:
            return "(valid_until <> '' AND valid_until < ?)", (search.day,)
        case Validity.COMING:
            return "valid_from > ?", (search.day,)
        case Validity.EXPIRING:
            ends = "(valid_from <= ? AND valid_until >= ? AND valid_until <= ?)"
            return ends, (search.day, search.day, search.soon)
        case Validity.CURRENT:
            holds = "(valid_from <= ? AND (valid_until = '' OR valid_until >= ?))"
            return holds, (search.day, search.day)


def _entry(row: Sequence[Any]) -> FaqEntry:
    return FaqEntry(
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
