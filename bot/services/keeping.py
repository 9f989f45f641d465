"""How long things are kept: what is over goes, a little at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from bot.ports import Store
from bot.services.jobs import JobsService
from bot.services.media import ERASE
from bot.services.privacy import PrivacyService

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MOST = 1000
FEW = 50


class Terms(Struct, frozen=True, kw_only=True):
    """How long each kind is kept: talk that led to nothing, all other messages, appeals after
    their end with the one who told them, and the audit.
    """

    chatter: timedelta = timedelta(days=1)
    messages: timedelta = timedelta(days=180)
    appeals: timedelta = timedelta(days=365)
    audit: timedelta = timedelta(days=400)


class KeepingService:
    """One transaction of letting go."""

    def __init__(self, store: Store, terms: Terms, now: datetime) -> None:
        self._store = store
        self._terms = terms
        self._now = now

    def next_look(self) -> datetime | None:
        """When something is over; not for every row, but for many at once."""
        return min(self._looks(), default=None)

    def sweep(self) -> None:
        """Let go what is over, so many of a kind at once; the next tick goes on."""
        erasure, terms = self._store.erasure, self._terms
        erasure.chatter(self._now - terms.chatter, MOST)
        erasure.messages(self._now - terms.messages, MOST)
        privacy = PrivacyService(self._store, self._now)
        jobs = JobsService(self._store, self._now, "")
        for appeal in erasure.closed_before(self._now - terms.appeals, FEW):
            for name in privacy.anonymise(appeal).sha256:
                jobs.add(ERASE, {"sha256": name})
        self._store.audit.trim(self._now - terms.audit, self._now, MOST)

    def _looks(self) -> Iterator[datetime]:
        erasure, terms = self._store.erasure, self._terms
        for oldest, kept in (
            (erasure.first_message(chatter=True), terms.chatter + HOUR),
            (erasure.first_message(chatter=False), terms.messages + DAY),
            (erasure.first_closed(), terms.appeals + DAY),
            (self._store.audit.oldest(), terms.audit + DAY),
        ):
            if oldest is not None:
                yield oldest + kept
