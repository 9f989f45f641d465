"""Files that were looked at and wait for a yes: one a person, for half an hour, in memory alone.

A restart forgets them; then the file is chosen again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.errors import NotPossible

T = TypeVar("T")
KEPT = timedelta(minutes=30)
MOST = 20
OVER = "这个文件放得太久了，没有导入，请重新选一次。"


class Held(Generic[T]):
    """What is held, by a name that only its owner can use."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[str, tuple[str, datetime, T]] = {}

    def put(self, owner: str, thing: T) -> str:
        """Hold it instead of what the owner had before; its name."""
        fresh = self._now() - KEPT
        kept = [
            (name, one) for name, one in self._known.items() if one[0] != owner and one[1] >= fresh
        ]
        self._known = dict(kept[-MOST + 1 :])
        name = secrets.token_urlsafe(12)
        self._known[name] = (owner, self._now(), thing)
        return name

    def get(self, owner: str, name: str) -> T:
        """What is held. Raises `NotPossible` when it is not, or not for this owner."""
        found = self._known.get(name)
        if found is None or found[0] != owner or found[1] < self._now() - KEPT:
            raise NotPossible(OVER)
        return found[2]

    def drop(self, name: str) -> None:
        """It is done."""
        self._known.pop(name, None)
