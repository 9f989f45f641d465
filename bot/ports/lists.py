"""The stores of lists: finding matters, and what somebody wants to see again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Appeal, SavedView, Wish


class AppealLists(Protocol):
    """Finding matters by where they stand and what was said of them."""

    def found(
        self,
        wish: Wish,
        days: tuple[datetime, datetime, datetime],
        *,
        offset: int,
        limit: int,
    ) -> Sequence[Appeal]:
        """What a list holds, in its order. `days` are now, today's midnight, and the midnight that
        ends tomorrow.
        """

    def buildings(self, area: str, limit: int) -> Sequence[str]:
        """The buildings of which something is open, below an area."""

    def units(self, area: str, limit: int) -> Sequence[str]:
        """Who has something open in hand, below an area."""


class SavedViews(Protocol):
    """Lists that accounts want to see again."""

    def add(self, view: SavedView) -> str:
        """Store one; returns its id."""

    def of(self, account: str) -> Sequence[SavedView]:
        """An account's own, in the order in which they were saved."""

    def rename(self, view: str, name: str) -> None:
        """Give it another name."""

    def remove(self, view: str) -> None:
        """It is not wanted any more."""
