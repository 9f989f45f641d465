"""The store of what volunteers did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from bot.models.volunteering import Hours, Service


class Volunteering(Protocol):
    """Pieces of work; those taken back are neither listed nor counted."""

    def add(self, service: Service) -> None:
        """Write one down."""

    def get(self, service: str) -> Service | None:
        """By our id, also one that was taken back."""

    def withdraw(self, service: str, at: datetime) -> None:
        """Take one back."""

    def listed(self, area: str, first: date, last: date, limit: int) -> Sequence[Service]:
        """Those of these days at or below an area ("": all), oldest first."""

    def hours(self, area: str, first: date, last: date) -> Hours:
        """Their sums."""
