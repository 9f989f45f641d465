"""What older versions left in the clear is closed before the file is used, however a start ends."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlite_utils import Database as UtilsDatabase

from bot.errors import StorageError
from bot.models import (
    Attachment,
    Dialog,
    Doubt,
    Event,
    GivenAnswer,
    Job,
    MediaKind,
    Note,
    OpenQuestion,
    Order,
    Outcome,
    Person,
    QuestionState,
    ReplyKind,
    Shelf,
    State,
    Trace,
    Wish,
)
from bot.models.volunteering import Service
from bot.ports import Store
from storage.closed import CLOSED
from storage.closing import AT_ONCE, close_old
from storage.connection import connect_writer
from storage.database import Database, key_of, prepare, unlock
from storage.keys import Keyring, load
from storage.migrations import migrations
from storage.store import SqliteStore
from tests.opened import ClearKeys, in_clear, opened
from tests.storage.samples import AREA, NOW, after, appeal, incoming, outgoing

SECRET = "抑郁13900001111"
KEY, WHO = "4f" * 16, "a1b2" * 6
# What an older ledger told of somebody, and what they were called after it.
NAMED = f"李大爷/{SECRET[2:]}"
HASHED = hashlib.sha256(NAMED.encode()).hexdigest()[:16]
DAYS = (NOW, after(-3600), after(100_000))

# Columns of text that stay open, and why.
OPEN = {
    "numbers, states, areas, times and other names of ours": """
        inbox.id inbox.channel inbox.kind inbox.state outbox.id outbox.channel outbox.kind
        outbox.cause outbox.once outbox.state outbox.lane traces.message traces.outcome
        traces.handler people.id people.channel people.role people.area people.unit people.serves
        chat_groups.id chat_groups.channel chat_groups.area chat_groups.listen chat_groups.state
        appeals.id appeals.number appeals.group_id appeals.area appeals.source appeals.category
        appeals.building appeals.urgency appeals.audience appeals.unit appeals.state appeals.kind
        appeals.track appeals.level appeals.parent appeals.merged_into appeals.venue
        appeals.rating appeals.verdict sequences.name events.id events.subject events.action
        events.cause dialogs.channel dialogs.topic faq.id faq.area notices.id notices.state
        notices.targets notices.tag notices.recurrence notices.corrects notices.media
        notice_runs.notice jobs.id jobs.kind jobs.cause jobs.once jobs.state media.id
        media.channel media.message media.kind media.subject media.role media.state media.mime
        media.sha256 media.reason person_aliases.channel questions.area questions.group_id
        questions.message questions.doubt questions.state questions.entry faq_answers.message
        faq_answers.channel faq_answers.area faq_answers.entry faq_marks.message faq_marks.area
        reminders.subject reminders.stage setting_rows.table_name setting_rows.name
        setting_rows.value appeal_supporters.appeal appeal_notes.id appeal_notes.appeal
        accounts.id accounts.access sessions.account sessions.area one_time_links.purpose
        services.id services.area services.day services.team
        ledger_imports.appeal ledger_imports.number ledger_imports.batch
        standing_choices.standing standing_choices.wish standing_rings.timetable
        consents.version kept_until.kind kept_until.row_id saved_views.id saved_views.account
        plans.state plans.notices notice_replies.run notice_replies.kind closing.part
        closing.reached appeal_words_stale.number
    """,
    "accounts and names: people are found and sorted by them": """
        inbox.chat inbox.sender inbox.message_id outbox.chat outbox.receiver outbox.mentions
        outbox.platform_id people.account people.name chat_groups.chat chat_groups.name
        chat_groups.names appeals.reporter appeals.handler appeals.claimant appeals.claimed_by
        events.actor dialogs.chat dialogs.account notices.author notices.approver media.chat
        media.sender person_aliases.account person_aliases.person questions.person
        questions.answerer faq_answers.chat faq_answers.account faq_marks.person
        appeal_supporters.person appeal_notes.author accounts.name accounts.person
        services.recorder standing_choices.person consents.person saved_views.name plans.author
        one_time_links.subject sign_in_failures.address
    """,
    "what everybody may read": """
        chat_groups.tags chat_groups.buildings chat_groups.places faq.question faq.answer
        faq.source faq.phrasings faq.tag faq.dated faq.valid_from faq.valid_until faq.keywords
        faq.audience notices.text notices.origin notices.variants
    """,
    "sealed or hashed already": """
        audit.actor audit.action audit.subject audit.before audit.after audit.door audit.hash
        audit_seals.side audit_seals.hash audit_seals.mac accounts.secret sessions.session_key
        sessions.token one_time_links.link_key notice_replies.who ledger_imports.key
    """,
    "what a platform gave for one answer, and how it failed": """
        inbox.reply_token outbox.reply_token outbox.error jobs.error
    """,
}


def test_every_column_of_text_is_closed_or_named_as_open(store: SqliteStore) -> None:
    tables = store.connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        " AND name NOT LIKE '!_%' ESCAPE '!' AND name NOT LIKE 'appeal!_words%' ESCAPE '!'"
        " OR name = 'appeal_words_stale' AND type = 'table'"
    ).fetchall()
    there = {
        f"{table}.{name}"
        for (table,) in tables
        for name, kind in store.connection.execute(
            "SELECT name, type FROM pragma_table_info(?)", (table,)
        )
        if kind == "TEXT"
    }
    closed = {f"{each.table}.{column}" for each in CLOSED for column in each.columns}
    named = {column for columns in OPEN.values() for column in columns.split()}
    assert closed & named == set()
    assert there - closed - named == set(), "decide whether it holds somebody's words"
    assert (closed | named) - there == set(), "no longer there"


def tell(store: SqliteStore) -> None:
    """A row with the secret in every column that is to be closed."""
    picture = Attachment(kind=MediaKind.IMAGE, ref=SECRET, name=SECRET)
    said = incoming(text=SECRET, quote=SECRET, sender_name=SECRET, attachments=(picture,))
    message = store.inbox.accept(said, NOW, "done") or ""
    trace = Trace(message=message, outcome=Outcome.ACTED, handler="x", steps=(SECRET, "二"))
    store.traces.add(trace)
    store.outbox.add(outgoing("o1", text=SECRET), NOW, due_at=None, once="")
    store.dialogs.open(
        Dialog(
            channel="c", chat="g1", user="甲", topic="t", payload={"text": SECRET},
            expires_at=after(60),
        )
    )  # fmt: skip
    made = appeal(
        1, text=SECRET, summary="二楼漏水", result=f"已回{SECRET}", answer=SECRET, id="a1"
    )
    store.appeals.add(made)
    store.appeals.add(appeal(2, text="", summary="", state=State.WITHDRAWN))
    reporter = Person(id=f"ledger:{HASHED}", channel="ledger", user=HASHED, name="李大爷")
    store.people.save(reporter)
    store.appeals.add(appeal(3, text="", summary="", reporter=reporter.id))
    store.notes.add(Note(id="", appeal="a1", at=NOW, author="c:管家", text=SECRET))
    store.events.add(
        Event(
            id="", at=NOW, actor="c:甲", subject="appeal:a1", action="登记",
            before={"text": SECRET}, after={"result": SECRET}, reason=SECRET,
        )
    )  # fmt: skip
    store.questions.save(
        OpenQuestion(
            number=1, text=SECRET, area=AREA, group="g", person="c:甲", message=message,
            doubt=Doubt.UNSURE, at=NOW, state=QuestionState.OPEN, answer=SECRET,
        )
    )  # fmt: skip
    store.questions.add_answer(
        GivenAnswer(
            message=message, channel="c", chat="g1", user="甲", area=AREA, entry="e",
            asked=SECRET, at=NOW,
        )
    )  # fmt: skip
    store.people.save(Person(id="c:甲", channel="c", user="甲", name="甲", home=SECRET))
    store.imports.add(KEY, "a1", "旧12", "T1")
    store.notice_replies.save("n1@0", WHO, ReplyKind.RECEIVED, 1, NOW)
    store.jobs.add(Job(id="j1", kind="k", payload={"x": SECRET}, due_at=NOW), NOW, "")
    store.volunteering.add(
        Service(
            id="s1", area=AREA, day=date(2026, 11, 21), what=SECRET, people=1, minutes=30,
            recorder="c:管家", at=NOW,
        )
    )  # fmt: skip


def old_file(path: Path) -> None:
    """A file of the version before, with its key, and a secret everywhere."""
    keys = load(key_of(path))
    secret = ClearKeys(b"k" * 32)
    with closing(connect_writer(path)) as connection:
        migrations.apply(UtilsDatabase(connection), stop_before="m038_closed")
        connection.execute(
            "INSERT INTO audit_seals (side, number, hash, at, mac) VALUES ('key', 0, '', 0, ?)",
            (keys.seal("key"),),
        )
        store = SqliteStore(connection, secret)
        store.audit._keys = keys
        tell(store)
        connection.execute("DELETE FROM appeal_words_stale")
    assert SECRET.encode() in path.read_bytes()


def left(path: Path) -> list[str]:
    """The files in which the secret, or a part of it, can be read."""
    return [
        part.name
        for part in path.parent.glob(path.name + "*")
        for words in (SECRET, SECRET[:2], SECRET[2:], "漏水")
        if words.encode() in part.read_bytes()
    ]


def said_in(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return told_in(connection, load(key_of(path)))


def told_in(connection: sqlite3.Connection, keys: Keyring) -> list[tuple[str, str]]:
    """Every word that is kept, and where."""
    return sorted((place, text) for place, text in opened(connection, keys) if text)


async def test_an_old_file_is_closed_and_still_found(path: Path) -> None:
    old_file(path)
    before = said_in(path)
    assert sum(SECRET in text for _, text in before) >= 18
    database = Database.open(path)
    assert left(path) == []
    wish = Wish(area=AREA, shelf=Shelf.ALL, order=Order.OLDEST, words="抑郁")
    found = await database.read(lambda store: store.lists.found(wish, DAYS, offset=0, limit=9))
    assert [(one.short, one.text) for one in found] == [(1, SECRET)]
    assert await database.read(lambda store: store.audit.verify().faults) == ()
    await database.backup(path.with_name("copy.db"))
    await database.close()
    assert left(path) == left(path.with_name("copy.db")) == []
    assert said_in(path) == before
    with closing(sqlite3.connect(path)) as connection:
        assert in_clear(connection) == []
        assert connection.execute("SELECT COUNT(*) FROM closing").fetchone() == (0,)
        assert connection.execute("SELECT COUNT(*) FROM appeal_words").fetchone() == (3,)


def guessed(path: Path) -> list[str]:
    """Hashes in the file that anybody can make."""
    octets = b"".join(part.read_bytes() for part in path.parent.glob(path.name + "*"))
    return [guess for guess in (HASHED, KEY, WHO) if guess.encode() in octets]


async def test_hashes_that_could_be_guessed_are_veiled(path: Path) -> None:
    old_file(path)
    assert guessed(path) == [HASHED, KEY, WHO]
    database = Database.open(path)

    def again(store: Store) -> tuple[str, str]:
        """The same ledger brought in once more, the same person replying once more."""
        store.notice_replies.save("n1@0", WHO, ReplyKind.RECEIVED, 1, NOW)
        (made,) = store.appeals.by_short(3, None)
        return made.reporter, "ledger:" + store.imports.account(NAMED)

    reporter, account = await database.write(again)
    assert reporter == account != f"ledger:{HASHED}"
    found = await database.read(lambda store: store.people.by_id(reporter))
    assert found is not None
    assert (found.user, found.name) == (account.removeprefix("ledger:"), "李大爷")
    counted = await database.read(lambda store: store.notice_replies.counts("n1@0"))
    assert counted == {ReplyKind.RECEIVED: (1, 1)}
    assert await database.read(lambda store: store.imports.known([KEY, "other"])) == {KEY}
    await database.close()
    assert guessed(path) == []


async def test_a_new_file_has_nothing_to_close(path: Path) -> None:
    await Database.open(path).close()
    with closing(connect_writer(path)) as connection:
        assert close_old(connection, load(key_of(path))) == 0


async def test_many_rows_are_closed_in_stretches(path: Path) -> None:
    old_file(path)
    with closing(connect_writer(path)) as connection:
        store = SqliteStore(connection, ClearKeys(b"k" * 32))
        connection.execute("BEGIN")
        for number in range(AT_ONCE + 7):
            store.outbox.add(outgoing(f"p{number}", text=SECRET), NOW, due_at=None, once="")
        connection.execute("COMMIT")
    await Database.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        assert in_clear(connection) == []
    assert left(path) == []


async def test_without_its_key_an_old_file_stays_as_it_is(path: Path) -> None:
    old_file(path)
    key_of(path).unlink()
    with pytest.raises(StorageError, match="找不到密钥文件"):
        Database.open(path)
    with closing(sqlite3.connect(path)) as connection:
        assert in_clear(connection) != []


@pytest.mark.slow
def test_a_kill_at_any_statement_is_gone_on_from(path: Path, tmp_path: Path) -> None:
    """The files as they lie at each statement of the closing are what a SIGKILL would leave."""
    old_file(path)
    expected = said_in(path)
    moments: list[Path] = []

    def look(statement: str) -> None:
        moment = tmp_path / f"moment-{len(moments)}"
        moment.mkdir()
        for part in tmp_path.glob("haitang.*"):
            shutil.copy(part, moment / part.name)
        moments.append(moment / path.name)

    with closing(connect_writer(path)) as connection:
        prepare(path, connection)
        keys = unlock(connection, key_of(path))
        connection.set_trace_callback(look)
        close_old(connection, keys)
        connection.set_trace_callback(None)
    assert len(moments) > 60
    for moment in moments:
        goes_on(moment, keys, expected)


def goes_on(path: Path, keys: Keyring, expected: list[tuple[str, str]]) -> None:
    with closing(connect_writer(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")  # for the test's own speed
        assert told_in(connection, keys) == expected  # readable at every moment
        close_old(connection, keys)
        assert in_clear(connection) == []
        wish = Wish(area=AREA, shelf=Shelf.ALL, words="抑郁")
        store = SqliteStore(connection, keys)
        assert len(store.lists.found(wish, DAYS, offset=0, limit=9)) == 1
        assert connection.execute("SELECT COUNT(*) FROM appeal_words_stale").fetchone() == (0,)
        assert store.imports.known([KEY]) == {KEY}
        assert store.notice_replies.counts("n1@0") == {ReplyKind.RECEIVED: (1, 1)}
    assert left(path) == []
