"""The store of what people want of standing messages, and of when to look next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Choice, Standing


class StandingRows(Protocol):
    """Choices of persons; whatever is not chosen is as the community has it."""

    def choices(self) -> Sequence[Choice]:
        """Everybody's."""

    def of(self, person: str) -> Mapping[Standing, str]:
        """One person's."""

    def choose(self, choice: Choice) -> None:
        """Keep a choice, or forget it when its wish is empty; then everything is looked at."""

    def next_ring(self, timetable: str) -> datetime | None:
        """When to look next by a timetable (its key); None: it was never looked at."""

    def ring_at(self, timetable: str, at: datetime) -> None:
        """Look again then."""
