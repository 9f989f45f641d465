"""Approved answers."""

from __future__ import annotations

from msgspec import Struct

from bot.models.appeals import Audience


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
