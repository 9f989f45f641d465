"""Open questions, at most one a person and chat."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from bot.models import Dialog
from storage.store import SqliteStore
from tests.storage.samples import NOW, after

ASKED = Dialog(
    channel="c",
    chat="g",
    user="甲",
    topic="appeal.place",
    payload={"appeal": "a1", "话": "是几幢"},
    expires_at=after(60),
)


def asked(**changes: Any) -> Dialog:
    return msgspec.structs.replace(ASKED, **changes)


@pytest.mark.parametrize(
    ("where", "seconds", "open_"),
    [
        (("c", "g", "甲"), 0, True),
        (("c", "g", "甲"), 59.999, True),
        (("c", "g", "甲"), 60, False),
        (("c", "g", "乙"), 0, False),
        (("c", "", "甲"), 0, False),
        (("d", "g", "甲"), 0, False),
    ],
)
def test_a_question_is_open_here_to_this_person_until_it_expires(
    where: tuple[str, str, str], seconds: float, open_: bool, store: SqliteStore
) -> None:
    store.dialogs.open(ASKED)
    assert store.dialogs.take(*where, after(seconds)) == (ASKED if open_ else None)


def test_looking_does_not_close(store: SqliteStore) -> None:
    store.dialogs.open(ASKED)
    assert store.dialogs.take("c", "g", "甲", NOW) == store.dialogs.take("c", "g", "甲", NOW)


def test_a_newer_question_replaces_the_older(store: SqliteStore) -> None:
    newer = asked(topic="faq.choice", payload={"1": "F1"}, expires_at=after(90))
    store.dialogs.open(ASKED)
    store.dialogs.open(asked(user="乙"))
    store.dialogs.open(newer)
    assert store.dialogs.take("c", "g", "甲", after(61)) == newer
    assert store.dialogs.take("c", "g", "乙", NOW) == asked(user="乙")


def test_closing_closes_this_one(store: SqliteStore) -> None:
    store.dialogs.open(ASKED)
    store.dialogs.open(asked(chat="h"))
    store.dialogs.close("c", "g", "甲")
    store.dialogs.close("c", "g", "甲")
    assert store.dialogs.take("c", "g", "甲", NOW) is None
    assert store.dialogs.take("c", "h", "甲", NOW) == asked(chat="h")
