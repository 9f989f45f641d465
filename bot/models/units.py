"""Who outside the staff takes matters on."""

from __future__ import annotations

from msgspec import Struct


class Unit(Struct, frozen=True, kw_only=True):
    """A unit that matters are handed to: 物业, 供电所. `phone` is its own, no person's."""

    name: str
    phone: str = ""
    note: str = ""
