"""Finding appeals by any part of what was said: an index over pairs of characters.

`unicode61` takes a Chinese sentence for one word and `trigram` finds nothing shorter than three
characters, so text goes in cut into pairs (楼道灯 → 楼道 道灯 灯) and is asked for as a phrase of
them: what is found holds exactly what was asked for. Letters and digits stay whole words.

Triggers name an appeal as stale whenever it is deleted or its words change, by whatever statement:
from then on its old words find nothing, and `sweep` takes them out of the file. (A trigger may not
write into the index itself, because the connection runs with `trusted_schema` off.)
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from msgspec import Struct

from bot.models import Appeal, State

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+")
_NUMBER = re.compile(r"SQ(\d{8})-(\d+)")
_TYPED = re.compile(r"^sq(\d{8})\D?(?=\d)")
_SHORT = re.compile(r"(\d{1,9})号?")
LONGEST = 2_000
MOST_WORDS = 8

# Of its own and not that of `appeal_rows`: an older file has fewer columns when it is laid out.
_ROWS = (
    "SELECT number, short, area, state, text, summary, building || unit_no || room || spot,"
    " result, answer FROM appeals "
)

TABLES = (
    "CREATE VIRTUAL TABLE appeal_words USING fts5(words, number UNINDEXED)",
    "CREATE TABLE appeal_words_stale (number TEXT PRIMARY KEY)",
)
TRIGGERS = (
    "CREATE TRIGGER appeal_words_gone AFTER DELETE ON appeals BEGIN"
    " INSERT OR IGNORE INTO appeal_words_stale (number) VALUES (OLD.number); END",
    "CREATE TRIGGER appeal_words_changed AFTER UPDATE ON appeals"
    " WHEN OLD.text <> NEW.text OR OLD.summary <> NEW.summary OR OLD.result <> NEW.result"
    " OR OLD.answer <> NEW.answer OR OLD.building <> NEW.building OR OLD.unit_no <> NEW.unit_no"
    " OR OLD.room <> NEW.room OR OLD.spot <> NEW.spot"
    " OR (OLD.state = '已撤回') <> (NEW.state = '已撤回') BEGIN"
    " INSERT OR IGNORE INTO appeal_words_stale (number) VALUES (NEW.number); END",
)


def lay_out(execute: Callable[..., sqlite3.Cursor]) -> None:
    """Make the index, with what is there already."""
    for table in TABLES:
        execute(table)
    for row in execute(_ROWS).fetchall():
        _put(execute, _Told(*row))
    for trigger in TRIGGERS:
        execute(trigger)


class _Told(Struct, frozen=True):
    """What an appeal is found by."""

    number: str
    short: int
    area: str
    state: str
    text: str
    summary: str
    place: str
    result: str
    answer: str


class AppealWords:
    """The index within one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._execute = connection.execute

    def put(self, appeal: Appeal) -> None:
        """Lay a new appeal's words down."""
        told = _Told(
            appeal.number, appeal.short, appeal.area, appeal.state, appeal.text, appeal.summary,
            appeal.place.full, appeal.result, appeal.answer,
        )  # fmt: skip
        _put(self._execute, told)

    def sweep(self) -> None:
        """Lay down again what the triggers named, and forget what is gone."""
        for (number,) in self._execute("SELECT number FROM appeal_words_stale").fetchall():
            self._execute("DELETE FROM appeal_words WHERE rowid = ?", (row_of(number),))
            row = self._execute(_ROWS + "WHERE number = ?", (number,)).fetchone()
            if row is not None:
                _put(self._execute, _Told(*row))
            self._execute("DELETE FROM appeal_words_stale WHERE number = ?", (number,))

    def forget(self) -> None:
        """Let what was taken out leave the file too: the index is written anew, half a second at
        100,000 appeals.
        """
        self.sweep()
        self._execute("INSERT INTO appeal_words (appeal_words) VALUES ('optimize')")


def _put(execute: Callable[..., sqlite3.Cursor], told: _Told) -> None:
    execute(
        "INSERT INTO appeal_words (rowid, words, number) VALUES (?,?,?)",
        (row_of(told.number), " ".join(_words(told)), told.number),
    )


def row_of(number: str) -> int:
    """A row's number: by day, then by the number of the day. Raises `ValueError`."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        raise ValueError(f"not the number of an appeal: {number!r}")
    return int(found[1]) * 1_000_000 + int(found[2])


def asked(words: str, area: str) -> str:
    """What to match for words that somebody typed, below an area; empty for no words at all.

    Each blank-separated part must be there as it was typed, in any of the fields.
    """
    parts = [part for part in _folded(words).split() if _RUN.search(part)][:MOST_WORDS]
    if not parts:
        return ""
    return " AND ".join([_part(part) for part in parts] + [_quoted(_area(area))])


def _part(part: str) -> str:
    phrase = _phrase(part)
    short = _SHORT.fullmatch(part)
    return phrase if short is None else f"({phrase} OR {_quoted(_short(int(short[1])))})"


def _phrase(part: str) -> str:
    """`3幢楼道` → "3 幢楼 楼道"; the last piece may go on when it is cut in the middle."""
    pieces: list[str] = []
    runs = _RUN.findall(_TYPED.sub(r"sq\1-", part))
    for index, run in enumerate(runs):
        last = index == len(runs) - 1
        if run.isascii() or len(run) == 1:
            pieces.append(run)
        else:
            pieces += _pairs(run)
            pieces += [] if last else [run[-1]]
    tail = runs[-1]
    number = part.startswith("sq") or tail.isalpha()
    open_end = number if tail.isascii() else len(tail) == 1
    return _quoted(" ".join(pieces)) + (" *" if open_end else "")


def _words(told: _Told) -> Iterator[str]:
    """Everything by which an appeal is found. What was taken back is found by its number alone."""
    yield from told.number.lower().split("-")
    yield _short(told.short)
    yield from _areas(told.area)
    if told.state == State.WITHDRAWN:
        return
    fields = (told.text, told.summary, told.place, told.result, told.answer)
    # A word of ours between them, so that no phrase reaches over the end of a field.
    for run in _RUN.findall(_folded(" zzend ".join(field[:LONGEST] for field in fields if field))):
        if not run.isascii():
            yield from _pairs(run)
        yield run if run.isascii() else run[-1]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)]


def _short(short: int) -> str:
    return f"zznr{short}"


@lru_cache(maxsize=512)
def _areas(area: str) -> tuple[str, ...]:
    """Words for an area and those above it."""
    parts = area.split("/")
    return tuple(_area("/".join(parts[:n])) for n in range(1, len(parts) + 1))


def _area(area: str) -> str:
    return "zzar" + hashlib.sha256(area.encode()).hexdigest()[:10]


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ") + '"'
