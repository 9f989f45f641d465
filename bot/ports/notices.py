"""The store of planned words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Notice, NoticeState, ReplyKind, Run


class Notices(Protocol):
    """Planned words, and the runs of each."""

    def save(self, notice: Notice) -> None:
        """Add or replace a notice."""

    def get(self, notice: str) -> Notice | None:
        """By our id."""

    def due(self, now: datetime, limit: int) -> Sequence[Notice]:
        """Planned notices whose time has come, earliest first."""

    def next_due(self) -> datetime | None:
        """When the earliest planned notice is due."""

    def by_state(self, state: NoticeState, limit: int) -> Sequence[Notice]:
        """Notices in one state, earliest planned first."""

    def planned_between(self, first: datetime, last: datetime) -> Sequence[Notice]:
        """Notices that are planned, or wait for a second person, for a moment of this stretch."""

    def between(
        self, states: Sequence[NoticeState], first: datetime, last: datetime, limit: int
    ) -> Sequence[Notice]:
        """Notices in some states whose next time lies in this stretch, earliest first."""

    def recurring(self, states: Sequence[NoticeState], limit: int) -> Sequence[Notice]:
        """Notices that come again, in some states."""

    def newest(
        self, states: Sequence[NoticeState], words: Sequence[str], limit: int, skip: int
    ) -> Sequence[Notice]:
        """Notices in some states whose text holds all words, those of the latest time first."""

    def runs_between(self, first: datetime, last: datetime, limit: int) -> Sequence[Run]:
        """Runs whose time lies in this stretch, earliest first."""

    def correcting(self, notice: str) -> Notice | None:
        """The newest notice that puts this one right."""

    def by_author(self, author: str, limit: int) -> Sequence[Notice]:
        """A person's notices, newest first."""

    def start_run(self, run: Run) -> bool:
        """Claim the one run of (notice, planned time); False when it was claimed before."""

    def save_run(self, run: Run) -> None:
        """Replace a run that was started."""

    def runs(self, notice: str) -> Sequence[Run]:
        """The runs of a notice, newest first."""

    def started_since(self, since: datetime) -> Sequence[Run]:
        """Runs that were started lately, of whatever notice."""

    def runs_to_look_at(self, now: datetime, limit: int) -> Sequence[Run]:
        """Runs whose author is to be told something, the longest waiting first."""

    def next_look(self) -> datetime | None:
        """When a run is next to be looked at."""


class NoticeReplies(Protocol):
    """What was volunteered about runs; `who` tells people apart and names nobody."""

    def save(self, run: str, who: str, kind: ReplyKind, number: int, at: datetime) -> None:
        """Count it; what the same one said before of this kind is replaced."""

    def counts(self, run: str) -> Mapping[ReplyKind, tuple[int, int]]:
        """Of each kind how many people, and the sum of their numbers."""
