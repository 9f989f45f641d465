"""Closing what an older version left in the clear.

A step of the schema cannot do it: it knows no key. It names the tables in `closing`; before the
file is used, they are gone through in stretches, each one transaction that also notes how far it
came. Whatever ends it, the next start goes on there. Then the file is written anew, because copies
of old words can stay behind in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bot.models.people import LEDGER
from storage.appeal_words import AppealWords
from storage.closed import CLOSED, VEILED, Closed, Veiled
from storage.imports import account
from storage.keys import Keyring, is_closed

AT_ONCE = 500
_EMPTY = ("", "{}")


# Somebody whom only an older ledger names: they stand nowhere else.
_REPORTERS = "SELECT account, id, home FROM people WHERE channel = ?"
_RENAMED = (
    "UPDATE appeals SET reporter = ? WHERE reporter = ?",
    "UPDATE events SET actor = ? WHERE actor = ?",
    "UPDATE appeal_supporters SET person = ? WHERE person = ?",
    "UPDATE consents SET person = ? WHERE person = ?",
)
REPORTERS = "ledger_people"
_VEILED = {veiled.table: veiled for veiled in VEILED}
_TABLES = {closed.table: closed for closed in CLOSED}
FILE = "file"


def close_old(connection: sqlite3.Connection, keys: Keyring) -> int:
    """Close what still stands open; how many rows were gone through. The file is ours alone."""
    rows = 0
    while (part := _next(connection)) is not None:
        table, reached = part
        if table == FILE:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            _done(connection, FILE)
        elif table == REPORTERS:
            rows += _rename(connection, keys)
        elif table in _VEILED:
            rows += _veil(connection, keys, _VEILED[table])
        else:
            rows += _stretch(connection, keys, _TABLES[table], reached)
    return rows


def _next(connection: sqlite3.Connection) -> tuple[str, str] | None:
    """The file comes last."""
    row: tuple[str, str] | None = connection.execute(
        "SELECT part, reached FROM closing ORDER BY part = 'file', part LIMIT 1"
    ).fetchone()
    return row


def _stretch(connection: sqlite3.Connection, keys: Keyring, closed: Closed, reached: str) -> int:
    with _whole(connection):
        rows = connection.execute(closed.select + closed.behind, (reached, AT_ONCE)).fetchall()
        for row in rows:
            _close(connection, keys, closed, row)
        if rows:
            connection.execute(
                "UPDATE closing SET reached = ? WHERE part = ?", (str(rows[-1][0]), closed.table)
            )
        else:
            _done(connection, closed.table)
    return len(rows)


def _veil(connection: sqlite3.Connection, keys: Keyring, veiled: Veiled) -> int:
    """All in one: nobody could tell what was veiled from what was not."""
    with _whole(connection):
        rows = connection.execute(veiled.select).fetchall()
        connection.executemany(veiled.update, [(keys.veil(row[0]), *row) for row in rows])
        _done(connection, veiled.table)
    return len(rows)


def _rename(connection: sqlite3.Connection, keys: Keyring) -> int:
    """Reporters of older ledgers were called by a hash of their name and telephone number."""
    with _whole(connection):
        rows = connection.execute(_REPORTERS, (LEDGER,)).fetchall()
        for hashed, old, kept in rows:
            user = account(keys, hashed)
            new = f"{LEDGER}:{user}"
            home = keys.open(kept, f"people.home {old}")
            connection.execute(
                "UPDATE people SET id = ?, account = ?, home = ? WHERE id = ?",
                (new, user, keys.close(home, f"people.home {new}"), old),
            )
            for statement in _RENAMED:
                connection.execute(statement, (new, old))
        _done(connection, REPORTERS)
    return len(rows)


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _done(connection: sqlite3.Connection, part: str) -> None:
    connection.execute("DELETE FROM closing WHERE part = ?", (part,))


def _close(
    connection: sqlite3.Connection, keys: Keyring, closed: Closed, row: Sequence[object]
) -> None:
    key, *values = row
    kept = [
        value if _is_done(value) else keys.close(str(value), closed.place(column, key))
        for column, value in zip(closed.columns, values, strict=True)
    ]
    if kept != values:
        connection.execute(closed.update, (*kept, key))
    if closed.table == "appeals":
        _index(connection, keys, str(key))


def _index(connection: sqlite3.Connection, keys: Keyring, appeal: str) -> None:
    """The old index is gone: every appeal is laid down anew, also one without words."""
    connection.execute(
        "INSERT OR IGNORE INTO appeal_words_stale (number) SELECT number FROM appeals WHERE id = ?",
        (appeal,),
    )
    AppealWords(connection, keys).sweep()


def _is_done(value: object) -> bool:
    return value in _EMPTY or is_closed(str(value))
