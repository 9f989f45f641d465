"""Who may come into the console, what they hold while they are in, and what lets them in once."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

CONSOLE = "console"
"""The channel of people who have no chat account."""

H5 = "h5"
"""The channel of residents who write by the page."""

PAGES = frozenset({CONSOLE, H5})
"""Channels that nothing can be sent to: their people read what there is on the page."""


class Access(StrEnum):
    """What an account permits beside its person's role: also to keep accounts, or only to look."""

    ADMIN = "admin"
    STAFF = "staff"
    READER = "reader"


class Account(Struct, frozen=True, kw_only=True):
    """A name to sign in with. Role and area are those of its `person` (id).

    `secret` is an argon2id hash; empty: only by link or scan. After too many wrong passwords it is
    shut until `locked_until`.
    """

    id: str
    name: str
    person: str
    created_at: datetime
    secret: str = ""
    access: Access = Access.STAFF
    disabled: bool = False
    failures: int = 0
    locked_until: datetime | None = None


class Session(Struct, frozen=True, kw_only=True):
    """Somebody who is in. `key` is the SHA-256 of what the browser holds, `token` what their forms
    carry, `area` what they look at now (empty: everything of theirs).
    """

    key: str
    account: str
    token: str
    created_at: datetime
    seen_at: datetime
    area: str = ""


class Purpose(StrEnum):
    """What a one-time link is for: the first account of all, coming in, a new password."""

    SET_UP = "set_up"
    ENTER = "enter"
    PASSWORD = "password"  # noqa: S105 - a purpose, not a password


class OneTimeLink(Struct, frozen=True, kw_only=True):
    """A link that works once. `key` is the SHA-256 of its last part; `subject` is a person's id
    (`ENTER`), an account's (`PASSWORD`) or empty.
    """

    key: str
    purpose: Purpose
    subject: str
    expires_at: datetime
