"""What the bot tells those who work here by itself, again and again."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Standing(StrEnum):
    """A standing message; the values are what people call it."""

    MORNING = "早报"
    DAILY = "日报"
    WEEKLY = "周报"
    QUESTIONS = "未答问题"
    DEADLINES = "到期提醒"
    HOLIDAYS = "放假表"


class Choice(Struct, frozen=True, kw_only=True):
    """What one person wants of one standing message: `关`, `开`, `09:00` or `周四 16:30`."""

    person: str
    standing: Standing
    wish: str
