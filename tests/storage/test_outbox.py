"""The ledger of everything said."""

from __future__ import annotations

import pytest

from bot.models import Delivery, Outgoing
from storage import outbox
from storage.store import SqliteStore
from tests.storage.samples import NOW, after, outgoing


def queue(store: SqliteStore, *rows: Outgoing, once: str = "") -> list[bool]:
    return [store.outbox.add(row, NOW, due_at=row.due_at, once=once) for row in rows]


def claimed(store: SqliteStore, seconds: float = 0, limit: int = 100) -> list[str]:
    return [row.text for row in store.outbox.claim(after(seconds), limit)]


def test_only_the_oldest_of_each_receiver_is_handed_out(store: SqliteStore) -> None:
    queue(
        store,
        outgoing(text="甲1"),
        outgoing(text="甲2"),
        outgoing(text="乙1", user="乙"),
        outgoing(text="群1", chat="g", user=""),
        outgoing(text="群2", chat="g", user=""),
        outgoing(text="另1", channel="d"),
    )
    assert claimed(store) == ["甲1", "乙1", "群1", "另1"]
    assert claimed(store) == []


def test_the_next_follows_when_the_head_is_settled(store: SqliteStore) -> None:
    queue(store, *(outgoing(text=str(n)) for n in range(4)))
    for n, state in enumerate((Delivery.SENT, Delivery.FAILED, Delivery.UNCERTAIN)):
        (head,) = store.outbox.claim(NOW, 10)
        assert head.text == str(n)
        store.outbox.settle(head.id, state, NOW)
    assert claimed(store) == ["3"]


def test_a_head_that_waits_holds_its_receiver_back_and_nobody_else(store: SqliteStore) -> None:
    queue(store, outgoing(text="甲1"), outgoing(text="甲2"), outgoing(text="乙1", user="乙"))
    (head, _) = store.outbox.claim(NOW, 10)
    store.outbox.settle(head.id, Delivery.QUEUED, NOW, error="忙", retry_at=after(60))
    assert claimed(store, 59) == []
    assert claimed(store, 60) == ["甲1"]


def test_what_is_not_due_is_not_handed_out(store: SqliteStore) -> None:
    queue(store, outgoing(text="later", due_at=after(60)), outgoing(text="now", user="乙"))
    assert claimed(store) == ["now"]
    assert store.outbox.next_due() == after(60)
    assert claimed(store, 60) == ["later"]


def test_the_limit_holds(store: SqliteStore) -> None:
    queue(store, *(outgoing(text=str(n), user=str(n)) for n in range(5)))
    assert claimed(store, limit=2) == ["0", "1"]
    assert claimed(store, limit=10) == ["2", "3", "4"]


def test_attempts_are_counted_but_a_postponement_is_none(store: SqliteStore) -> None:
    queue(store, outgoing())
    tries = []
    for postponed in (False, True, True, False, False):
        (row,) = store.outbox.claim(NOW, 1)
        tries.append(row.attempts)
        if postponed:
            store.outbox.postpone(row.id, NOW)
        else:
            store.outbox.settle(row.id, Delivery.QUEUED, NOW, retry_at=NOW)
    assert tries == [0, 1, 1, 1, 2]


def test_a_postponed_row_stays_ahead_of_later_ones(store: SqliteStore) -> None:
    queue(store, outgoing(text="1"), outgoing(text="2"))
    (head,) = store.outbox.claim(NOW, 1)
    store.outbox.postpone(head.id, after(30))
    assert claimed(store, 29) == []
    assert store.outbox.next_due() == after(30)
    assert claimed(store, 30) == ["1"]


def test_what_is_said_once_is_said_once(store: SqliteStore) -> None:
    assert queue(store, outgoing(), outgoing(user="乙"), once="notice/1") == [True, False]
    assert queue(store, outgoing(), once="notice/2") == [True]
    assert queue(store, outgoing(), outgoing()) == [True, True]
    (first, *_) = store.outbox.claim(NOW, 1)
    store.outbox.settle(first.id, Delivery.SENT, NOW)
    assert queue(store, outgoing(), once="notice/1") == [False]


