"""Approved answers."""

from __future__ import annotations

from msgspec import Struct


class FaqEntry(Struct, frozen=True, kw_only=True):
    """An approved answer. `dated` is when it was last confirmed; dates are Asia/Shanghai days."""

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
