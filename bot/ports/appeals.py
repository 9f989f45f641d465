"""The stores of residents' matters and of everybody's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Appeal, Event, State


class Appeals(Protocol):
    """Residents' matters."""

    def add(self, appeal: Appeal) -> None:
        """Store a new appeal."""

    def save(self, appeal: Appeal) -> None:
        """Replace a stored appeal."""

    def get(self, appeal: str) -> Appeal | None:
        """By our id."""

    def by_number(self, number: str) -> Appeal | None:
        """By the full public number."""

    def by_short(self, short: int, group: str | None) -> Sequence[Appeal]:
        """By the short number, in one group or (None) in all, newest first."""

    def listed(
        self, *, group: str | None, area: str, states: Sequence[State], limit: int
    ) -> Sequence[Appeal]:
        """Appeals below an area, optionally of one group, most urgent deadline first."""

    def reported_by(self, person: str, states: Sequence[State], limit: int) -> Sequence[Appeal]:
        """A person's own appeals, newest first."""

    def next_number(self, scope: str) -> int:
        """The next number of a named sequence, starting at 1."""


class Events(Protocol):
    """The history of every object: append-only."""

    def add(self, event: Event) -> None:
        """Append one line."""

    def of(self, subject: str) -> Sequence[Event]:
        """An object's history, oldest first."""

    def caused_by(self, message: str) -> Sequence[Event]:
        """What a message did, oldest first."""

    def last_by(self, actor: str, since: datetime) -> Event | None:
        """What this person did last, not before `since`."""
