"""What is kept at hand never differs from what is stored, whatever was undone in between."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.models import FaqEntry, Group, Listen, Person, Role
from bot.ports import Store
from storage import memory
from storage.connection import connect_writer
from storage.database import Database, prepare
from storage.keys import Keyring
from storage.store import SqliteStore

PERSON = Person(id="p1", channel="c", user="u", name="小林", role=Role.RESIDENT, area="a")
STEWARD = Person(id="p1", channel="c", user="u", name="小林", role=Role.STEWARD, area="a")
GROUP = Group(id="g1", channel="c", chat="g", name="一群", area="a")
QUIET = Group(id="g1", channel="c", chat="g", name="一群", area="a", listen=Listen.MENTION)
ENTRY = FaqEntry(id="F1", question="几点开门", answer="八点", source="社区")


class Oops(Exception):
    """Something goes wrong."""


def test_what_is_written_is_read(store: SqliteStore) -> None:
    for person, group in ((PERSON, GROUP), (STEWARD, QUIET)):
        store.people.save(person)
        store.people.save_group(group)
        for _ in range(2):
            assert store.people.person("c", "u") == person
            assert store.people.group("c", "g") == group


def test_what_was_undone_is_forgotten(store: SqliteStore) -> None:
    def write_and_fail() -> None:
        with store.savepoint():
            store.people.save(PERSON)
            store.people.save_group(GROUP)
            store.faq.replace([ENTRY])
            assert (store.people.person("c", "u"), store.people.group("c", "g")) == (PERSON, GROUP)
            assert store.faq.version() != 0
            raise Oops

    store.connection.execute("BEGIN IMMEDIATE")
    with pytest.raises(Oops):
        write_and_fail()

    assert store.people.person("c", "u") is None
    assert store.people.group("c", "g") is None
    assert store.faq.version() == 0


async def test_what_a_failed_write_saved_is_forgotten(database: Database) -> None:
    def fail(store: Store) -> None:
        store.people.save(PERSON)
        assert store.people.person("c", "u") == PERSON
        raise Oops

    with pytest.raises(Oops):
        await database.write(fail)
    await database.write(lambda store: store.people.save(STEWARD))

    assert await database.write(lambda store: store.people.person("c", "u")) == STEWARD
    assert await database.read(lambda store: store.people.person("c", "u")) == STEWARD


async def test_readers_see_what_was_written_since(database: Database) -> None:
    def save(store: Store, person: Person) -> None:
        store.people.save(person)

    for person in (PERSON, STEWARD):
        await database.write(save, person)
        for _ in range(3):  # more than there are readers
            assert await database.read(lambda store: store.people.person("c", "u")) == person


def test_an_error_of_the_disk_forgets(path: Path) -> None:
    def fill(store: SqliteStore) -> None:
        with store.savepoint():
            for number in range(10_000):
                store.people.save_group(
                    Group(id=str(number), channel="c", chat=str(number), name="群" * 100, area="a")
                )

    with closing(connect_writer(path)) as connection:
        prepare(path, connection)
        store = SqliteStore(connection, Keyring(b"k" * 32))
        before = connection.undone
        connection.execute("PRAGMA max_page_count=1")
        with pytest.raises(StorageError):
            fill(store)

        assert connection.undone > before


def test_it_does_not_grow_without_end(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST", 3)
    kept: memory.Memory[int, int] = memory.Memory(store.connection)
    for number in range(100):
        kept.get(number)
        kept.keep(number, number)

    assert sum(kept.get(number) is not None for number in range(100)) <= 4
