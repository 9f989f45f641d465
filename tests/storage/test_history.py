"""Who did what, and why the bot answered."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from bot.models import Event, Outcome, Trace
from storage.store import SqliteStore
from tests.storage.samples import NOW, after, incoming


def event(action: str, **changes: Any) -> Event:
    fields = {"id": "", "at": NOW, "actor": "c:管家", "subject": "appeal:a1"}
    return Event(**{**fields, **changes}, action=action)


def actions(events: Any) -> list[str]:
    return [event.action for event in events]


def test_history_is_told_in_order_by_object_and_by_cause(store: SqliteStore) -> None:
    for number in range(12):
        store.events.add(event(str(number), cause="m1" if number % 2 else ""))
    store.events.add(event("other", subject="appeal:a10", cause="m1"))
    assert actions(store.events.of("appeal:a1")) == [str(n) for n in range(12)]
    assert actions(store.events.caused_by("m1")) == ["1", "3", "5", "7", "9", "11", "other"]


def test_before_and_after_come_back(store: SqliteStore) -> None:
    store.events.add(event("受理", id="e1", before={"state": "待受理"}, after={"state": "办理中"}))
    (found,) = store.events.of("appeal:a1")
    assert found == event("受理", id="e1", before={"state": "待受理"}, after={"state": "办理中"})


def test_the_last_deed_of_a_person_since(store: SqliteStore) -> None:
    store.events.add(event("first", at=after(1)))
    store.events.add(event("second", at=after(2)))
    store.events.add(event("someone else's", at=after(3), actor="c:乙"))
    for since, expected in ((0, "second"), (2, "second"), (2.001, None)):
        found = store.events.last_by("c:管家", after(since))
        assert (found.action if found else None) == expected


def test_a_trace_belongs_to_a_stored_message_and_is_replaced(store: SqliteStore) -> None:
    row = store.inbox.accept(incoming(), NOW, "done") or ""
    for outcome in (Outcome.QUEUED, Outcome.ANSWERED):
        trace = Trace(message=row, outcome=outcome, handler="faq.answer", steps=("一", "二"))
        store.traces.add(trace)
        assert store.traces.get(row) == trace
    assert store.traces.counts() == {Outcome.ANSWERED: 1}
    assert store.traces.get("none") is None
    with pytest.raises(sqlite3.IntegrityError):
        store.traces.add(Trace(message="none", outcome=Outcome.SILENT))


def test_a_trace_without_steps(store: SqliteStore) -> None:
    row = store.inbox.accept(incoming(), NOW, "done") or ""
    store.traces.add(Trace(message=row, outcome=Outcome.SILENT))
    assert store.traces.get(row) == Trace(message=row, outcome=Outcome.SILENT)
