"""Work that is done beside the messages, as rows."""

from __future__ import annotations

from bot.models import Job, JobState
from storage.store import SqliteStore
from tests.storage.samples import NOW, after


def job(kind: str = "fetch", seconds: float = 0, **payload: str) -> Job:
    return Job(id="", kind=kind, payload=payload, due_at=after(seconds), cause="m1")


def claimed(store: SqliteStore, seconds: float = 0, limit: int = 100) -> list[Job]:
    return list(store.jobs.claim(after(seconds), limit))


def test_the_longest_due_is_handed_out_first_and_once(store: SqliteStore) -> None:
    for found in (job("later", 30), job("late", 20), job("now")):
        assert store.jobs.add(found, NOW, "")
    assert [found.kind for found in claimed(store, 25, limit=1)] == ["now"]
    assert [found.kind for found in claimed(store, 25)] == ["late"]
    assert claimed(store, 25) == []
    assert store.jobs.next_due() == after(30)


def test_a_key_is_taken_once_also_after_the_job_is_done(store: SqliteStore) -> None:
    assert store.jobs.add(job(), NOW, "picture 1")
    assert not store.jobs.add(job(), NOW, "picture 1")
    (only,) = claimed(store)
    store.jobs.settle(only.id, JobState.DONE, NOW)
    assert not store.jobs.add(job(), NOW, "picture 1")
    assert store.jobs.add(job(), NOW, "")
    assert store.jobs.add(job(), NOW, "")


def test_a_retry_keeps_the_payload_and_an_end_forgets_it(store: SqliteStore) -> None:
    store.jobs.add(job(ref="秘密"), NOW, "")
    (first,) = claimed(store)
    assert (first.payload, first.cause, first.attempts) == ({"ref": "秘密"}, "m1", 0)
    store.jobs.settle(first.id, JobState.QUEUED, NOW, error="网络不通", retry_at=after(60))
    assert claimed(store, 59) == []
    (again,) = claimed(store, 60)
    assert (again.payload, again.attempts, again.error) == ({"ref": "秘密"}, 1, "网络不通")
    store.jobs.settle(first.id, JobState.DEAD, after(61), error="没有了")
    dead = store.jobs.get(first.id)
    assert dead is not None
    assert (dead.payload, dead.state, dead.error) == ({}, JobState.DEAD, "没有了")
    assert store.jobs.get("nobody") is None


def test_what_was_interrupted_is_queued_again(store: SqliteStore) -> None:
    store.jobs.add(job("a"), NOW, "")
    store.jobs.add(job("b"), NOW, "")
    claimed(store, limit=1)
    assert store.jobs.counts() == {JobState.QUEUED: 1, JobState.RUNNING: 1}
    assert store.jobs.interrupted() == 1
    assert store.jobs.counts() == {JobState.QUEUED: 2}
    assert [(found.kind, found.attempts) for found in claimed(store)] == [("a", 1), ("b", 0)]
