"""Coming into the console and going out again: tries, being shut out, sessions.

Passwords are compared outside, in a thread; here are only their hashes.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from bot.errors import NotAllowed, NotFound
from bot.models import Account, Person, Session
from bot.ports import Store
from bot.rules.permissions import STAFF, covers
from bot.services.accounts import digest, note

# Enough for a person who forgot, not for a program that guesses.
TRIES = 6
SHUT = timedelta(minutes=15)
ADDRESS_TRIES = 30
SEEN_EVERY = timedelta(minutes=1)


class Limits(Struct, frozen=True):
    """How long a session lasts without a click, and at most."""

    idle: timedelta = timedelta(hours=2)
    whole: timedelta = timedelta(hours=12)


class Entered(Struct, frozen=True):
    """Somebody who is in: their session, account and person."""

    session: Session
    account: Account
    person: Person


class SignInService:
    """Tries and sessions within one transaction."""

    def __init__(self, store: Store, now: datetime, limits: Limits | None = None) -> None:
        self._store = store
        self._now = now
        self._limits = limits or Limits()

    def is_shut(self, name: str, address: str) -> bool:
        """Whether one must wait before another try, by the account or by where one comes from."""
        account = self._store.accounts.by_name(name)
        if account is not None and account.locked_until and account.locked_until > self._now:
            return True
        return self._store.accounts.failures(address, self._now - SHUT) >= ADDRESS_TRIES

    def secret_of(self, name: str) -> str:
        """The hash to compare with; empty when there is none. Nobody may tell which."""
        account = self._store.accounts.by_name(name)
        return "" if account is None or account.disabled else account.secret

    def refused(self, name: str, address: str) -> None:
        """A wrong password: count it, and shut the account after too many."""
        self._store.accounts.failed(address, self._now, self._now - SHUT)
        account = self._store.accounts.by_name(name)
        if account is None:
            return
        failures = account.failures + 1
        shut = self._now + SHUT if failures >= TRIES else account.locked_until
        left = 0 if failures >= TRIES else failures
        self._store.accounts.save(
            msgspec.structs.replace(account, failures=left, locked_until=shut)
        )
        if failures >= TRIES:
            note(self._store, self._now, None, account, "锁定账号")

    def admitted(self, name: str) -> Account:
        """A right password. Raises `NotFound` when the account went away meanwhile."""
        account = self._store.accounts.by_name(name)
        if account is None or account.disabled:
            raise NotFound(name)
        freed = msgspec.structs.replace(account, failures=0, locked_until=None)
        if freed != account:
            self._store.accounts.save(freed)
        return freed

    # Sessions

    def open(self, account: Account) -> str:
        """Somebody comes in; returns what their browser holds from now on."""
        held = secrets.token_urlsafe(32)
        idle, whole = self._now - self._limits.idle, self._now - self._limits.whole
        self._store.accounts.close_before(idle, whole)
        self._store.accounts.open(
            Session(
                key=digest(held),
                account=account.id,
                token=secrets.token_urlsafe(24),
                created_at=self._now,
                seen_at=self._now,
            )
        )
        person = self._store.people.by_id(account.person)
        note(self._store, self._now, person, account, "登录")
        return held

    def inside(self, held: str) -> Entered | None:
        """Who holds this; None when they are not in, not any more, or no longer on staff."""
        session = self._store.accounts.session(digest(held))
        if session is None or not self._lasts(session):
            return None
        account = self._store.accounts.get(session.account)
        person = self._store.people.by_id(account.person) if account else None
        if account is None or person is None or account.disabled or person.role not in STAFF:
            return None
        return Entered(session, account, person)

    def is_stale(self, session: Session) -> bool:
        """Whether it is time to write down that they are still here."""
        return self._now - session.seen_at >= SEEN_EVERY

    def seen(self, session: Session) -> None:
        """They are still here."""
        self._store.accounts.keep(msgspec.structs.replace(session, seen_at=self._now))

    def look_at(self, entered: Entered, area: str) -> None:
        """Look at one area alone; empty: at everything of theirs. Raises `NotAllowed`."""
        if area and not covers(entered.person.area, area):
            raise NotAllowed(area)
        self._store.accounts.keep(
            msgspec.structs.replace(entered.session, area=area, seen_at=self._now)
        )

    def close(self, held: str) -> None:
        """They go out; what their browser holds is worth nothing any more."""
        self._store.accounts.close(digest(held))

    def _lasts(self, session: Session) -> bool:
        idle, whole = self._limits.idle, self._limits.whole
        return self._now - session.seen_at < idle and self._now - session.created_at < whole
