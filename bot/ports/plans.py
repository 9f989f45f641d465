"""The store of plans that came as files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Plan, PlanState


class Plans(Protocol):
    """Which notices came together, and whether their author was asked."""

    def save(self, plan: Plan) -> None:
        """Add or replace a plan."""

    def first_new(self) -> datetime | None:
        """When the oldest plan came whose author was not asked yet."""

    def in_state(self, state: PlanState) -> Sequence[Plan]:
        """Plans in a state, oldest first, a few at once."""

    def newest(self) -> Sequence[Plan]:
        """The last few plans, newest first."""
