"""Taking persons out of the data: what they said, and every trace that leads to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Appeal, Erased, Holdings, Person


class Erasure(Protocol):
    """Rows stay where numbers need them, without anybody in them."""

    def told(self, person: str, at: datetime, version: str) -> bool:
        """Note that somebody was told what is kept; False when they had been told so before."""

    def holdings(self, person: Person) -> Holdings:
        """What is kept of a person."""

    def person(self, person: Person, cause: str) -> Erased:
        """Empty everything that a person said but the message `cause`, and forget the person."""

    def appeal(self, appeal: str, summary: str) -> Erased:
        """Nobody stands behind an appeal any more; `summary` is all that is told of it."""

    def last_words(self, message: str) -> None:
        """The message by which somebody asked, and what was answered to it."""

    def mentions(self, name: str, numbers: Sequence[str], after: str, limit: int) -> str:
        """Go through what was said behind the row `after`: a name becomes 某某, and what staff
        were told in private of these appeals is emptied. Where to go on; "" at the end.
        """

    def forget_words(self) -> None:
        """Write the index of words anew, so that it holds none that were taken out."""

    def chatter(self, before: datetime, limit: int) -> int:
        """Empty messages that led to nothing."""

    def messages(self, before: datetime, limit: int) -> int:
        """Empty all older messages, their traces, and what was said; nobody sent them any more."""

    def first_message(self, *, chatter: bool) -> datetime | None:
        """When the oldest came that is not empty yet: of all, or of those that led to nothing."""

    def closed_before(self, at: datetime, limit: int) -> Sequence[Appeal]:
        """Appeals that ended before and still have somebody in them, the oldest first."""

    def first_closed(self) -> datetime | None:
        """When the oldest of these ended."""
