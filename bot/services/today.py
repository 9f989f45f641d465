"""What an office looks at first: how many matters stand where, and which are pressing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.models import SHANGHAI, Appeal, Board, State
from bot.ports import Store

PRESSING = 8


class TodayService:
    """The front page within one transaction."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def board(self, area: str) -> Board:
        """Where matters at or below an area stand."""
        return self._store.boards.at(area, self._now, *days(self._now))

    def pressing(self, area: str) -> Sequence[Appeal]:
        """Open matters whose clock runs and that are due by the end of tomorrow, in order."""
        states = (State.PENDING, State.WORKING)
        found = self._store.appeals.listed(group=None, area=area, states=states, limit=PRESSING)
        _, ends = days(self._now)
        return [appeal for appeal in found if appeal.due_at < ends]


def days(now: datetime) -> tuple[datetime, datetime]:
    """Today's midnight, and the one that ends tomorrow."""
    here = now.astimezone(SHANGHAI)
    today = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return today, today + timedelta(days=2)
