"""The store of approved answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from bot.models import FaqEntry


class Faq(Protocol):
    """The bank of approved answers."""

    def entries(self) -> Sequence[FaqEntry]:
        """All entries, by id."""

    def replace(self, entries: Iterable[FaqEntry]) -> None:
        """Add entries, or replace those with the same id, and change the version."""

    def remove(self, entry: str) -> None:
        """Take an entry out and change the version."""

    def version(self) -> int:
        """Changes whenever the bank does."""
