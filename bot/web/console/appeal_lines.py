"""Matters as lines of a list: what stands there, who has it, how long there is left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from bot.engine.context import Scene
from bot.models import SHANGHAI, Appeal, Audience, Kind, State
from bot.rules.appeal_flow import OPEN
from bot.services.today import days
from bot.web.console.looks import day

HIDDEN = "内容不公开，点开再看"
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Left(Struct, frozen=True):
    """How much time is left: in words, as a colour, and how much is used up (of 100)."""

    words: str
    tone: str
    used: int | None = None


class Line(Struct, frozen=True, kw_only=True):
    """One matter in a list. `text` holds nothing of one that is not public."""

    appeal: Appeal
    text: str
    category: str
    who: str
    left: Left

    @property
    def private(self) -> bool:
        """Whether only those on duty may read it."""
        return self.appeal.audience is not Audience.PUBLIC

    @property
    def place(self) -> str:
        """Where, as far as a list may say it."""
        return "" if self.private else self.appeal.place.public


def lines_of(scene: Scene, appeals: Iterable[Appeal]) -> list[Line]:
    """Lines for matters, with the names of those who have them in hand."""
    names: dict[str, str] = {"": ""}
    made = []
    for appeal in appeals:
        if appeal.handler not in names:
            person = scene.people.by_id(appeal.handler)
            names[appeal.handler] = "" if person is None else person.name
        private = appeal.audience is not Audience.PUBLIC
        made.append(
            Line(
                appeal=appeal,
                text=HIDDEN if private else appeal.summary,
                category=scene.appeals.category(appeal).short,
                who=names[appeal.handler] or appeal.unit,
                left=left_of(appeal, scene.now),
            )
        )
    return made


def left_of(appeal: Appeal, now: datetime) -> Left:
    """How a matter stands with its day."""
    if appeal.state not in OPEN:
        ended = appeal.closed_at
        if appeal.kind is Kind.PRAISE or ended is None:
            return Left("", "still")
        return Left(f"{day(ended)}了结", "still")
    if appeal.stopped_at is not None:
        if appeal.state is State.PARKED and appeal.parked_until is not None:
            return Left(f"挂到{day(appeal.parked_until)}", "parked")
        return Left("等补充，钟停着", "waiting")
    return running(appeal.created_at, appeal.due_at, now)


def running(begun: datetime, due: datetime, now: datetime) -> Left:
    """How much of a running term is used up."""
    if due < now:
        return Left(f"超期{span(now - due)}", "overdue", 100)
    whole = max(due - begun, timedelta(minutes=1))
    used = min(99, max(1, round(100 * (now - begun) / whole)))
    soon = due.astimezone(SHANGHAI) < days(now)[1]
    return Left(f"还剩{span(due - now)}", "waiting" if soon else "working", used)


def span(length: timedelta) -> str:
    """3天, 5小时, 20分钟."""
    if length >= 2 * _DAY:
        return f"{length // _DAY}天"
    if length >= _HOUR:
        return f"{length // _HOUR}小时"
    return f"{max(1, length // timedelta(minutes=1))}分钟"
