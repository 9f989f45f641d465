"""The stores of residents' matters and of everybody's history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Appeal, Event, Note, State


class Appeals(Protocol):
    """Residents' matters."""

    def add(self, appeal: Appeal) -> None:
        """Store a new appeal."""

    def save(self, appeal: Appeal) -> None:
        """Replace a stored appeal."""

    def get(self, appeal: str) -> Appeal | None:
        """By our id."""

    def by_number(self, number: str) -> Appeal | None:
        """By the full public number."""

    def by_short(self, short: int, group: str | None) -> Sequence[Appeal]:
        """By the short number, in one group or (None) in all, newest first."""

    def listed(
        self, *, group: str | None, area: str, states: Sequence[State], limit: int
    ) -> Sequence[Appeal]:
        """Appeals below an area, optionally of one group, most urgent deadline first."""

    def created_since(self, since: datetime, limit: int) -> Sequence[Appeal]:
        """Those recorded since then, newest first."""

    def ended_since(self, since: datetime, limit: int) -> Sequence[Appeal]:
        """Those closed since then, in whatever way, newest first."""

    def reported_by(self, person: str, states: Sequence[State], limit: int) -> Sequence[Appeal]:
        """A person's own appeals, newest first."""

    def told_by(self, person: str, since: datetime, limit: int) -> int:
        """How many a person recorded after that moment, counted up to `limit`."""

    def closed_before(self, at: datetime, limit: int) -> Sequence[Appeal]:
        """Closed ones (已办结) that nobody has answered for, the longest waiting first."""

    def first_closed(self) -> datetime | None:
        """When the longest waiting of these was closed."""

    def to_recheck(self, now: datetime, limit: int) -> Sequence[Appeal]:
        """Those that are to be looked at again by now, earliest first."""

    def first_recheck(self) -> datetime | None:
        """When the next one is to be looked at again."""

    def told_at(
        self, group: str, building: str, category: str, since: datetime
    ) -> Sequence[Appeal]:
        """The newest few that a group told of a kind at a building since then, newest first."""

    def below(self, parent: str) -> Sequence[Appeal]:
        """What was split off an appeal or found by a sweep, oldest first."""

    def merged_into(self, appeal: str) -> Sequence[Appeal]:
        """What an appeal stands for besides itself, oldest first."""

    def escalated(self, area: str, limit: int) -> Sequence[Appeal]:
        """Appeals below an area that were brought up to a venue, newest first."""

    def next_number(self, scope: str) -> int:
        """The next number of a named sequence, starting at 1."""


class Supporters(Protocol):
    """Who stands behind an appeal besides the one who brought it up, as ids of persons."""

    def add(self, appeal: str, person: str, at: datetime) -> bool:
        """Join an appeal; False when this person had joined before."""

    def remove(self, appeal: str, person: str) -> None:
        """Leave it again."""

    def of(self, appeal: str) -> Sequence[str]:
        """Everybody, in the order in which they joined."""


class Notes(Protocol):
    """Internal remarks on appeals."""

    def add(self, note: Note) -> str:
        """Store a remark; returns its id."""

    def withdraw(self, note: str, at: datetime) -> None:
        """Take a remark back: nobody reads it any more."""

    def of(self, appeal: str) -> Sequence[Note]:
        """An appeal's remarks, oldest first, without those taken back."""


class Events(Protocol):
    """The history of every object: append-only."""

    def add(self, event: Event) -> None:
        """Append one line."""

    def of(self, subject: str) -> Sequence[Event]:
        """An object's history, oldest first."""

    def caused_by(self, message: str) -> Sequence[Event]:
        """What a message did, oldest first."""

    def last_by(self, actor: str, since: datetime) -> Event | None:
        """What this person did last, not before `since`; coming into the console is no deed."""
