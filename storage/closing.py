"""Which columns are closed, and closing what an older version left in the clear.

A step of the schema cannot do it: it knows no key. It names the tables in `closing`; before the
file is used, they are gone through in stretches, each one transaction that also notes how far it
came. Whatever ends it, the next start goes on there. Then the file is written anew, because copies
of old words can stay behind in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from msgspec import Struct

from storage.appeal_words import AppealWords
from storage.keys import Keyring, is_closed

AT_ONCE = 500
_EMPTY = ("", "{}")


class Closed(Struct, frozen=True):
    """Columns of a table, and the statements that read a row by what their places name it by."""

    table: str
    columns: tuple[str, ...]
    select: str
    behind: str
    update: str

    def place(self, column: str, row: object) -> str:
        """Where a value belongs."""
        return f"{self.table}.{column} {row}"


CLOSED = (
    Closed(
        "inbox",
        ("sender_name", "text", "quote", "attachments"),
        "SELECT id, sender_name, text, quote, attachments FROM inbox",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE inbox SET sender_name = ?, text = ?, quote = ?, attachments = ? WHERE id = ?",
    ),
    Closed(
        "outbox",
        ("text", "rich"),
        "SELECT id, text, rich FROM outbox",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE outbox SET text = ?, rich = ? WHERE id = ?",
    ),
    Closed(
        "traces",
        ("steps",),
        "SELECT message, steps FROM traces",
        " WHERE message > ? ORDER BY message LIMIT ?",
        "UPDATE traces SET steps = ? WHERE message = ?",
    ),
    Closed(
        "dialogs",
        ("payload",),
        "SELECT channel || char(31) || chat || char(31) || account AS who, payload FROM dialogs",
        " WHERE channel || char(31) || chat || char(31) || account > ? ORDER BY who LIMIT ?",
        "UPDATE dialogs SET payload = ?"
        " WHERE channel || char(31) || chat || char(31) || account = ?",
    ),
    Closed(
        "jobs",
        ("payload",),
        "SELECT id, payload FROM jobs",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE jobs SET payload = ? WHERE id = ?",
    ),
    Closed(
        "media",
        ("name",),
        "SELECT id, name FROM media",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE media SET name = ? WHERE id = ?",
    ),
    Closed(
        "appeal_notes",
        ("text",),
        "SELECT id, text FROM appeal_notes",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE appeal_notes SET text = ? WHERE id = ?",
    ),
    Closed(
        "events",
        ("before", "after", "reason"),
        "SELECT id, before, after, reason FROM events",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE events SET before = ?, after = ?, reason = ? WHERE id = ?",
    ),
    Closed(
        "questions",
        ("text", "answer"),
        "SELECT number, text, answer FROM questions",
        " WHERE number > ? ORDER BY number LIMIT ?",
        "UPDATE questions SET text = ?, answer = ? WHERE number = ?",
    ),
    Closed(
        "faq_answers",
        ("asked",),
        "SELECT message, asked FROM faq_answers",
        " WHERE message > ? ORDER BY message LIMIT ?",
        "UPDATE faq_answers SET asked = ? WHERE message = ?",
    ),
    Closed(
        "services",
        ("what",),
        "SELECT id, what FROM services",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE services SET what = ? WHERE id = ?",
    ),
    Closed(
        "saved_views",
        ("wish",),
        "SELECT id, wish FROM saved_views",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE saved_views SET wish = ? WHERE id = ?",
    ),
    Closed(
        "appeals",
        ("text", "summary", "unit_no", "room", "spot", "result", "answer"),
        "SELECT id, text, summary, unit_no, room, spot, result, answer FROM appeals",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE appeals SET text = ?, summary = ?, unit_no = ?, room = ?, spot = ?, result = ?,"
        " answer = ? WHERE id = ?",
    ),
)
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
            connection.execute("DELETE FROM closing WHERE part = ?", (FILE,))
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
    connection.execute("BEGIN IMMEDIATE")
    try:
        rows = connection.execute(closed.select + closed.behind, (reached, AT_ONCE)).fetchall()
        for row in rows:
            _close(connection, keys, closed, row)
        if rows:
            connection.execute(
                "UPDATE closing SET reached = ? WHERE part = ?", (str(rows[-1][0]), closed.table)
            )
        else:
            connection.execute("DELETE FROM closing WHERE part = ?", (closed.table,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return len(rows)


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