def test_what_was_being_sent_becomes_uncertain_and_nothing_else(store: SqliteStore) -> None:
    queue(store, *(outgoing(text=str(n), user=str(n)) for n in range(4)))
    sent, failed, *_ = store.outbox.claim(NOW, 3)
    store.outbox.settle(sent.id, Delivery.SENT, NOW, platform_id="p1")
    store.outbox.settle(failed.id, Delivery.FAILED, NOW, error="不收")
    assert store.outbox.interrupted(NOW) == 1
    assert store.outbox.interrupted(NOW) == 0
    assert store.outbox.counts() == {
        Delivery.SENT: 1,
        Delivery.FAILED: 1,
        Delivery.UNCERTAIN: 1,
        Delivery.QUEUED: 1,
    }
    assert claimed(store) == ["3"]


@pytest.mark.parametrize("state", [Delivery.SENDING, Delivery.SENT, Delivery.UNCERTAIN])
def test_nothing_is_due_when_nothing_can_be_sent(state: Delivery, store: SqliteStore) -> None:
    assert store.outbox.next_due() is None
    queue(store, outgoing())
    assert store.outbox.next_due() == NOW
    (row,) = store.outbox.claim(NOW, 1)
    store.outbox.settle(row.id, state, NOW)
    assert store.outbox.next_due() is None


def test_next_due_does_not_count_rows_that_wait_behind_a_head(store: SqliteStore) -> None:
    queue(store, outgoing(text="1", due_at=after(60)), outgoing(text="2", due_at=after(5)))
    assert store.outbox.next_due() == after(60)


def test_rows_are_found_by_cause_and_by_receiver(store: SqliteStore) -> None:
    queue(
        store,
        outgoing(text="1", cause="m1"),
        outgoing(text="2", cause="m1", user="乙"),
        outgoing(text="3", cause="m2"),
        outgoing(text="群", chat="g", user="", cause="m2"),
    )
    assert [row.text for row in store.outbox.caused_by("m1")] == ["1", "2"]
    assert [row.text for row in store.outbox.recent("c", "", "甲", 10)] == ["1", "3"]
    assert [row.text for row in store.outbox.recent("c", "", "甲", 1)] == ["3"]
    assert [row.text for row in store.outbox.recent("c", "g", "甲", 10)] == ["群"]


def test_whom_to_call_and_what_to_answer_come_back(store: SqliteStore) -> None:
    queue(store, outgoing(mentions=("LiMing", "wo-x"), reply_token="t"))
    (row,) = store.outbox.claim(NOW, 1)
    assert (row.mentions, row.reply_token) == (("LiMing", "wo-x"), "t")


def test_replies_are_claimed_by_their_message_before_they_are_due(store: SqliteStore) -> None:
    queue(
        store,
        outgoing(text="一", cause="m", due_at=after(6)),
        outgoing(text="二", cause="m", due_at=after(6)),
        outgoing(text="给别人", cause="m", user="乙"),
        outgoing(text="另一句的", cause="n"),
    )
    assert [row.text for row in store.outbox.claim_replies("m", "", "甲")] == ["一", "二"]
    assert list(store.outbox.claim_replies("m", "", "甲")) == []


def test_what_was_tried_before_is_no_reply_any_more(store: SqliteStore) -> None:
    queue(store, outgoing(cause="m"))
    (row,) = store.outbox.claim(NOW, 1)
    store.outbox.settle(row.id, Delivery.QUEUED, NOW, retry_at=after(1))
    assert list(store.outbox.claim_replies("m", "", "甲")) == []


def test_danger_goes_before_answers_and_answers_before_broadcasts(store: SqliteStore) -> None:
    kinds = ("notice", "reply", "private", "safety", "notice", "alert")
    queue(store, *(outgoing(text=kind, kind=kind, user=str(n)) for n, kind in enumerate(kinds)))
    assert claimed(store) == ["safety", "alert", "reply", "private", "notice", "notice"]


