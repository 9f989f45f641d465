"""One notice of a plan, as a file tells it."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from bot.models import Recurrence

MOST = 500
"""Notices of one file: more than a community plans in a month."""


class PlanRow(Struct, frozen=True, kw_only=True):
    """What a row says. `where` is what a person calls it (第3行). `at` is the one time, or of what
    comes again the moment before which it does not; `to` are words such as 一群、二群, "" for
    whoever is usual."""

    where: str
    text: str
    at: datetime | None = None
    recurrence: Recurrence | None = None
    to: str = ""
    source: str = ""
    link: str = ""


class Planned(Struct, frozen=True, kw_only=True):
    """A notice as it leaves in a file: `times` are its next ones, the first of them first."""

    uid: str
    row: PlanRow
    times: tuple[datetime, ...]
    created_at: datetime
