"""The store of approved answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from bot.models import FaqEntry, FaqSearch, Validity


class Faq(Protocol):
    """The bank of approved answers."""

    def entries(self) -> Sequence[FaqEntry]:
        """All entries, by id."""

    def get(self, entry: str) -> FaqEntry | None:
        """By its id."""

    def found(self, search: FaqSearch, limit: int, skip: int = 0) -> Sequence[FaqEntry]:
        """Some of what is looked for, by id."""

    def counts(self, search: FaqSearch) -> Mapping[Validity, int]:
        """How many there are of each validity, whichever is looked for; those that expire soon
        are current too."""

    def tags(self, area: str) -> Sequence[str]:
        """The tags of an area's bank."""

    def areas(self, area: str) -> Sequence[str]:
        """The areas that the entries of an area's bank name."""

    def replace(self, entries: Iterable[FaqEntry]) -> None:
        """Add entries, or replace those with the same id, and change the version."""

    def remove(self, entry: str) -> None:
        """Take an entry out and change the version."""

    def version(self) -> int:
        """Changes whenever the bank does."""