def test_each_platform_has_places_of_its_own(store: SqliteStore) -> None:
    for n in range(6):
        queue(store, outgoing(text=f"a{n}", channel=f"robot/{n}"))
        queue(store, outgoing(text=f"b{n}", channel="app/main", user=str(n)))
    rows = store.outbox.claim(NOW, 100, lambda lane: {"robot": 2, "app": 0}[lane])
    assert [row.text for row in rows] == ["a0", "a1"]
    assert [row.text for row in store.outbox.claim(NOW, 3)] == ["b0", "b1", "b2"]


def test_a_reply_that_overtook_leaves_the_order_of_the_rest(store: SqliteStore) -> None:
    queue(store, outgoing(text="1", due_at=after(60)), outgoing(text="2", cause="m"))
    queue(store, outgoing(text="3"))
    (reply,) = store.outbox.claim_replies("m", "", "甲")
    store.outbox.settle(reply.id, Delivery.SENT, NOW)
    assert claimed(store, 59) == []
    assert claimed(store, 60) == ["1"]


def test_a_reply_given_back_waits_behind_the_older_ones(store: SqliteStore) -> None:
    queue(store, outgoing(text="1"), outgoing(text="2", cause="m"))
    (reply,) = store.outbox.claim_replies("m", "", "甲")
    (head,) = store.outbox.claim(NOW, 9)
    store.outbox.settle(head.id, Delivery.SENT, NOW)
    store.outbox.postpone(reply.id, NOW)
    assert claimed(store) == ["2"]


def test_how_far_a_cause_is(store: SqliteStore) -> None:
    queue(store, *(outgoing(user=str(n), cause="run") for n in range(3)), outgoing(cause="other"))
    (first, *_) = store.outbox.claim(NOW, 2)
    store.outbox.settle(first.id, Delivery.SENT, NOW)
    assert store.outbox.progress("run") == {
        Delivery.SENT: 1,
        Delivery.SENDING: 1,
        Delivery.QUEUED: 1,
    }
    assert store.outbox.progress("none") == {}


def test_what_failed_comes_back_before_what_came_later(store: SqliteStore) -> None:
    queue(store, outgoing(text="1", cause="run"), outgoing(text="2"), outgoing(text="3"))
    (row,) = store.outbox.claim(NOW, 9)
    store.outbox.settle(row.id, Delivery.FAILED, NOW, error="不收")
    assert store.outbox.requeue("run", Delivery.UNCERTAIN, NOW) == 0
    assert store.outbox.requeue("run", Delivery.FAILED, after(5)) == 1
    assert claimed(store, 4) == []
    for text in ("1", "2", "3"):
        (row,) = store.outbox.claim(after(5), 9)
        assert (row.text, row.attempts) == (text, 0)
        store.outbox.settle(row.id, Delivery.SENT, NOW)


def test_whether_a_group_was_told_the_same_lately(store: SqliteStore) -> None:
    queue(store, outgoing(text="停水", chat="g", user=""))
    assert store.outbox.said_since("c", "g", "停水", NOW)
    assert not store.outbox.said_since("c", "g", "停水", after(1))
    assert not store.outbox.said_since("c", "h", "停水", NOW)
    assert not store.outbox.said_since("c", "g", "停电", NOW)
    (row,) = store.outbox.claim(NOW, 1)
    store.outbox.settle(row.id, Delivery.FAILED, NOW)
    assert not store.outbox.said_since("c", "g", "停水", NOW)


@pytest.mark.parametrize("statement", [outbox._CLAIM, outbox._EARLIEST, outbox._LANE_AFTER])
def test_what_waits_is_never_read_through(store: SqliteStore, statement: str) -> None:
    plan = store.connection.execute(
        f"EXPLAIN QUERY PLAN {statement}", ("x",) * statement.count("?")
    ).fetchall()
    assert [step for step in plan if "SCAN" in step[3]] == []
    assert all("outbox_heads" in step[3] for step in plan)
