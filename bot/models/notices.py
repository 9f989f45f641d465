"""Words for groups at some minute."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class NoticeState(StrEnum):
    """Where a notice stands."""

    DRAFT = "draft"
    PLANNED = "planned"
    SENT = "sent"
    MISSED = "missed"
    CANCELLED = "cancelled"


class Notice(Struct, frozen=True, kw_only=True):
    """Words for some groups at some minute."""

    id: str
    author: str
    text: str
    groups: tuple[str, ...]
    planned_at: datetime
    state: NoticeState
    created_at: datetime
