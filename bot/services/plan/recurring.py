"""Recurrences as rules of RFC 5545, where there is one that means exactly the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import msgspec

from bot.models import SHANGHAI, Beat, Recurrence
from bot.rules.recurrence import next_after
from bot.rules.workdays import WorkCalendar

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVERY_MONTH = 28
"""Days up to this one are in every month."""
MOST_TIMES = 400
_NONE = WorkCalendar(frozenset(), frozenset(), frozenset())
_CANNOT = "这种重复排不了，可以用每天、每周几、每月几号。"


def rule_of(recurrence: Recurrence) -> dict[str, Any] | None:
    """The parts of an RRULE; None when none says the same on every day.

    Ours comes on the last day of a month that lacks the 31st; the RFC's leaves such a month out.
    """
    parts: dict[str, Any]
    match recurrence.beat:
        case Beat.DAILY:
            parts = {"FREQ": "DAILY"}
        case Beat.WEEKLY:
            parts = {"FREQ": "WEEKLY", "BYDAY": [DAYS[day] for day in recurrence.weekdays]}
        case Beat.MONTHLY if all(day <= EVERY_MONTH for day in recurrence.days):
            parts = {"FREQ": "MONTHLY", "BYMONTHDAY": list(recurrence.days)}
        case _:
            return None
    if recurrence.until is not None:
        last = datetime.combine(recurrence.until, recurrence.at, SHANGHAI)
        parts["UNTIL"] = last.astimezone(UTC)
    return parts


def of_rule(rule: Mapping[str, Sequence[Any]], first: datetime) -> Recurrence:
    """The recurrence that a rule means. Raises ValueError (in Chinese) when we have none such.

    Nothing is expanded: a rule's COUNT is walked, at most 400 times.
    """
    known = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT", "WKST"}
    if set(rule) - known or _only(rule, "INTERVAL", 1) != 1:
        raise ValueError(_CANNOT)
    recurrence = _beat(rule, first)
    count, until = _only(rule, "COUNT", None), _only(rule, "UNTIL", None)
    if count is not None:
        return msgspec.structs.replace(recurrence, until=_last(recurrence, first, count))
    return msgspec.structs.replace(recurrence, until=_day(until))


def in_words(text: str) -> Recurrence:
    """Our own recurrence as an export wrote it. Raises `msgspec.DecodeError`, ValueError."""
    found = msgspec.json.decode(text, type=Recurrence)
    right = all(0 <= day < 7 for day in found.weekdays) and all(
        day == -1 or 1 <= day <= 31 for day in found.days
    )
    empty = (found.beat is Beat.WEEKLY and not found.weekdays) or (
        found.beat is Beat.MONTHLY and not found.days
    )
    if not right or empty or found.at.tzinfo is not None:
        raise ValueError(_CANNOT)
    return found


def _beat(rule: Mapping[str, Sequence[Any]], first: datetime) -> Recurrence:
    at = first.time().replace(second=0, microsecond=0)
    match str(_only(rule, "FREQ", "")).upper():
        case "DAILY" if "BYDAY" not in rule and "BYMONTHDAY" not in rule:
            return Recurrence(beat=Beat.DAILY, at=at)
        case "DAILY" | "WEEKLY" if "BYMONTHDAY" not in rule:
            names = [str(day).upper() for day in rule.get("BYDAY", [DAYS[first.weekday()]])]
            if not set(names) <= set(DAYS):
                raise ValueError(_CANNOT)
            days = tuple(sorted({DAYS.index(name) for name in names}))
            return Recurrence(beat=Beat.WEEKLY, at=at, weekdays=days)
        case "MONTHLY" if "BYDAY" not in rule:
            wanted = tuple(sorted({int(day) for day in rule.get("BYMONTHDAY", [first.day])}))
            # The RFC leaves out a month without the 31st, ours takes its last day: not the same.
            if not wanted or not all(day == -1 or 1 <= day <= EVERY_MONTH for day in wanted):
                raise ValueError("每月29号以后不是每个月都有，请改成每月1到28号，或最后一天。")
            return Recurrence(beat=Beat.MONTHLY, at=at, days=wanted)
        case _:
            raise ValueError(_CANNOT)


def _only(rule: Mapping[str, Sequence[Any]], name: str, default: Any) -> Any:
    values = rule.get(name)
    if values is None:
        return default
    if not isinstance(values, list):
        return values
    if len(values) != 1:
        raise ValueError(_CANNOT)
    return values[0]


def _last(recurrence: Recurrence, first: datetime, count: Any) -> date:
    """The day of the last of so many times."""
    if not isinstance(count, int) or not 1 <= count <= MOST_TIMES:
        raise ValueError(f"重复的次数要在1到{MOST_TIMES}之间。")
    at = first
    for _ in range(count - 1):
        following = next_after(recurrence, at, _NONE)
        if following is None:
            break
        at = following
    return at.date()


def _day(until: Any) -> date | None:
    if until is None:
        return None
    if isinstance(until, datetime):
        aware = until if until.tzinfo is not None else until.replace(tzinfo=SHANGHAI)
        return aware.astimezone(SHANGHAI).date()
    if isinstance(until, date):
        return until
    raise ValueError(_CANNOT)
