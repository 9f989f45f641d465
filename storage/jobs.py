"""Work that is done beside the messages: queued → running → done | dead."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.models import Job, JobState
from storage.codec import from_ms, maybe_at, maybe_ms, new_id, to_ms
from storage.keys import Keyring

_SELECT = "SELECT id, kind, payload, due_at, cause, attempts, state, error FROM jobs "


class SqliteJobs:
    """Implements `bot.ports.Jobs`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, job: Job, now: datetime, once: str) -> bool:
        key = job.id or new_id()
        payload = json.dumps(job.payload, ensure_ascii=False)
        cursor = self._execute(
            "INSERT INTO jobs (id, kind, payload, due_at, cause, once, attempts, state, error,"
            " created_at) VALUES (?,?,?,?,?,?,0,'queued','',?) ON CONFLICT (once) DO NOTHING",
            (
                key,
                job.kind,
                self._keys.close(payload, f"jobs.payload {key}"),
                to_ms(job.due_at),
                job.cause,
                once or None,
                to_ms(now),
            ),
        )
        return cursor.rowcount == 1

    def claim(self, now: datetime, limit: int) -> Sequence[Job]:
        rows = self._execute(
            _SELECT + "WHERE state = 'queued' AND due_at <= ? ORDER BY due_at, id LIMIT ?",
            (to_ms(now), limit),
        ).fetchall()
        for row in rows:
            self._execute(
                "UPDATE jobs SET state = 'running', attempts = attempts + 1 WHERE id = ?",
                (row[0],),
            )
        return [self._job(row) for row in rows]

    def settle(
        self,
        job: str,
        state: JobState,
        now: datetime,
        *,
        error: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        # What a finished job was about may be a secret (a link to a picture): it is forgotten.
        self._execute(
            "UPDATE jobs SET state = ?, settled_at = ?, error = ?, due_at = COALESCE(?, due_at),"
            " payload = CASE WHEN ? = 'queued' THEN payload ELSE '{}' END WHERE id = ?",
            (state, to_ms(now), error, maybe_ms(retry_at), state, job),
        )

    def interrupted(self) -> int:
        return self._execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'").rowcount

    def next_due(self) -> datetime | None:
        row = self._execute("SELECT MIN(due_at) FROM jobs WHERE state = 'queued'").fetchone()
        return maybe_at(row[0])

    def get(self, job: str) -> Job | None:
        row = self._execute(_SELECT + "WHERE id = ?", (job,)).fetchone()
        return None if row is None else self._job(row)

    def counts(self) -> Mapping[JobState, int]:
        rows = self._execute("SELECT state, COUNT(*) FROM jobs GROUP BY state")
        return {JobState(state): count for state, count in rows}

    def _job(self, row: Sequence[Any]) -> Job:
        job, kind, payload, due_at, cause, attempts, state, error = row
        return Job(
            id=job,
            kind=kind,
            payload=json.loads(self._keys.open(payload, f"jobs.payload {job}")),
            due_at=from_ms(due_at),
            cause=cause,
            attempts=attempts,
            state=JobState(state),
            error=error,
        )
