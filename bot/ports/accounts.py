"""The store of accounts, sessions and one-time links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.models import Account, OneTimeLink, Session


class Accounts(Protocol):
    """Who may come into the console, and who is in."""

    def add(self, account: Account) -> None:
        """Store a new account. Its name is free: see `by_name`."""

    def save(self, account: Account) -> None:
        """Replace a stored account."""

    def get(self, account: str) -> Account | None:
        """By our id."""

    def by_name(self, name: str) -> Account | None:
        """By the name that is typed to sign in."""

    def of_person(self, person: str) -> Account | None:
        """The account of a person (id)."""

    def all(self) -> Sequence[Account]:
        """Every account, by name."""

    def is_empty(self) -> bool:
        """Whether there is no account at all."""

    def open(self, session: Session) -> None:
        """Somebody came in."""

    def session(self, key: str) -> Session | None:
        """By the hash of what the browser holds."""

    def keep(self, session: Session) -> None:
        """Replace a session's area and when it was last seen."""

    def close(self, key: str) -> None:
        """They went out."""

    def close_all(self, account: str) -> None:
        """Everybody who is in with this account is out."""

    def close_before(self, seen: datetime, created: datetime) -> None:
        """Those last seen before `seen` or opened before `created` are out."""

    def offer(self, link: OneTimeLink) -> None:
        """A link that may be taken once; earlier ones of the same purpose and subject end."""

    def offered(self, key: str) -> OneTimeLink | None:
        """A link that was not taken yet."""

    def take(self, key: str) -> None:
        """It was taken; those that are over go with it."""

    def failed(self, address: str, at: datetime, since: datetime) -> None:
        """A wrong password came from an address; what came before `since` is forgotten."""

    def failures(self, address: str, since: datetime) -> int:
        """How many wrong passwords came from an address since then."""
