"""How a step on an appeal is written down: who did what when and why, and what it changed.

A line holds the changed fields alone (the state always), as text. So a step is undone by putting
its `before` back, and an appeal can be told from the first line to the last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from bot.models import SHANGHAI, Appeal, Event, Person, Place
from bot.ports import Store
from bot.rules.appeal_flow import Act

FIXED = frozenset(
    {"id", "number", "short", "group", "area", "reporter", "source", "text", "created_at"}
)
"""What never changes about an appeal."""

SIDE = frozenset({Act.SUPPORT, Act.NOTE, Act.URGE, Act.SWEEP})

_TYPES = {
    field.name: field.type for field in msgspec.structs.fields(Appeal) if field.name not in FIXED
}


def note(
    store: Store,
    now: datetime,
    act: Act,
    actor: Person,
    *,
    before: Appeal | None,
    after: Appeal,
    cause: str,
    reason: str = "",
) -> None:
    """Append one line to an appeal's history; `before` is None for a new one."""
    old, new = changes(before, after)
    store.events.add(
        Event(
            id="",
            at=now,
            actor=actor.id,
            subject=subject(after),
            action=act,
            before=old,
            after=new,
            cause=cause,
            reason=reason,
        )
    )


def subject(appeal: Appeal) -> str:
    """What the history calls an appeal."""
    return f"appeal:{appeal.id}"


def snapshot(appeal: Appeal) -> dict[str, str]:
    """Every field that can change, as text; what is empty is left out."""
    told = {name: _told(getattr(appeal, name)) for name in _TYPES}
    return {name: value for name, value in told.items() if value}


def changes(before: Appeal | None, after: Appeal) -> tuple[dict[str, str], dict[str, str]]:
    """What was and what is, of the fields that differ; the state always."""
    new = snapshot(after)
    if before is None:
        return {}, new
    old = snapshot(before)
    names = [name for name in _TYPES if name == "state" or old.get(name, "") != new.get(name, "")]
    return {n: old.get(n, "") for n in names}, {n: new.get(n, "") for n in names}


def restored(appeal: Appeal, fields: Mapping[str, str]) -> Appeal:
    """The appeal with these fields put back; names that this version does not know are left."""
    values = {name: _read(name, text) for name, text in fields.items() if name in _TYPES}
    return msgspec.structs.replace(appeal, **values)


def aside(event: Event) -> bool:
    """Whether a line is a side remark that moved nothing, or the taking back of one."""
    return event.action in SIDE or (event.action == Act.UNDO and event.reason in SIDE)


def replayed(history: Sequence[Event]) -> dict[str, str]:
    """What an appeal's fields are after all lines of its history; empty ones left out."""
    fields: dict[str, str] = {}
    for event in history:
        fields |= event.after
    return {name: value for name, value in fields.items() if value}


def _told(value: object) -> str:
    """A value as text, times to the millisecond as they are stored."""
    if value is None or value == Place():
        return ""
    if isinstance(value, datetime):
        exact = datetime.fromtimestamp(round(value.timestamp() * 1000) / 1000, SHANGHAI)
        return exact.isoformat(timespec="milliseconds")
    if isinstance(value, Place):
        return msgspec.json.encode(value).decode()
    return "" if value == 0 else str(value)


def _read(name: str, text: str) -> Any:
    kind = _TYPES[name]
    if kind is Place:
        return msgspec.json.decode(text, type=Place) if text else Place()
    if kind is int:
        return int(text or 0)
    if text == "" and kind is not str:
        return None
    return msgspec.convert(text, kind, strict=False)


def read_time(text: str) -> datetime:
    """A moment as a line of history holds it."""
    return datetime.fromisoformat(text)
