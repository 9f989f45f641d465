"""When something comes again."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum

from msgspec import Struct


class Beat(StrEnum):
    """How often. `workdays` and `before_holiday` follow the State Council's yearly table."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    WORKDAYS = "workdays"
    BEFORE_HOLIDAY = "before_holiday"


class Recurrence(Struct, frozen=True, kw_only=True):
    """A beat at a wall time in Asia/Shanghai.

    `weekdays`: Monday is 0. `days`: 1 to 31, or -1 for the last of the month; a day that a month
    does not have is its last one. `until`: the last day on which it may come.
    """

    beat: Beat
    at: time
    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()
    until: date | None = None
