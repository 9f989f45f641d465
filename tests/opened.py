"""What is really kept: every closed column of a data file, opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from storage.closed import CLOSED
from storage.keys import Keyring, is_closed


def kept(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """The place of each value that is to be closed, and the value as it lies there."""
    for closed in CLOSED:
        for key, *values in connection.execute(closed.select):
            for column, value in zip(closed.columns, values, strict=True):
                yield closed.place(column, key), str(value)


def opened(connection: sqlite3.Connection, keys: Keyring) -> Iterator[tuple[str, str]]:
    """The place of each value, and what it says."""
    for place, value in kept(connection):
        yield place, keys.open(value, place)


def in_clear(connection: sqlite3.Connection) -> list[str]:
    """The places of everything that stands in the clear and should not."""
    return [
        place
        for place, value in kept(connection)
        if value not in {"", "{}"} and not is_closed(value)
    ]


class ClearKeys(Keyring):
    """As an older version wrote: in the clear, and the index in words."""

    def __init__(self, secret: bytes) -> None:
        super().__init__(secret)
        self.piece = lambda text: text  # type: ignore[assignment]

    def close(self, text: str, place: str) -> str:
        return text

    def veil(self, told: str) -> str:
        return told
