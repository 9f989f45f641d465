"""What volunteers did: for the community's yearly count, never a rank of people."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


class Service(Struct, frozen=True, kw_only=True):
    """One piece of work: how many people for how long. `minutes` are of each of them.

    `recorder` is the id of the person who wrote it down.
    """

    id: str
    area: str
    day: date
    what: str
    people: int
    minutes: int
    recorder: str
    at: datetime
    team: str = ""
    withdrawn_at: datetime | None = None


class Hours(Struct, frozen=True):
    """`服务36次，累计服务时长230小时`: pieces of work, and hours of all people together."""

    times: int = 0
    hours: float = 0.0
    people: int = 0
