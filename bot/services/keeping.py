"""How long things are kept: what is over goes, a little at a time, and never twice a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from bot.ports import Store

DAY = timedelta(days=1)
MOST = 2000


class Terms(Struct, frozen=True, kw_only=True):
    """How long each kind is kept."""

    audit: timedelta = timedelta(days=400)


class KeepingService:
    """One transaction of letting go."""

    def __init__(self, store: Store, terms: Terms, now: datetime) -> None:
        self._store = store
        self._terms = terms
        self._now = now

    def next_look(self) -> datetime | None:
        """When something will have been over for a day."""
        oldest = self._store.audit.oldest()
        return None if oldest is None else oldest + self._terms.audit + DAY

    def sweep(self) -> None:
        """Let go what is over, at most `MOST` of a kind; the next tick goes on."""
        self._store.audit.trim(self._now - self._terms.audit, self._now, MOST)
