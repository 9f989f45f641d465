"""Taking persons out of the data: every table that holds words or accounts is named here.

Rows stay where numbers and references need them; what stood in them is overwritten. The writing
connection runs with `secure_delete`, so the bytes go from the file as well, and from the
write-ahead log with the next checkpoint.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.models import GONE, Appeal, Erased, Holdings, Person
from storage.appeal_rows import SELECT, appeal_of
from storage.appeal_words import AppealWords
from storage.audit import CLEAR
from storage.codec import maybe_at, to_ms
from storage.memory import Memory
from storage.people import SqlitePeople
from storage.savepoints import LazyConnection

# Written out one by one: each table that holds words or accounts has its line here.
_MESSAGES_OF = (
    "SELECT COUNT(*), MIN(received_at) FROM inbox WHERE channel = ? AND sender = ? AND text <> ''"
)
_PICTURES_OF = "SELECT COUNT(*) FROM media WHERE channel = ? AND sender = ? AND state = 'stored'"
_EMPTY_TRACES = (
    "UPDATE traces SET steps = '' WHERE message IN"
    " (SELECT id FROM inbox WHERE channel = ? AND sender = ?)"
)
_EMPTY_MESSAGES = (
    "UPDATE inbox SET sender = ?, text = '', sender_name = '', quote = '', attachments = '',"
    " reply_token = '' WHERE channel = ? AND sender = ? AND id <> ?"
)
_EMPTY_MESSAGE = (
    "UPDATE inbox SET sender = ?, text = '', sender_name = '', quote = '', attachments = '',"
    " reply_token = '' WHERE id = ?"
)
_EMPTY_CHATTER = (
    "UPDATE inbox SET text = '', sender_name = '', quote = '', attachments = '', reply_token = ''"
    " WHERE id = ? AND EXISTS (SELECT 1 FROM traces WHERE message = ? AND outcome = 'silent')"
)
_EMPTY_TOLD = (
    "UPDATE outbox SET receiver = '', text = '', mentions = '', rich = '', reply_token = '',"
    " once = NULL WHERE channel = ? AND chat = '' AND receiver = ?"
    " AND state IN ('sent', 'failed', 'uncertain')"
)
_EMPTY_SAID_TO = (
    "UPDATE outbox SET text = '', mentions = '', rich = '', reply_token = '', once = NULL"
    " WHERE state IN ('sent', 'failed', 'uncertain') AND cause IN"
    " (SELECT id FROM inbox WHERE channel = ? AND sender = ?)"
)
_EMPTY_SAID_OF = (
    "UPDATE outbox SET text = '', mentions = '', rich = '', reply_token = '', once = NULL"
    " WHERE state IN ('sent', 'failed', 'uncertain') AND cause IN"
    " (SELECT cause FROM events WHERE subject = ? AND cause <> '')"
)
_EMPTY_SAID = (
    "UPDATE outbox SET receiver = '', text = '', mentions = '', rich = '', reply_token = '',"
    " once = NULL WHERE id = ? AND state IN ('sent', 'failed', 'uncertain')"
)
_EMPTY_SAID_IN_PRIVATE = (
    "UPDATE outbox SET text = '', mentions = '', rich = '' WHERE id = ? AND chat = ''"
    " AND state IN ('sent', 'failed', 'uncertain')"
)
_EMPTY_CAUSES = (
    "UPDATE inbox SET text = '', quote = '' WHERE id IN"
    " (SELECT cause FROM events WHERE subject = ? AND cause <> '')"
)
NOBODY = "某某"
_NAMES_IN = {
    "appeal_notes": "UPDATE appeal_notes SET text = replace(text, ?, ?) WHERE instr(text, ?) > 0",
    "appeals": "UPDATE appeals SET result = replace(result, ?, ?) WHERE instr(result, ?) > 0",
}
_PERSONAL = (
    "DELETE FROM consents WHERE person = ?",
    "DELETE FROM accounts WHERE person = ?",
    "DELETE FROM one_time_links WHERE subject = ?",
    "DELETE FROM standing_choices WHERE person = ?",
)
_NEXT = {
    "inbox": "SELECT id, received_at FROM inbox WHERE id > ? ORDER BY id LIMIT ?",
    "chatter": "SELECT id, received_at FROM inbox WHERE id > ? ORDER BY id LIMIT ?",
    "outbox": "SELECT id, created_at FROM outbox WHERE id > ? ORDER BY id LIMIT ?",
}


class SqliteErasure:
    """Implements `bot.ports.Erasure`."""

    def __init__(self, connection: LazyConnection, people: SqlitePeople) -> None:
        self._execute = connection.execute
        self._people = people
        self._words = AppealWords(connection)
        self._told: Memory[tuple[str, str], bool] = Memory(connection)

    def told(self, person: str, at: datetime, version: str) -> bool:
        if self._told.get((person, version)):
            return False
        added = self._execute(
            "INSERT INTO consents (person, version, at) VALUES (?,?,?)"
            " ON CONFLICT (person, version) DO NOTHING",
            (person, version, to_ms(at)),
        )
        self._told.keep((person, version), True)
        return added.rowcount == 1

    def holdings(self, person: Person) -> Holdings:
        messages, since, pictures = 0, None, 0
        for account in self._accounts(person):
            count, first = self._one(_MESSAGES_OF, *account)
            messages += count
            since = min((at for at in (since, first) if at is not None), default=None)
            pictures += self._one(_PICTURES_OF, *account)[0]
        appeals, open_ones = self._one(
            "SELECT COUNT(*), COALESCE(SUM(closed_at IS NULL), 0) FROM appeals WHERE reporter = ?",
            person.id,
        )
        return Holdings(
            messages=messages,
            since=maybe_at(since),
            appeals=appeals,
            open_appeals=open_ones,
            pictures=pictures,
        )

    def person(self, person: Person, cause: str) -> Erased:
        rows: Counter[str] = Counter()
        gone: list[str] = []
        nobody = f"{GONE}-{secrets.token_hex(4)}"
        for channel, user in self._accounts(person):
            account = (channel, user)
            rows["outbox"] += self._spoken(channel, user)
            rows["traces"] += self._count(_EMPTY_TRACES, *account)
            gone += self._pictures_by(*account)
            rows["dialogs"] += self._count(
                "DELETE FROM dialogs WHERE channel = ? AND account = ?", *account
            )
            rows["questions"] += self._count(
                "UPDATE faq_answers SET account = ?, asked = '' WHERE channel = ? AND account = ?",
                nobody, *account,
            )  # fmt: skip
            rows["inbox"] += self._count(_EMPTY_MESSAGES, nobody, *account, cause)
        rows["questions"] += self._count(
            "UPDATE questions SET text = '', person = ? WHERE person = ?", GONE, person.id
        )
        self._count("UPDATE faq_marks SET person = ? WHERE person = ?", nobody, person.id)
        self._count("UPDATE appeal_supporters SET person = ? WHERE person = ?", nobody, person.id)
        rows["events"] += self._count(
            "UPDATE events SET actor = ?, reason = '' WHERE actor = ?", GONE, person.id
        )
        for table in _PERSONAL:
            self._count(table, person.id)
        self._people.forget(person)
        rows["people"] += 1
        return Erased(rows=dict(rows), sha256=tuple(gone))

    def appeal(self, appeal: str, summary: str) -> Erased:
        subject = f"appeal:{appeal}"
        reporter = self._one("SELECT reporter FROM appeals WHERE id = ?", appeal)[0]
        self._count(
            "UPDATE appeals SET reporter = ?, text = '', room = '', summary = ? WHERE id = ?",
            GONE, summary, appeal,
        )  # fmt: skip
        self._count(
            "UPDATE appeals SET result = '', answer = '', unit_no = '' WHERE id = ?"
            " AND closed_at IS NOT NULL",
            appeal,
        )
        events = self._execute(
            "SELECT id, actor, before, after FROM events WHERE subject = ?", (subject,)
        ).fetchall()
        for event, actor, before, after in events:
            self._count(
                "UPDATE events SET actor = ?, before = ?, after = ?, reason = '' WHERE id = ?",
                GONE if actor == reporter else actor, _clear(before), _clear(after), event,
            )  # fmt: skip
        self._count(_EMPTY_SAID_OF, subject)
        self._count(_EMPTY_CAUSES, subject)
        notes = self._count("UPDATE appeal_notes SET text = '' WHERE appeal = ?", appeal)
        for (person,) in self._execute(
            "SELECT person FROM appeal_supporters WHERE appeal = ?", (appeal,)
        ).fetchall():
            self._count(
                "UPDATE appeal_supporters SET person = ? WHERE appeal = ? AND person = ?",
                f"{GONE}-{secrets.token_hex(4)}", appeal, person,
            )  # fmt: skip
        self._words.sweep()
        gone = self._pictures_of(subject)
        return Erased(rows={"events": len(events), "notes": notes}, sha256=tuple(gone))

    def last_words(self, message: str) -> None:
        row = self._execute("SELECT channel, sender FROM inbox WHERE id = ?", (message,)).fetchone()
        if row is not None and not row[1].startswith(GONE):
            self._spoken(*row)
            self._count(_EMPTY_MESSAGE, f"{GONE}-{secrets.token_hex(4)}", message)
            self._count("UPDATE traces SET steps = '' WHERE message = ?", message)
        self._words.forget()

    def mentions(self, name: str, numbers: Sequence[str], after: str, limit: int) -> str:
        said = self._execute(
            "SELECT id, text FROM outbox WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
        ).fetchall()
        last = said[-1][0] if len(said) == limit else ""
        for row, text in said:
            if any(number in text for number in numbers):
                self._count(_EMPTY_SAID_IN_PRIVATE, row)
            elif name in text:
                self._count(
                    "UPDATE outbox SET text = ? WHERE id = ?", text.replace(name, NOBODY), row
                )
        # Ids of all tables are made in one order: the same stretch of what others said.
        heard = self._execute(
            "SELECT id, text, sender_name FROM inbox WHERE id > ? AND (? = '' OR id <= ?)"
            " AND (instr(text, ?) > 0 OR instr(sender_name, ?) > 0)",
            (after, last, last, name, name),
        ).fetchall()
        for row, text, sender in heard:
            self._count(
                "UPDATE inbox SET text = ?, sender_name = ? WHERE id = ?",
                text.replace(name, NOBODY), sender.replace(name, NOBODY), row,
            )  # fmt: skip
        if not after:
            self._in_notes(name)
        return last

    def _in_notes(self, name: str) -> None:
        for table in ("appeal_notes", "appeals"):
            self._count(_NAMES_IN[table], name, NOBODY, name)

    def chatter(self, before: datetime, limit: int) -> int:
        found = self._older("chatter", before, limit)
        for message in found:
            self._count(_EMPTY_CHATTER, message, message)
        return len(found)

    def messages(self, before: datetime, limit: int) -> int:
        found = self._older("inbox", before, limit)
        for message in found:
            self._count("DELETE FROM inbox WHERE id = ?", message)  # its trace goes with it
        said = self._older("outbox", before, limit)
        for row in said:
            self._count(_EMPTY_SAID, row)
        asked = self._execute(
            "SELECT message FROM faq_answers WHERE at < ? AND asked <> '' LIMIT ?",
            (to_ms(before), limit),
        ).fetchall()
        for (message,) in asked:
            self._count(
                "UPDATE faq_answers SET account = ?, asked = '' WHERE message = ?", GONE, message
            )
        return len(found) + len(said) + len(asked)

    def first_message(self, *, chatter: bool) -> datetime | None:
        row = self._execute(
            "SELECT received_at FROM inbox WHERE id > ? ORDER BY id LIMIT 1",
            (self._reached("chatter" if chatter else "inbox"),),
        ).fetchone()
        return None if row is None else maybe_at(row[0])

    def closed_before(self, at: datetime, limit: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE closed_at IS NOT NULL AND closed_at < ? AND reporter <> 'erased'"
            " ORDER BY closed_at LIMIT ?",
            (to_ms(at), limit),
        )
        return [appeal_of(row) for row in rows]

    def first_closed(self) -> datetime | None:
        return maybe_at(
            self._one(
                "SELECT MIN(closed_at) FROM appeals"
                " WHERE closed_at IS NOT NULL AND reporter <> 'erased'"
            )[0]
        )

    def _spoken(self, channel: str, user: str) -> int:
        """What was said to somebody, and because of what they said."""
        told = self._count(_EMPTY_TOLD, channel, user)
        return told + self._count(_EMPTY_SAID_TO, channel, user)

    def _pictures_by(self, channel: str, user: str) -> list[str]:
        """Forget what somebody sent; the names of the bytes."""
        found = self._execute(
            "SELECT id, sha256 FROM media WHERE channel = ? AND sender = ?", (channel, user)
        ).fetchall()
        return self._forget_pictures(found)

    def _pictures_of(self, subject: str) -> list[str]:
        """Forget what belongs to an appeal; the names of the bytes."""
        found = self._execute(
            "SELECT id, sha256 FROM media WHERE subject = ?", (subject,)
        ).fetchall()
        return self._forget_pictures(found)

    def _forget_pictures(self, found: Sequence[tuple[str, str]]) -> list[str]:
        for media, _ in found:
            self._count(
                "UPDATE media SET state = 'erased', sha256 = '', name = '', sender = ''"
                " WHERE id = ?",
                media,
            )
        return [name for _, name in found if name]

    def _accounts(self, person: Person) -> list[tuple[str, str]]:
        return [(person.channel, person.user), *self._people.accounts(person.id)]

    def _older(self, kind: str, before: datetime, limit: int) -> list[str]:
        """The next rows behind those that were looked at, in the order in which they came."""
        rows = self._execute(_NEXT[kind], (self._reached(kind), limit)).fetchall()
        found: list[str] = []
        for row, at in rows:
            if at >= to_ms(before):
                break
            found.append(row)
        if found:
            self._count(
                "INSERT INTO kept_until (kind, row_id) VALUES (?,?) ON CONFLICT (kind) DO UPDATE"
                " SET row_id = excluded.row_id",
                kind, found[-1],
            )  # fmt: skip
        return found

    def _reached(self, kind: str) -> str:
        row = self._execute("SELECT row_id FROM kept_until WHERE kind = ?", (kind,)).fetchone()
        return "" if row is None else str(row[0])

    def _count(self, sql: str, *values: Any) -> int:
        return self._execute(sql, values).rowcount

    def _one(self, sql: str, *values: Any) -> Any:
        return self._execute(sql, values).fetchone()


def _clear(text: str) -> str:
    """Of a line of history only what is nobody's words."""
    fields = json.loads(text)
    return json.dumps({k: v for k, v in fields.items() if k in CLEAR}, ensure_ascii=False)
