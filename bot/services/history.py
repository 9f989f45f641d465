"""How a step on an appeal is written down: who did what when, with the fields before and after."""

from __future__ import annotations

from datetime import datetime

from bot.models import Appeal, Event, Person
from bot.ports import Store
from bot.rules.appeal_flow import Act


def note(
    store: Store,
    now: datetime,
    act: Act,
    actor: Person,
    *,
    before: Appeal | None,
    after: Appeal,
    cause: str,
) -> None:
    """Append one line to an appeal's history; `before` is None for a new one."""
    store.events.add(
        Event(
            id="",
            at=now,
            actor=actor.id,
            subject=subject(after),
            action=act,
            before={} if before is None else snapshot(before),
            after=snapshot(after),
            cause=cause,
        )
    )


def subject(appeal: Appeal) -> str:
    """What the history calls an appeal."""
    return f"appeal:{appeal.id}"


def snapshot(appeal: Appeal) -> dict[str, str]:
    """The fields that a step changes."""
    return {
        "state": appeal.state,
        "unit": appeal.unit,
        "handler": appeal.handler,
        "result": appeal.result,
        "place": appeal.place.full,
    }
