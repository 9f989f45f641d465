"""What cannot be right about a notice, whoever wrote it and wherever. Pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from bot.language.notice_words import find_blank

LONGEST = 2000
"""Characters: more than a group reads, and than some platforms take."""


class Wrong(StrEnum):
    """A kind of fault."""

    EMPTY = "empty"
    BLANK = "blank"
    LONG = "long"
    PASSED = "passed"


class NoticeFault(Struct, frozen=True):
    """A kind of fault, and the words that it is about: a blank field."""

    wrong: Wrong
    words: str = ""


def fault_of(text: str, at: datetime | None, now: datetime) -> NoticeFault | None:
    """The first fault; `at` None: it goes out as soon as it is confirmed, or has no time yet."""
    fault = fault_of_words(text)
    if fault is None and at is not None and at < now:
        return NoticeFault(Wrong.PASSED)
    return fault


def fault_of_words(text: str) -> NoticeFault | None:
    """The first fault of the words alone."""
    if not text:
        return NoticeFault(Wrong.EMPTY)
    if blank := find_blank(text):
        return NoticeFault(Wrong.BLANK, blank)
    return NoticeFault(Wrong.LONG) if len(text) > LONGEST else None
