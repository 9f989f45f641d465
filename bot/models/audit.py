"""What was done, for those who check the office: lines of the audit, and what checking found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field


class Door(StrEnum):
    """Through which door somebody came."""

    CHAT = "chat"
    CONSOLE = "console"
    COMMAND_LINE = "cli"
    CLOCK = "clock"


class Entry(Struct, frozen=True, kw_only=True):
    """Something to be written down. `actor` is a person's id, or a word for what is no person.

    `subject` is `kind:id` (`appeal:a12`, `person:wecom_app/main:ZhangSan`). Of `before` and
    `after` only states, times, roles and references are kept in clear; of words only how long
    they are.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)
    door: Door = Door.CHAT


class AuditLine(Struct, frozen=True, kw_only=True):
    """A line as it stands: numbered without a gap, each with the hash of all before it."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    door: Door
    hash: str


class AuditSearch(Struct, frozen=True, kw_only=True):
    """Which lines are sought: of any of these actors, about an object, of a deed, of a time."""

    actors: tuple[str, ...] = ()
    subject: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


class AuditVerdict(Struct, frozen=True, kw_only=True):
    """What checking the chain found: how many lines from which to which, and what is wrong."""

    lines: int
    first: int
    last: int
    faults: tuple[str, ...] = ()
