"""Who stands behind an appeal."""

from __future__ import annotations

from storage.store import SqliteStore
from tests.storage.samples import after, appeal


def test_everybody_joins_once_in_order(store: SqliteStore) -> None:
    store.appeals.add(appeal(1))
    assert store.supporters.add("a1", "c:丙", after(1))
    assert store.supporters.add("a1", "c:乙", after(2))
    assert not store.supporters.add("a1", "c:丙", after(3))
    assert list(store.supporters.of("a1")) == ["c:丙", "c:乙"]
    store.supporters.remove("a1", "c:丙")
    assert list(store.supporters.of("a1")) == ["c:乙"]
    assert list(store.supporters.of("a2")) == []
