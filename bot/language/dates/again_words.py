"""A recurrence in words: `每周一、周五8:30`, `每月1日9:00`, `节假日前一天16:00`."""

from __future__ import annotations

from bot.models import Beat, Recurrence

_DAYS = "一二三四五六日"


def say_again(recurrence: Recurrence) -> str:
    """How often and at what time, as a neighbour would say it."""
    return f"{_beat(recurrence)}{recurrence.at.hour}:{recurrence.at.minute:02}"


def _beat(recurrence: Recurrence) -> str:
    match recurrence.beat:
        case Beat.DAILY:
            return "每天"
        case Beat.WORKDAYS:
            return "每个工作日"
        case Beat.BEFORE_HOLIDAY:
            return "节假日前一天"
        case Beat.WEEKLY:
            return "每" + "、".join(f"周{_DAYS[day]}" for day in recurrence.weekdays)
        case Beat.MONTHLY:
            days = ["最后一天" if day < 0 else f"{day}日" for day in sorted(recurrence.days)]
            return "每月" + "、".join(days)
