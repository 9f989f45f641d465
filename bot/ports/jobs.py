"""The store of work that is done beside the messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Job, JobState


class Jobs(Protocol):
    """Work to be done: queued → running → done | dead."""

    def add(self, job: Job, now: datetime, once: str) -> bool:
        """Queue a job; False when one with the same `once` key was ever added ("" : no key)."""

    def claim(self, now: datetime, limit: int) -> Sequence[Job]:
        """Mark due jobs as running and return them, the longest due first."""

    def settle(
        self,
        job: str,
        state: JobState,
        now: datetime,
        *,
        error: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        """Write down what became of a running job."""

    def interrupted(self) -> int:
        """Jobs that ran when the process died are queued again; their number."""

    def next_due(self) -> datetime | None:
        """When the earliest queued job is due."""

    def get(self, job: str) -> Job | None:
        """By our id."""

    def counts(self) -> Mapping[JobState, int]:
        """Jobs by state."""
