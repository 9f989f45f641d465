"""Planned words for groups, and the one run of each."""

from __future__ import annotations

import sqlite3

import pytest

from bot.models import NoticeState
from storage.store import SqliteStore
from tests.storage.samples import NOW, after, notice


def test_a_notice_comes_back_as_it_was_and_as_it_was_changed(store: SqliteStore) -> None:
    store.notices.save(notice())
    assert store.notices.get("n1") == notice()
    changed = notice(text="后天停水", planned_at=after(99), state=NoticeState.CANCELLED)
    store.notices.save(changed)
    assert store.notices.get("n1") == changed
    assert store.notices.get("n2") is None


def test_what_is_planned_is_due_at_its_time_earliest_first(store: SqliteStore) -> None:
    store.notices.save(notice(1, planned_at=after(60)))
    store.notices.save(notice(2, planned_at=after(30)))
    store.notices.save(notice(3, planned_at=after(10), state=NoticeState.DRAFT))
    store.notices.save(notice(4, planned_at=after(90)))
    assert store.notices.next_due() == after(30)
    assert store.notices.due(after(29.999)) == []
    assert [n.id for n in store.notices.due(after(60))] == ["n2", "n1"]
    planned = store.notices.by_state(NoticeState.PLANNED, 2)
    assert [n.id for n in planned] == ["n2", "n1"]


def test_nothing_planned_is_never_due(store: SqliteStore) -> None:
    store.notices.save(notice(state=NoticeState.SENT))
    assert store.notices.next_due() is None
    assert store.notices.due(after(1e6)) == []


def test_a_run_starts_once_for_each_planned_time(store: SqliteStore) -> None:
    store.notices.save(notice(1))
    store.notices.save(notice(2))
    assert store.notices.start_run("n1", after(60), NOW)
    assert not store.notices.start_run("n1", after(60), after(1))
    assert store.notices.start_run("n1", after(61), NOW)
    assert store.notices.start_run("n2", after(60), NOW)


def test_an_unknown_notice_cannot_run(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.notices.start_run("n9", NOW, NOW)
