"""Work that waits for something outside: a download, a file to read, an answer from afar."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class JobState(StrEnum):
    """What became of a job."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Struct, frozen=True, kw_only=True):
    """One piece of work of a named kind. `attempts` is how often it was begun before.

    `cause` is the message that asked for it ("" for the clock). A settled job keeps no payload.
    """

    id: str
    kind: str
    payload: dict[str, str]
    due_at: datetime
    cause: str = ""
    attempts: int = 0
    state: JobState = JobState.QUEUED
    error: str = ""
