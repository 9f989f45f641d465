"""Approved answers."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from bot.models.appeals import Audience


class Validity(StrEnum):
    """Whether an answer is said on a day; `expiring` ones are said, but not for long."""

    CURRENT = "current"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    COMING = "coming"


class FaqEntry(Struct, frozen=True, kw_only=True):
    """An approved answer. `dated` is when it was last confirmed; dates are Asia/Shanghai days.

    `keywords` alone bring it up as a choice. `audience`: everybody, private chats, or staff.
    """

    id: str
    question: str
    answer: str
    source: str
    phrasings: tuple[str, ...] = ()
    tag: str = ""
    area: str = ""
    dated: str = ""
    valid_from: str = ""
    valid_until: str = ""
    keywords: tuple[str, ...] = ()
    audience: Audience = Audience.PUBLIC


class FaqSearch(Struct, frozen=True, kw_only=True):
    """Which entries of the bank are looked for, on a day (ISO); `soon` is when `expiring` ends.

    `area` is whose bank: entries at, below and above it, and those for everywhere. `here`: of that
    very area alone. All of `words` must stand somewhere in the entry.
    """

    area: str
    day: str
    soon: str
    words: tuple[str, ...] = ()
    tag: str = ""
    here: str = ""
    validity: Validity | None = None
