"""Looking people up by where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.models import Crowd, PeoplePage, Search


class Directory(Protocol):
    """Reads people and groups by area. Another account of somebody is not listed beside them."""

    def crowds(self, area: str) -> Sequence[Crowd]:
        """Every area at or below this one that has people or groups, in order."""

    def found(self, search: Search, *, limit: int, offset: int) -> PeoplePage:
        """People in order of their area, staff by rank; residents come in no special order."""
