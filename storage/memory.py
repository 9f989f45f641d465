"""What was read before, kept at hand. Good for as long as this process is the only one to write."""

from __future__ import annotations

from typing import Generic, TypeVar

from storage.savepoints import LazyConnection

K = TypeVar("K")
V = TypeVar("V")

MOST = 4096


class Memory(Generic[K, V]):
    """Rows by key. Whoever writes a row forgets its key.

    All is forgotten when anything was undone: a row that was read may never have been. A reading
    connection ends every snapshot by undoing it, so it remembers nothing beyond one.
    """

    def __init__(self, connection: LazyConnection) -> None:
        self._connection = connection
        self._undone = connection.undone
        self._known: dict[K, V] = {}

    def get(self, key: K) -> V | None:
        """What is known; None when it must be read."""
        if self._undone != self._connection.undone or len(self._known) > MOST:
            self._undone = self._connection.undone
            self._known.clear()
        return self._known.get(key)

    def keep(self, key: K, value: V) -> None:
        """Remember what was just read; `get` came before."""
        self._known[key] = value

    def forget(self, key: K) -> None:
        """It was written."""
        self._known.pop(key, None)
