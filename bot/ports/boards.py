"""Counting where matters stand."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.models import Board


class Boards(Protocol):
    """Where the matters of an area stand."""

    def at(self, area: str, now: datetime, today: datetime, tomorrow_ends: datetime) -> Board:
        """Counts at or below an area; `today` and `tomorrow_ends` are midnights."""
