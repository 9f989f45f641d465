"""Accounts of the console: the first one, further ones, links that let somebody in once.

Passwords are hashed outside, in a thread; here are only their hashes. What a browser or a link
holds is stored as its SHA-256 alone, so a stolen database opens no door.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot.errors import Faulty, NotAllowed, NotFound, NotPossible
from bot.models import (
    CONSOLE,
    Access,
    Account,
    Event,
    OneTimeLink,
    Person,
    Purpose,
    Role,
)
from bot.ports import Store
from bot.rules.permissions import RANKS, STAFF, covers

LASTS = {
    Purpose.SET_UP: timedelta(hours=24),
    Purpose.ENTER: timedelta(minutes=10),
    Purpose.PASSWORD: timedelta(hours=24),
}
NAME_LONGEST = 32


class AccountsService:
    """Accounts and sessions within one transaction."""

    def __init__(self, store: Store, now: datetime, cause: str = "") -> None:
        self._store = store
        self._now = now
        self._cause = cause

    # The first account

    def invite_first(self) -> str | None:
        """The last part of a link that makes the first account; None when there is one already."""
        if not self._store.accounts.is_empty():
            return None
        return self._offer(Purpose.SET_UP, "")

    def set_up(self, link: str, name: str, secret: str, area: str) -> Account:
        """Make the first account, an administrator of `area`.

        Raises `NotFound` for a link that is over, `Faulty` for a name that cannot be.
        """
        offered = self.offered(link, Purpose.SET_UP)
        if not self._store.accounts.is_empty():
            raise NotFound(link)
        self._store.accounts.take(offered.key)
        role = Role.STREET if "/" not in area else Role.COMMUNITY
        return self.create(name, role, area, Access.ADMIN, secret=secret)

    # Accounts

    def create(
        self,
        name: str,
        role: Role,
        area: str,
        access: Access,
        *,
        secret: str = "",
        by: Person | None = None,
    ) -> Account:
        """An account for somebody without a chat account. Raises `Faulty`, `NotPossible`."""
        name = self._free(name)
        person = Person(
            id=f"{CONSOLE}:{name}", channel=CONSOLE, user=name, name=name, role=role, area=area
        )
        self._store.people.save(person)
        return self._new(name, person, access, secret, by or person)

    def of_person(self, person: Person) -> Account:
        """The account of somebody on staff; made when there is none. Raises `NotAllowed`."""
        if person.role not in STAFF:
            raise NotAllowed(person.role)
        known = self._store.accounts.of_person(person.id)
        if known is not None:
            return known
        taken = self._store.accounts.by_name(person.name) is not None
        name = person.id if taken else person.name
        return self._new(name, person, Access.STAFF, "", person)

    def all(self) -> Sequence[tuple[Account, Person]]:
        """Every account with its person, by name."""
        found = ((a, self._store.people.by_id(a.person)) for a in self._store.accounts.all())
        return [(account, person) for account, person in found if person is not None]

    def get(self, account: str) -> Account:
        """By our id. Raises `NotFound`."""
        found = self._store.accounts.get(account)
        if found is None:
            raise NotFound(account)
        return found

    def within(self, account: str, actor: Person) -> Account:
        """An account whose person belongs below somebody's own area. Raises `NotFound`."""
        found = self.get(account)
        owner = self._store.people.by_id(found.person)
        if owner is None or not keeps(actor, owner):
            raise NotFound(account)
        return found

    def change(self, account: Account, actor: Person, *, access: Access, disabled: bool) -> Account:
        """What an account permits. Raises `NotPossible` for the last administrator."""
        after = msgspec.structs.replace(account, access=access, disabled=disabled)
        admins = [a for a in self._store.accounts.all() if is_admin(a) and a.id != account.id]
        if is_admin(account) and not is_admin(after) and not admins:
            raise NotPossible("这是最后一个系统管理员，先让别人当管理员，再改这一个。")
        self._store.accounts.save(after)
        if disabled:
            self._store.accounts.close_all(account.id)
        self._note(actor, account, "改账号", f"{access} {'停用' if disabled else '启用'}")
        return after

    def set_secret(self, account: Account, secret: str, actor: Person | None) -> Account:
        """A new password; whoever was in with the old one is out."""
        after = msgspec.structs.replace(account, secret=secret, failures=0, locked_until=None)
        self._store.accounts.save(after)
        self._store.accounts.close_all(account.id)
        self._note(actor, account, "改密码")
        return after

    # Links

    def offer_entry(self, person: Person) -> str:
        """The last part of a link by which somebody on staff comes in. Raises `NotAllowed`."""
        if person.role not in STAFF:
            raise NotAllowed(person.role)
        return self._offer(Purpose.ENTER, person.id)

    def offer_password(self, account: Account) -> str:
        """The last part of a link by which an account gets a new password."""
        return self._offer(Purpose.PASSWORD, account.id)

    def offered(self, link: str, purpose: Purpose) -> OneTimeLink:
        """A link that still works. Raises `NotFound`."""
        found = self._store.accounts.offered(digest(link))
        if found is None or found.purpose is not purpose or found.expires_at <= self._now:
            raise NotFound(link)
        return found

    def enter(self, link: str) -> Account:
        """Use a link up. Raises `NotFound` when it is over, `NotAllowed` for a closed account."""
        offered = self.offered(link, Purpose.ENTER)
        person = self._store.people.by_id(offered.subject)
        if person is None:
            raise NotFound(link)
        account = self.of_person(person)
        if account.disabled:
            raise NotAllowed(account.name)
        self._store.accounts.take(offered.key)
        return account

    def new_password(self, link: str, secret: str) -> Account:
        """Use a link up for a new password. Raises `NotFound`."""
        offered = self.offered(link, Purpose.PASSWORD)
        account = self.get(offered.subject)
        person = self._store.people.by_id(account.person)
        self._store.accounts.take(offered.key)
        return self.set_secret(account, secret, person)

    def _free(self, name: str) -> str:
        """A name that nobody has. Raises `Faulty`, `NotPossible`."""
        name = name.strip()
        if not name:
            raise Faulty("名字")
        if len(name) > NAME_LONGEST or not name.isprintable():
            raise Faulty("名字", "long")
        if self._store.accounts.by_name(name) is not None:
            raise NotPossible(f"「{name}」已经有人用了，请换一个名字。")
        return name

    def _new(
        self, name: str, person: Person, access: Access, secret: str, actor: Person
    ) -> Account:
        account = Account(
            id=f"u{self._store.appeals.next_number('accounts')}",
            name=name,
            person=person.id,
            created_at=self._now,
            secret=secret,
            access=access,
        )
        self._store.accounts.add(account)
        self._store.people.join_also(person.id, CONSOLE, account.id)
        self._note(actor, account, "开账号", access)
        return account

    def _offer(self, purpose: Purpose, subject: str) -> str:
        link = secrets.token_urlsafe(24)
        expires = self._now + LASTS[purpose]
        self._store.accounts.offer(
            OneTimeLink(key=digest(link), purpose=purpose, subject=subject, expires_at=expires)
        )
        return link

    def _note(self, actor: Person | None, account: Account, action: str, now: str = "") -> None:
        note(self._store, self._now, actor, account, action, now, self._cause)


def note(
    store: Store,
    at: datetime,
    actor: Person | None,
    account: Account,
    action: str,
    now: str = "",
    cause: str = CONSOLE,
) -> None:
    """One line of an account's history."""
    store.events.add(
        Event(
            id="",
            at=at,
            actor="" if actor is None else actor.id,
            subject=f"account:{account.id}",
            action=action,
            after={"access": now} if now else {},
            cause=cause,
        )
    )


def keeps(actor: Person, owner: Person) -> bool:
    """Whether an administrator keeps somebody's account: below their area, not above their role."""
    lower = RANKS.index(owner.role) <= RANKS.index(actor.role)
    return lower and covers(actor.area, owner.area)


def is_admin(account: Account) -> bool:
    """Whether it keeps the others."""
    return account.access is Access.ADMIN and not account.disabled


def digest(held: str) -> str:
    """What is stored of a secret that a browser or a link holds."""
    return hashlib.sha256(held.encode()).hexdigest()
