"""The chain of what was done: every alteration is found, and the oldest lines may go."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.models import Door, Entry, Event, Person, Role
from storage import keys
from storage.audit import CLEAR, SqliteAudit, chain
from storage.keys import Keyring
from storage.store import SqliteStore
from tests.storage.samples import NOW, after

LINES = 12


def entry(number: int, **changes: object) -> Entry:
    fields = {
        "at": after(number),
        "actor": "c:管家",
        "action": "受理",
        "subject": f"appeal:a{number % 3}",
        "before": {"state": "待受理", "summary": "张三家漏水"},
        "after": {"state": "办理中"},
    }
    return Entry(**{**fields, **changes})  # type: ignore[arg-type]


@pytest.fixture
def chained(store: SqliteStore) -> SqliteStore:
    """A store with a dozen lines."""
    for number in range(LINES):
        store.audit.add(entry(number))
    return store


def test_an_untouched_chain_is_sound(chained: SqliteStore) -> None:
    verdict = chained.audit.verify()
    assert (verdict.lines, verdict.first, verdict.last, verdict.faults) == (LINES, 1, LINES, ())


def test_an_empty_chain_is_sound(store: SqliteStore) -> None:
    assert store.audit.verify().faults == ()


COLUMNS = ("at", "actor", "action", "subject", "before", "after", "door", "hash", "number")


def alter(store: SqliteStore, column: str, number: int, value: object) -> None:
    """As somebody with the file alone would."""
    statement = f"UPDATE audit SET {column} = ? WHERE number = ?"  # noqa: S608 - names of ours
    store.connection.execute(statement, (value, number))


def test_every_altered_and_every_missing_line_is_found(chained: SqliteStore) -> None:
    for number in range(1, LINES + 1):
        for column in ("", *COLUMNS):
            chained.connection.execute("BEGIN IMMEDIATE")
            if column:
                alter(chained, column, number, 10**15 if column in {"at", "number"} else "cli")
            else:
                chained.connection.execute("DELETE FROM audit WHERE number = ?", (number,))
            assert chained.audit.verify().faults, (number, column)
            chained.connection.execute("ROLLBACK")
    assert chained.audit.verify().faults == ()


def rehash(store: SqliteStore, start: int) -> None:
    """What somebody would do who knows how the chain is made but has no key."""
    rows = store.connection.execute(
        "SELECT number, at, actor, action, subject, before, after, door FROM audit"
        " WHERE number >= ? ORDER BY number",
        (start,),
    ).fetchall()
    before = store.connection.execute(
        "SELECT hash FROM audit WHERE number = ?", (start - 1,)
    ).fetchone()
    previous = before[0] if before else "0" * 64
    for row in rows:
        previous = chain(previous, row)
        store.connection.execute("UPDATE audit SET hash = ? WHERE number = ?", (previous, row[0]))
    store.connection.execute(
        "UPDATE audit_seals SET hash = ?, number = (SELECT MAX(number) FROM audit)"
        " WHERE side = 'head'",
        (previous,),
    )


def test_a_whole_chain_made_anew_without_the_key_is_found(chained: SqliteStore) -> None:
    for forge in (
        "UPDATE audit SET actor = 'c:别人' WHERE number = 5",
        "DELETE FROM audit WHERE number > 9",
    ):
        chained.connection.execute("BEGIN IMMEDIATE")
        chained.connection.execute(forge)
        rehash(chained, 2)
        assert any("印记" in fault for fault in chained.audit.verify().faults), forge
        chained.connection.execute("ROLLBACK")


def test_the_oldest_lines_go_and_the_chain_holds(chained: SqliteStore) -> None:
    assert chained.audit.trim(after(4), after(100), 1000) == 4
    verdict = chained.audit.verify()
    assert (verdict.lines, verdict.first, verdict.faults) == (LINES - 4, 5, ())
    assert chained.audit.oldest() == after(4)
    chained.audit.add(entry(50))
    assert chained.audit.verify().faults == ()


def test_old_lines_that_somebody_else_deleted_are_missed(chained: SqliteStore) -> None:
    chained.connection.execute("DELETE FROM audit WHERE number <= 4")
    assert chained.audit.verify().faults


def test_trimming_is_bounded_and_may_take_all(chained: SqliteStore) -> None:
    assert chained.audit.trim(after(1000), after(1001), 5) == 5
    assert chained.audit.trim(after(1000), after(1001), 1000) == LINES - 5
    assert chained.audit.verify().faults == ()
    chained.audit.add(entry(2000))
    assert [line.number for line in chained.audit.lines()] == [LINES + 1]
    assert chained.audit.verify().faults == ()


def test_lines_are_kept_behind_one_that_a_wrong_clock_dated_late(store: SqliteStore) -> None:
    store.audit.add(entry(0, at=after(10_000)))
    store.audit.add(entry(1))
    assert store.audit.trim(after(5000), after(5001), 10) == 0


def test_another_key_is_found(chained: SqliteStore) -> None:
    other = SqliteAudit(chained.connection, Keyring(b"x" * 32))
    assert other.verify().faults


def test_words_are_kept_by_their_length_alone(chained: SqliteStore) -> None:
    (line,) = chained.audit.lines(limit=1)
    assert line.before == '{"state": "待受理", "summary": "〔5字〕"}'
    assert not {"summary", "text", "place", "reason", "name", "why", "answer"} & CLEAR


def test_residents_stand_under_a_name_that_only_the_key_can_tell(store: SqliteStore) -> None:
    for user, role in (("甲", Role.RESIDENT), ("乙", Role.STEWARD)):
        store.people.save(Person(id=f"c:{user}", channel="c", user=user, name=user, role=role))
    store.audit.add(entry(1, actor="c:甲"))
    store.audit.add(entry(2, actor="c:乙", subject="person:c:甲"))
    second, first = store.audit.lines()
    assert first.actor == store.audit.alias("c:甲") != "c:甲"
    assert (second.actor, second.subject) == ("c:乙", f"person:{store.audit.alias('c:甲')}")
    assert store.audit.lines(actor=store.audit.alias("c:甲")) == [first]


def test_every_line_of_history_is_chained_with_it(store: SqliteStore) -> None:
    store.events.add(
        Event(id="", at=NOW, actor="", subject="appeal:a1", action="报警", after={"appeal": "a1"})
    )
    (line,) = store.audit.lines()
    assert (line.action, line.subject, line.door) == ("报警", "appeal:a1", Door.CLOCK)


def test_a_line_stands_or_falls_with_its_transaction(store: SqliteStore) -> None:
    store.connection.execute("BEGIN IMMEDIATE")
    with suppress(LookupError), store.savepoint():
        store.audit.add(entry(1))
        raise LookupError
    store.audit.add(entry(2))
    store.connection.execute("COMMIT")
    assert [line.number for line in store.audit.lines()] == [1]
    assert store.audit.verify().faults == ()


def test_any_of_many_random_alterations_is_found(chained: SqliteStore) -> None:
    rng = random.Random(20261125)
    rows = chained.connection.execute("SELECT * FROM audit").fetchall()
    for _ in range(200):
        number, column = rng.randint(1, LINES), rng.randrange(2, 9)
        old = rows[number - 1][column]
        place = rng.randrange(len(old) + 1)
        new = old[:place] + rng.choice("甲0a✓") + old[place + 1 :]
        if new == old:
            continue
        name = COLUMNS[column - 1]
        alter(chained, name, number, new)
        assert chained.audit.verify().faults, (number, name, new)
        alter(chained, name, number, old)
    assert chained.audit.verify().faults == ()


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "haitang.key"
    made = keys.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert keys.load(path).alias("c:甲") == made.alias("c:甲")
    assert Keyring(b"k" * 32).alias("c:甲") != made.alias("c:甲")


@pytest.mark.parametrize("content", [b"", b"not base64 \xff", b"c2hvcnQ=\n"])
def test_a_broken_key_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "haitang.key"
    path.write_bytes(content)
    with pytest.raises(StorageError, match="密钥文件"):
        keys.load(path)


def test_ages_are_days(store: SqliteStore) -> None:
    for day in range(0, 500, 10):
        store.audit.add(entry(0, at=NOW + timedelta(days=day)))
    now = NOW + timedelta(days=490)
    store.audit.trim(now - timedelta(days=400), now, 1000)
    assert store.audit.oldest() == NOW + timedelta(days=90)
    assert store.audit.verify().faults == ()
