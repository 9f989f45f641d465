"""Finding appeals by any part of what was said, in an index that is blind without the key.

Each appeal's row is a heap of keyed hashes of the pieces of its words (`storage.pieces`), sorted by
hash, so that no order of theirs is left. The index finds the rows that hold all pieces of what was
asked for; where that is not yet certain, whoever opens the row looks whether its words follow each
other so (`Asked.holds`). Numbers and areas stand in clear.

Triggers name an appeal as stale whenever it is deleted or its words change, by whatever statement:
from then on its old words find nothing, and `sweep` takes them out of the file. (A trigger may not
write into the index itself, because the connection runs with `trusted_schema` off.)
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from bot.models import Appeal, State
from storage.keys import Keyring
from storage.pieces import (
    Phrase,
    asked_by,
    in_order,
    parts_of,
    pieces,
    runs_of,
)

_NUMBER = re.compile(r"SQ(\d{8})-(\d+)")
_SHORT = re.compile(r"(\d{1,9})号?")
MOST_WORDS = 8

# What `row_of` took, so that nobody reads the heap of a row for it.
MATCHED = (
    "SELECT 'SQ' || (rowid / 1000000) || '-' || printf('%04d', rowid % 1000000)"
    " FROM appeal_words WHERE appeal_words MATCH ?"
)
_ROWS = (
    "SELECT id, number, short, area, state, text, summary, building, unit_no, room, spot,"
    " result, answer FROM appeals WHERE number = ?"
)
_CLOSED = (("text", 5), ("summary", 6), ("unit_no", 8), ("room", 9), ("spot", 10),
           ("result", 11), ("answer", 12))  # fmt: skip


class _Told(Struct, frozen=True):
    """What an appeal is found by."""

    number: str
    short: int
    area: str
    fields: tuple[list[str], ...]


class Asked(Struct, frozen=True):
    """What to match in the index, and what the words of a row must hold besides."""

    match: str
    phrases: tuple[Phrase, ...]

    def holds(self, appeal: Appeal) -> bool:
        """Whether this is what was asked for, and not only made of the same pieces."""
        if not self.phrases:
            return True
        words = in_order(_told(appeal).fields)
        return all(phrase.is_in(words) for phrase in self.phrases)


class AppealWords:
    """The index within one transaction."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def put(self, appeal: Appeal) -> None:
        """Lay a new appeal's words down."""
        self._put(_told(appeal))

    def sweep(self) -> None:
        """Lay down again what the triggers named, and forget what is gone."""
        for (number,) in self._execute("SELECT number FROM appeal_words_stale").fetchall():
            self._execute("DELETE FROM appeal_words WHERE rowid = ?", (row_of(number),))
            row = self._execute(_ROWS, (number,)).fetchone()
            if row is not None:
                self._put(self._told(row))
            self._execute("DELETE FROM appeal_words_stale WHERE number = ?", (number,))

    def forget(self) -> None:
        """Let what was taken out leave the file too: the index is written anew, half a second at
        100,000 appeals.
        """
        self.sweep()
        self._execute("INSERT INTO appeal_words (appeal_words) VALUES ('optimize')")

    def asked(self, words: str, area: str = "") -> Asked | None:
        """What to look for, for words that somebody typed; None for no words at all.

        Each blank-separated part must be there as it was typed, in any of the fields.
        """
        parts = parts_of(words)[:MOST_WORDS]
        if not parts:
            return None
        matches: list[str] = [_quoted(_area(area))] if area else []
        phrases: list[Phrase] = []
        for part in parts:
            asked = asked_by(part)
            found = [_quoted(self._keys.piece(piece)) for piece in asked.pieces]
            short = _SHORT.fullmatch(part)
            if asked.number:
                found = [f"({found[0]} OR {_quoted(asked.number)} *)"]
            elif short is not None:
                found = [f"({found[0]} OR {_quoted(_short(int(short[1])))})"]
            matches += found
            phrases += [] if asked.is_exact else [asked.phrase]
        return Asked(" AND ".join(matches), tuple(phrases))

    def _put(self, told: _Told) -> None:
        clear = {_own(told.number), _short(told.short), *_areas(told.area)}
        heap = clear.union(map(self._keys.piece, set(pieces(told.fields))))
        self._execute(
            "INSERT INTO appeal_words (rowid, words, number) VALUES (?,?,?)",
            (row_of(told.number), " ".join(sorted(heap)), told.number),
        )

    def _told(self, row: Sequence[str]) -> _Told:
        fields = list(row)
        for column, at in _CLOSED:
            fields[at] = self._keys.open(row[at], f"appeals.{column} {row[0]}")
        _, number, short, area, state, text, summary, *place, result, answer = fields
        words = (text, summary, "".join(place), result, answer)
        return _Told(number, int(short), area, _found_by(number, state, words))


def _told(appeal: Appeal) -> _Told:
    words = (appeal.text, appeal.summary, appeal.place.full, appeal.result, appeal.answer)
    fields = _found_by(appeal.number, appeal.state, words)
    return _Told(appeal.number, appeal.short, appeal.area, fields)


def _found_by(number: str, state: str, words: tuple[str, ...]) -> tuple[list[str], ...]:
    """What was taken back is found by its number alone."""
    told = (number,) if state == State.WITHDRAWN else (number, *words)
    return tuple(map(runs_of, told))


def row_of(number: str) -> int:
    """A row's number: by day, then by the number of the day. Raises `ValueError`."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(f"not the number of an appeal: {number!r}")
    return int(found[1]) * 1_000_000 + int(found[2])


def _own(number: str) -> str:
    return number.lower().replace("-", "n")


def _short(short: int) -> str:
    return f"zznr{short}"


@lru_cache(maxsize=512)
def _areas(area: str) -> tuple[str, ...]:
    """Words for an area and those above it."""
    parts = area.split("/")
    return tuple(_area("/".join(parts[:n])) for n in range(1, len(parts) + 1))


def _area(area: str) -> str:
    return "zzar" + hashlib.sha256(area.encode()).hexdigest()[:10]


def _quoted(text: str) -> str:
    return '"' + text + '"'
