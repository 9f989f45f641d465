"""Messages that came in, each once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.models import Attachment, MediaKind
from storage.store import SqliteStore
from tests.storage.samples import NOW, incoming


@pytest.mark.parametrize(
    ("changes", "is_new"),
    [
        ({}, False),
        ({"text": "别的话", "sender_name": "新名字", "kind": "image"}, False),
        ({"message_id": "m2"}, True),
        ({"sender": "乙"}, True),
        ({"chat": "g2"}, True),
        ({"chat": ""}, True),
        ({"channel": "d"}, True),
        ({"message_id": "M1"}, True),
        ({"message_id": "m1 "}, True),
    ],
)
def test_a_message_is_known_by_channel_chat_sender_and_id(
    changes: dict[str, Any], is_new: bool, store: SqliteStore
) -> None:
    first = store.inbox.accept(incoming("m1"), NOW, "done")
    again = store.inbox.accept(incoming(**{"message_id": "m1", **changes}), NOW, "done")
    assert first is not None
    assert (again is not None) is is_new
    assert len(store.inbox.recent("c", "g1", "", 10)) >= 1
    assert store.inbox.get(first) == incoming("m1")


def test_a_message_comes_back_as_it_was(store: SqliteStore) -> None:
    message = incoming(
        mentioned=True,
        sender_name="王阿姨",
        kind="voice",
        text="a\n👨‍👩‍👧'\"--",
        quote="谁在问\n哪一幢",
        attachments=(
            Attachment(kind=MediaKind.IMAGE, ref="https://made.up/1", name="灯.jpg", key="k=="),
            Attachment(kind=MediaKind.FILE, ref="m2"),
        ),
        reply_token="only-once",
    )
    row = store.inbox.accept(message, NOW, "done")
    assert row is not None
    assert store.inbox.get(row) == message
    assert store.inbox.find(message) == row
    assert store.inbox.find(incoming("other")) == ""
    assert store.inbox.get("none") is None


def test_queued_messages_come_oldest_first_and_once(store: SqliteStore) -> None:
    rows = [
        store.inbox.accept(incoming(f"m{n}"), NOW, "queued" if n % 2 else "done") for n in range(9)
    ]
    waiting = [rows[n] for n in (1, 3, 5, 7)]
    assert [row for row, _ in store.inbox.queued(10)] == waiting
    assert [row for row, _ in store.inbox.queued(2)] == waiting[:2]
    store.inbox.settle(waiting[0] or "", "done")
    store.inbox.settle(waiting[1] or "", "failed")
    assert [row for row, _ in store.inbox.queued(10)] == waiting[2:]


def test_recent_messages_of_a_chat_or_of_one_who_speaks_there(store: SqliteStore) -> None:
    for n, sender in enumerate("甲乙甲乙甲"):
        store.inbox.accept(incoming(f"m{n}", sender=sender), NOW, "done")
    store.inbox.accept(incoming("elsewhere", chat="g2"), NOW, "done")

    def ids(sender: str, limit: int) -> list[str]:
        found = store.inbox.recent("c", "g1", sender, limit)
        return [message.message_id for _, message in found]

    assert ids("", 3) == ["m2", "m3", "m4"]
    assert ids("甲", 2) == ["m2", "m4"]
    assert ids("丙", 2) == []


def test_an_empty_inbox_says_so(store: SqliteStore) -> None:
    assert store.inbox.is_empty()
    store.inbox.accept(incoming(), NOW, "done")
    assert not store.inbox.is_empty()


def test_where_a_file_lies_is_not_shown() -> None:
    told = repr(Attachment(kind=MediaKind.IMAGE, ref="canary-ref", name="灯.jpg", key="canary-key"))
    assert "canary" not in told
    assert "灯.jpg" in told


def test_what_somebody_brought_lately(store: SqliteStore) -> None:
    picture = (Attachment(kind=MediaKind.IMAGE, ref="r"),)
    for number, sender in enumerate("甲乙甲甲"):
        brought = picture if number != 2 else ()
        sent = incoming(f"p{number}", sender=sender, attachments=brought)
        store.inbox.accept(sent, NOW, "done")
    found = store.inbox.with_attachments("c", "g1", "甲", 10)
    assert [sent.message_id for _, sent in found] == ["p0", "p3"]
    assert [s.message_id for _, s in store.inbox.with_attachments("c", "g1", "甲", 2)] == ["p3"]
    assert store.inbox.with_attachments("c", "g2", "甲", 10) == []
