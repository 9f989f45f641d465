"""The store of planned words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Notice, NoticeState


class Notices(Protocol):
    """Planned words for groups."""

    def save(self, notice: Notice) -> None:
        """Add or replace a notice."""

    def get(self, notice: str) -> Notice | None:
        """By our id."""

    def due(self, now: datetime) -> Sequence[Notice]:
        """Planned notices whose time has come, earliest first."""

    def next_due(self) -> datetime | None:
        """When the earliest planned notice is due."""

    def by_state(self, state: NoticeState, limit: int) -> Sequence[Notice]:
        """Notices in one state, earliest planned first."""

    def start_run(self, notice: str, planned_at: datetime, now: datetime) -> bool:
        """Claim the one run of (notice, planned time); False when it was claimed before."""
