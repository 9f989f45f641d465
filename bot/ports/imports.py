"""The store of which matters came from older ledgers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Imports(Protocol):
    """Lines of older ledgers by their keys, in batches of one file each."""

    def known(self, keys: Sequence[str]) -> frozenset[str]:
        """Those that were brought in already."""

    def add(self, key: str, appeal: str, number: str, batch: str) -> None:
        """A line is this appeal now; `number` is what it was called there."""

    def account(self, told: str) -> str:
        """What somebody who is only told of there is called here: the same for the same words, from
        which nobody finds them, also not by trying telephone numbers."""

    def of(self, batch: str) -> Sequence[str]:
        """The appeals of a batch, by id."""

    def forget(self, batch: str) -> None:
        """Its lines may be brought in again."""

    def latest(self, limit: int) -> Sequence[tuple[str, int]]:
        """The newest batches with their sizes."""
