"""The store of what was done: append-only, each line chained to those before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import AuditLine, AuditSearch, AuditVerdict, Entry


class Audit(Protocol):
    """There is no way to change a line; the oldest go when their time is over."""

    def add(self, entry: Entry) -> None:
        """Append a line. Residents stand in it under a name that only the key can tell."""

    def alias(self, person: str) -> str:
        """The name under which a resident stands in the lines."""

    def lines(
        self, *, subject: str = "", actor: str = "", before: int | None = None, limit: int = 100
    ) -> Sequence[AuditLine]:
        """The newest first, of one object or one actor; `before` a number, for pages."""

    def found(
        self, wanted: AuditSearch, *, before: int | None = None, limit: int = 100
    ) -> Sequence[AuditLine]:
        """The newest first of those that fit; `before` a number, for pages."""

    def actions(self) -> Sequence[str]:
        """Which deeds there are, in order."""

    def oldest(self) -> datetime | None:
        """When the oldest kept line was written."""

    def trim(self, before: datetime, now: datetime, limit: int) -> int:
        """Let the oldest lines go, at most `limit`; the chain begins behind them from now on."""

    def verify(self) -> AuditVerdict:
        """Go through the whole chain."""
