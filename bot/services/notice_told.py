"""Which notices somebody was sent lately, by the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.models import Delivery, Group, Notice, NoticeState, Person
from bot.ports import Store

RECENT = 100
"""Rows to a receiver among which a notice is looked for."""
TAKEN_BACK = frozenset({NoticeState.WITHDRAWN, NoticeState.CANCELLED})


class Told(Struct, frozen=True):
    """A notice that somebody was sent: the words that they heard, when, and by which run."""

    notice: Notice
    text: str
    at: datetime
    run: str


def told(
    store: Store, receiver: Group | Person, now: datetime, within: timedelta
) -> Sequence[Told]:
    """Those that still hold, each once, newest first."""
    chat = receiver.chat if isinstance(receiver, Group) else ""
    user = receiver.user if isinstance(receiver, Person) else ""
    found: dict[str, Told] = {}
    for row in reversed(store.outbox.recent(receiver.channel, chat, user, RECENT)):
        at = row.due_at or now
        name = row.cause.removeprefix("notice:").partition("@")[0]
        if name == row.cause or name in found or at < now - within:
            continue
        if row.state is Delivery.FAILED or row.rich is not None:
            continue
        notice = store.notices.get(name)
        if notice is not None and notice.state not in TAKEN_BACK:
            found[name] = Told(notice, row.text, at, row.cause)
    return list(found.values())
