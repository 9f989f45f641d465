"""Internal remarks."""

from __future__ import annotations

from bot.models import Note
from storage.store import SqliteStore
from tests.storage.samples import NOW, after, appeal


def test_a_remark_is_read_until_it_is_taken_back(store: SqliteStore) -> None:
    store.appeals.add(appeal(1))
    first = store.notes.add(Note(id="", appeal="a1", at=NOW, author="c:管家", text="已打电话"))
    store.notes.add(Note(id="", appeal="a1", at=after(1), author="c:管家", text="没人接"))
    assert [note.text for note in store.notes.of("a1")] == ["已打电话", "没人接"]
    store.notes.withdraw(first, after(2))
    assert [note.text for note in store.notes.of("a1")] == ["没人接"]
    assert list(store.notes.of("a2")) == []
