"""The store of persons and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.models import Group, Person


class People(Protocol):
    """Persons and groups: who speaks, where, and who is in charge."""

    def person(self, channel: str, user: str) -> Person | None:
        """A person by the platform's id, or by that of another account of theirs."""

    def by_id(self, person: str) -> Person | None:
        """A person by our id."""

    def save(self, person: Person) -> None:
        """Add or replace a person, by (channel, user)."""

    def join(self, person: str, accounts: Sequence[tuple[str, str]]) -> None:
        """These (channel, user) are the same person, and no others are any more."""

    def join_also(self, person: str, channel: str, user: str) -> None:
        """This account is the same person too."""

    def accounts(self, person: str) -> Sequence[tuple[str, str]]:
        """The further accounts (channel, user) of a person (id)."""

    def staff(self) -> Sequence[Person]:
        """Everyone who is not a resident."""

    def group(self, channel: str, chat: str) -> Group | None:
        """A group by the platform's id."""

    def group_by_id(self, group: str) -> Group | None:
        """A group by our id."""

    def save_group(self, group: Group) -> None:
        """Add or replace a group, by (channel, chat)."""

    def groups(self) -> Sequence[Group]:
        """All groups, by name."""

    def residents(self, channel: str) -> Sequence[Person]:
        """Everyone on a channel, by name."""
