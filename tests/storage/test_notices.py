"""Planned words for groups, and the one run of each."""

from __future__ import annotations

import sqlite3
from datetime import time
from typing import Any

import msgspec
import pytest

from bot.models import Beat, NoticeState, Origin, Recurrence, Role, Run, Targets
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
    assert store.notices.due(after(29.999), 9) == []
    assert [n.id for n in store.notices.due(after(60), 9)] == ["n2", "n1"]
    planned = store.notices.by_state(NoticeState.PLANNED, 2)
    assert [n.id for n in planned] == ["n2", "n1"]


def test_nothing_planned_is_never_due(store: SqliteStore) -> None:
    store.notices.save(notice(state=NoticeState.SENT))
    assert store.notices.next_due() is None
    assert store.notices.due(after(1e6), 9) == []


def run(name: str = "n1", **changes: Any) -> Run:
    """A run that is looked at after a minute."""
    made = Run(notice=name, planned_at=after(60), started_at=NOW, receivers=2, look_at=after(120))
    return msgspec.structs.replace(made, **changes)


def test_a_run_starts_once_for_each_planned_time(store: SqliteStore) -> None:
    store.notices.save(notice(1))
    store.notices.save(notice(2))
    assert store.notices.start_run(run())
    assert not store.notices.start_run(run(started_at=after(1)))
    assert store.notices.start_run(run(planned_at=after(61)))
    assert store.notices.start_run(run("n2"))
    assert [found.planned_at for found in store.notices.runs("n1")] == [after(61), after(60)]


def test_a_run_is_looked_at_until_its_end_was_told(store: SqliteStore) -> None:
    store.notices.save(notice(1))
    store.notices.start_run(run())
    assert store.notices.next_look() == after(120)
    assert store.notices.runs_to_look_at(after(119), 9) == []
    assert store.notices.runs_to_look_at(after(120), 9) == [run()]
    store.notices.save_run(run(look_at=None))
    assert store.notices.next_look() is None
    assert store.notices.runs("n1") == [run(look_at=None)]


def test_an_unknown_notice_cannot_run(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.notices.start_run(run("n9"))


def test_everything_about_a_notice_is_kept(store: SqliteStore) -> None:
    whole = notice(
        targets=Targets(
            areas=("海棠街道",),
            tags=("独居多",),
            buildings=("3-27幢",),
            roles=(Role.STEWARD,),
            without=("c:三群",),
        ),
        tag="政策",
        origin=Origin(source="街道办", link="https://made.up/1", dated="2026-11-20"),
        recurrence=Recurrence(beat=Beat.WEEKLY, at=time(8, 30), weekdays=(0, 4)),
        late=30,
        approver="c:主任",
        corrects="n0",
    )
    store.notices.save(whole)
    assert store.notices.get("n1") == whole
    assert store.notices.by_author("c:管家", 9) == [whole]
