"""Taking persons out of the data: every table that holds words or accounts is named here.

Rows stay where numbers and references need them; what stood in them is overwritten. The writing
connection runs with `secure_delete`, so the bytes go from the file as well, and from the
write-ahead log with the next checkpoint.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.models import GONE, Appeal, Erased, Holdings, Person
from bot.models.people import LEDGER
from storage import erasure_sql as sql
from storage.appeal_rows import SELECT, appeal_of
from storage.appeal_words import AppealWords
from storage.audit import CLEAR
from storage.codec import maybe_at, to_ms
from storage.events import closed, opened
from storage.keys import Keyring
from storage.memory import Memory
from storage.people import SqlitePeople
from storage.savepoints import LazyConnection


class SqliteErasure:
    """Implements `bot.ports.Erasure`."""

    def __init__(self, connection: LazyConnection, people: SqlitePeople, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._people = people
        self._words = AppealWords(connection, keys)
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
            count, first = self._one(sql.MESSAGES_OF, *account)
            messages += count
            since = min((at for at in (since, first) if at is not None), default=None)
            pictures += self._one(sql.PICTURES_OF, *account)[0]
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
            rows["traces"] += self._count(sql.EMPTY_TRACES, *account)
            gone += self._pictures_by(*account)
            rows["dialogs"] += self._count(
                "DELETE FROM dialogs WHERE channel = ? AND account = ?", *account
            )
            rows["questions"] += self._count(
                "UPDATE faq_answers SET account = ?, asked = '' WHERE channel = ? AND account = ?",
                nobody, *account,
            )  # fmt: skip
            rows["inbox"] += self._count(sql.EMPTY_MESSAGES, nobody, *account, cause)
        rows["questions"] += self._count(
            "UPDATE questions SET text = '', person = ? WHERE person = ?", GONE, person.id
        )
        self._count("UPDATE faq_marks SET person = ? WHERE person = ?", nobody, person.id)
        self._count("UPDATE appeal_supporters SET person = ? WHERE person = ?", nobody, person.id)
        rows["events"] += self._count(
            "UPDATE events SET actor = ?, reason = '' WHERE actor = ?", GONE, person.id
        )
        for table in sql.PERSONAL:
            self._count(table, person.id)
        self._people.forget(person)
        rows["people"] += 1
        return Erased(rows=dict(rows), sha256=tuple(gone))

    def appeal(self, appeal: str, summary: str) -> Erased:
        subject = f"appeal:{appeal}"
        reporter = self._one("SELECT reporter FROM appeals WHERE id = ?", appeal)[0]
        self._count(
            "UPDATE appeals SET reporter = ?, text = '', room = '', summary = ? WHERE id = ?",
            GONE, self._keys.close(summary, f"appeals.summary {appeal}"), appeal,
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
                GONE if actor == reporter else actor, self._without_words(before, "before", event),
                self._without_words(after, "after", event), event,
            )  # fmt: skip
        self._count(sql.EMPTY_SAID_OF, subject)
        self._count(sql.EMPTY_CAUSES, subject)
        notes = self._count("UPDATE appeal_notes SET text = '' WHERE appeal = ?", appeal)
        for (person,) in self._execute(
            "SELECT person FROM appeal_supporters WHERE appeal = ?", (appeal,)
        ).fetchall():
            self._count(
                "UPDATE appeal_supporters SET person = ? WHERE appeal = ? AND person = ?",
                f"{GONE}-{secrets.token_hex(4)}", appeal, person,
            )  # fmt: skip
        self._forget_of_old(reporter)
        self._words.sweep()
        gone = self._pictures_of(subject)
        return Erased(rows={"events": len(events), "notes": notes}, sha256=tuple(gone))

    def _forget_of_old(self, reporter: str) -> None:
        """Somebody whom only an older ledger named goes with the last of their matters."""
        person = self._people.by_id(reporter)
        if person is not None and person.channel == LEDGER:
            (left,) = self._one("SELECT COUNT(*) FROM appeals WHERE reporter = ?", reporter)
            if not left:
                self._people.forget(person)

    def last_words(self, message: str) -> None:
        row = self._execute("SELECT channel, sender FROM inbox WHERE id = ?", (message,)).fetchone()
        if row is not None and not row[1].startswith(GONE):
            self._spoken(*row)
            self._count(sql.EMPTY_MESSAGE, f"{GONE}-{secrets.token_hex(4)}", message)
            self._count("UPDATE traces SET steps = '' WHERE message = ?", message)
        self._words.forget()

    def mentions(self, name: str, numbers: Sequence[str], after: str, limit: int) -> str:
        said = self._execute(
            "SELECT id, text FROM outbox WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
        ).fetchall()
        last = said[-1][0] if len(said) == limit else ""
        for row, kept in said:
            text = self._keys.open(kept, f"outbox.text {row}")
            if any(number in text for number in numbers):
                self._count(sql.EMPTY_SAID_IN_PRIVATE, row)
            else:
                self._unname(sql.SAID, row, kept, name)
        # Ids of all tables are made in one order: the same stretch of what others said.
        heard = self._execute(
            "SELECT id, text FROM inbox WHERE id > ? AND (? = '' OR id <= ?) AND text <> ''",
            (after, last, last),
        ).fetchall()
        for row, kept in heard:
            self._unname(sql.HEARD, row, kept, name)
        if not after:
            self._in_notes(name)
            self._in_results(name)
        return last

    def forget_words(self) -> None:
        self._words.forget()

    def _in_notes(self, name: str) -> None:
        notes = self._execute("SELECT id, text FROM appeal_notes WHERE text <> ''").fetchall()
        for row, kept in notes:
            self._unname(sql.NOTED, row, kept, name)

    def _in_results(self, name: str) -> None:
        """The index names those that may hold the name, but for what it does not hold itself."""
        self._words.sweep()
        asked = self._words.asked(name)
        rows = self._execute(*((sql.RESULTS_WITH, (asked.match,)) if asked else (sql.RESULTS,)))
        for row, kept in rows.fetchall():
            self._unname(sql.RESULT, row, kept, name)

    def _unname(self, words: sql.Words, row: str, kept: str, name: str) -> None:
        """Take a name out of the words of a row, if it is in them."""
        place = f"{words.column} {row}"
        text = self._keys.open(kept, place)
        if name in text:
            self._count(words.update, self._keys.close(text.replace(name, sql.NOBODY), place), row)

    def _without_words(self, kept: str, column: str, event: str) -> str:
        """Of a line of history only what is nobody's words."""
        place = f"events.{column} {event}"
        fields = opened(self._keys, kept, place)
        return closed(self._keys, {k: v for k, v in fields.items() if k in CLEAR}, place)

    def chatter(self, before: datetime, limit: int) -> int:
        found = self._older("chatter", before, limit)
        for message in found:
            self._count(sql.EMPTY_CHATTER, message, message)
        return len(found)

    def messages(self, before: datetime, limit: int) -> int:
        found = self._older("inbox", before, limit)
        for message in found:
            self._count("DELETE FROM inbox WHERE id = ?", message)  # its trace goes with it
        said = self._older("outbox", before, limit)
        for row in said:
            self._count(sql.EMPTY_SAID, row)
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
        return [appeal_of(row, self._keys) for row in rows]

    def first_closed(self) -> datetime | None:
        return maybe_at(
            self._one(
                "SELECT MIN(closed_at) FROM appeals"
                " WHERE closed_at IS NOT NULL AND reporter <> 'erased'"
            )[0]
        )

    def _spoken(self, channel: str, user: str) -> int:
        """What was said to somebody, and because of what they said."""
        told = self._count(sql.EMPTY_TOLD, channel, user)
        return told + self._count(sql.EMPTY_SAID_TO, channel, user)

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
        rows = self._execute(sql.NEXT[kind], (self._reached(kind), limit)).fetchall()
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
