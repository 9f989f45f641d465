"""The store of what was said about deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Appeal


class Reminders(Protocol):
    """What was said about deadlines, each thing once, and which appeals to look at when."""

    def start(self, subject: str, stage: str, deadline: datetime, now: datetime) -> bool:
        """Claim one step about one deadline; False when it was claimed before."""

    def claimed(self, subject: str) -> set[tuple[str, datetime]]:
        """The steps of a subject that were claimed, with their deadlines."""

    def last(self, subject: str, stage: str) -> datetime | None:
        """The latest deadline about which a step of a subject was claimed."""

    def forget(self, subject: str, stage: str, before: datetime) -> None:
        """Let go the claims of a subject's step about deadlines before then."""

    def to_look_at(self, now: datetime, limit: int) -> Sequence[Appeal]:
        """Appeals that changed, or of which something is due to be said."""

    def look_again(self, appeal: str, at: datetime | None) -> None:
        """When to look at an appeal next, if it does not change before; None: not before that."""

    def next_look(self) -> datetime | None:
        """When the earliest of all is to be looked at."""
