"""What is kept of a person, and what letting go of it took away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from bot.models.appeals import Appeal

GONE = "erased"
"""Who stands behind what a person has had erased: nobody."""


class Holdings(Struct, frozen=True, kw_only=True):
    """What is kept of one person."""

    messages: int
    since: datetime | None
    appeals: int
    open_appeals: int
    pictures: int


class Erased(Struct, frozen=True, kw_only=True):
    """How many rows of each kind were emptied, whose bytes are to go, and which private matters
    ended with it."""

    rows: Mapping[str, int]
    sha256: tuple[str, ...] = ()
    ended: tuple[Appeal, ...] = ()
