"""Which columns are closed, and which hold hashes that only the key can make.

The one list that closing an old file, the tests and the page on privacy follow.
"""

from __future__ import annotations

from msgspec import Struct


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
        "people",
        ("home",),
        "SELECT id, home FROM people",
        " WHERE id > ? ORDER BY id LIMIT ?",
        "UPDATE people SET home = ? WHERE id = ?",
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


class Veiled(Struct, frozen=True):
    """A column of hashes that were made without a key, and could be guessed."""

    table: str
    select: str
    update: str


VEILED = (
    Veiled(
        "notice_replies",
        "SELECT who, run, kind FROM notice_replies",
        "UPDATE notice_replies SET who = ? WHERE who = ? AND run = ? AND kind = ?",
    ),
    Veiled(
        "ledger_imports",
        "SELECT key FROM ledger_imports",
        "UPDATE ledger_imports SET key = ? WHERE key = ?",
    ),
)
