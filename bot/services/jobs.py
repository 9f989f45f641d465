"""Asking for work that a handler must not wait for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bot.models import Job
from bot.ports import Store


class JobsService:
    """Jobs within one transaction: they begin after its commit, or never if it is undone."""

    def __init__(self, store: Store, now: datetime, cause: str) -> None:
        self._store = store
        self._now = now
        self._cause = cause

    def add(
        self,
        kind: str,
        payload: Mapping[str, str],
        due_at: datetime | None = None,
        once: str = "",
    ) -> bool:
        """Queue a job of a registered kind, for now or for `due_at`.

        False when a job with the same `once` was ever added. Whoever does it must bear to be
        called again: after a power cut a job that had begun begins anew.
        """
        job = Job(
            id="", kind=kind, payload=dict(payload), due_at=due_at or self._now, cause=self._cause
        )
        return self._store.jobs.add(job, self._now, once)
