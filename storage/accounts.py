"""Accounts, sessions, one-time links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.models import Access, Account, OneTimeLink, Purpose, Session
from storage.codec import from_ms, maybe_at, maybe_ms, to_ms
from storage.savepoints import LazyConnection

_ACCOUNT = (
    "SELECT id, name, person, secret, access, disabled, created_at, failures, locked_until"
    " FROM accounts "
)


class SqliteAccounts:
    """Implements `bot.ports.Accounts`."""

    def __init__(self, connection: LazyConnection) -> None:
        self._execute = connection.execute

    def add(self, account: Account) -> None:
        self._execute(
            "INSERT INTO accounts (name, person, secret, access, disabled, created_at, failures,"
            " locked_until, id) VALUES (?,?,?,?,?,?,?,?,?)",
            _values(account),
        )

    def save(self, account: Account) -> None:
        self._execute(
            "UPDATE accounts SET name = ?, person = ?, secret = ?, access = ?, disabled = ?,"
            " created_at = ?, failures = ?, locked_until = ? WHERE id = ?",
            _values(account),
        )

    def get(self, account: str) -> Account | None:
        return self._one("WHERE id = ?", account)

    def by_name(self, name: str) -> Account | None:
        return self._one("WHERE name = ?", name)

    def of_person(self, person: str) -> Account | None:
        return self._one("WHERE person = ?", person)

    def all(self) -> Sequence[Account]:
        return [_account(row) for row in self._execute(_ACCOUNT + "ORDER BY name")]

    def is_empty(self) -> bool:
        return self._execute("SELECT 1 FROM accounts LIMIT 1").fetchone() is None

    def open(self, session: Session) -> None:
        self._execute(
            "INSERT INTO sessions (session_key, account, token, area, created_at, seen_at)"
            " VALUES (?,?,?,?,?,?)",
            (
                session.key,
                session.account,
                session.token,
                session.area,
                to_ms(session.created_at),
                to_ms(session.seen_at),
            ),
        )

    def session(self, key: str) -> Session | None:
        row = self._execute(
            "SELECT session_key, account, token, area, created_at, seen_at FROM sessions"
            " WHERE session_key = ?",
            (key,),
        ).fetchone()
        return None if row is None else _session(row)

    def keep(self, session: Session) -> None:
        self._execute(
            "UPDATE sessions SET area = ?, seen_at = ? WHERE session_key = ?",
            (session.area, to_ms(session.seen_at), session.key),
        )

    def close(self, key: str) -> None:
        self._execute("DELETE FROM sessions WHERE session_key = ?", (key,))

    def close_all(self, account: str) -> None:
        self._execute("DELETE FROM sessions WHERE account = ?", (account,))

    def close_before(self, seen: datetime, created: datetime) -> None:
        self._execute(
            "DELETE FROM sessions WHERE seen_at < ? OR created_at < ?",
            (to_ms(seen), to_ms(created)),
        )

    def offer(self, link: OneTimeLink) -> None:
        self._execute(
            "DELETE FROM one_time_links WHERE purpose = ? AND subject = ?",
            (link.purpose, link.subject),
        )
        self._execute(
            "INSERT INTO one_time_links (link_key, purpose, subject, expires_at) VALUES (?,?,?,?)",
            (link.key, link.purpose, link.subject, to_ms(link.expires_at)),
        )

    def offered(self, key: str) -> OneTimeLink | None:
        row = self._execute(
            "SELECT link_key, purpose, subject, expires_at FROM one_time_links WHERE link_key = ?",
            (key,),
        ).fetchone()
        if row is None:
            return None
        return OneTimeLink(
            key=row[0], purpose=Purpose(row[1]), subject=row[2], expires_at=from_ms(row[3])
        )

    def take(self, key: str) -> None:
        self._execute("DELETE FROM one_time_links WHERE link_key = ?", (key,))

    def failed(self, address: str, at: datetime, since: datetime) -> None:
        self._execute("DELETE FROM sign_in_failures WHERE at < ?", (to_ms(since),))
        self._execute(
            "INSERT INTO sign_in_failures (address, at) VALUES (?,?)", (address, to_ms(at))
        )

    def failures(self, address: str, since: datetime) -> int:
        rows = self._execute(
            "SELECT COUNT(*) FROM sign_in_failures WHERE address = ? AND at >= ?",
            (address, to_ms(since)),
        )
        return sum(int(row[0]) for row in rows)

    def _one(self, where: str, value: str) -> Account | None:
        row = self._execute(_ACCOUNT + where, (value,)).fetchone()
        return None if row is None else _account(row)


def _values(account: Account) -> tuple[Any, ...]:
    return (
        account.name,
        account.person,
        account.secret,
        account.access,
        int(account.disabled),
        to_ms(account.created_at),
        account.failures,
        maybe_ms(account.locked_until),
        account.id,
    )


def _account(row: Sequence[Any]) -> Account:
    id_, name, person, secret, access, disabled, created_at, failures, locked_until = row
    return Account(
        id=id_,
        name=name,
        person=person,
        secret=secret,
        access=Access(access),
        disabled=bool(disabled),
        created_at=from_ms(created_at),
        failures=failures,
        locked_until=maybe_at(locked_until),
    )


def _session(row: Sequence[Any]) -> Session:
    key, account, token, area, created_at, seen_at = row
    return Session(
        key=key,
        account=account,
        token=token,
        area=area,
        created_at=from_ms(created_at),
        seen_at=from_ms(seen_at),
    )
