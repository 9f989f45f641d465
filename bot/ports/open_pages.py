"""What everybody may read, without coming in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Appeal, Notice


class OpenPages(Protocol):
    """Public matters, and notices that went out."""

    def appeals(self, area: str, limit: int, offset: int) -> Sequence[Appeal]:
        """Public matters at or below an area, newest first: no praise, none taken back."""

    def notices(self, since: datetime, limit: int) -> Sequence[tuple[Notice, datetime]]:
        """Notices that went out since then and stand, with when they last did, newest first."""
