"""The days that a notice names: 明天 and 周三 become dates, because it is read on another day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from msgspec import Struct

from bot.language.dates import Again, Calendar, Moment, Unclear, find_time, say_day, say_when
from bot.language.text import half_width
from bot.models import SHANGHAI

_FAR = timedelta(days=300)
"""A day without a year that is so far off was yesterday's: 11月20日, said on the 21st."""
_RELATIVE = re.compile(r"[今明后昨前]|周|星期|礼拜|[小时天]后|下个?月|本月")
_HOURS = re.compile(r"\s*(?:[上下中]午|[早晚]上|\d{1,2}[:点时])")
_NO_YEAR = re.compile(r"\d{4}|[今明后]年")


class Dated(Struct, frozen=True):
    """Words with their day as a date; or why they name none, as the beginning of a sentence."""

    words: str
    fault: str = ""


def dated(words: str, now: datetime, calendar: Calendar | None) -> Dated:
    """Make the first time in `words` a date. What names no time at all is left as it is."""
    plain = half_width(words)
    found = find_time(plain, now, calendar)
    match found:
        case None | Again():
            return Dated(words)
        case Unclear(why=why):
            return Dated(words, why)
    said = plain[found.start : found.end]
    if fault := _fault(found, said, now):
        return Dated(words, fault)
    if "月" in said or not _RELATIVE.search(said):
        return Dated(words)
    hours = None if found.timed else _HOURS.search(plain, found.start)
    if hours is not None and hours.start() < found.end:  # 周三到周五上午: the days alone
        days = dated(words[: hours.start()], now, calendar)
        return Dated(days.words + words[hours.start() :], days.fault)
    return Dated(words[: found.start] + _say(found) + words[found.end :])


def is_long_past(at: datetime, said: str, now: datetime) -> bool:
    """Whether a day without a year was taken for next year's because this year's is over."""
    leap = (at.month, at.day) == (2, 29)  # that one waits for its year
    return at - now > _FAR and not leap and not _NO_YEAR.search(said)


def _fault(found: Moment, said: str, now: datetime) -> str:
    if len(found.alternatives) > 1:
        days = "还是".join(say_day(at) for at in found.alternatives)
        return f"「{said}」是{days}，请写成日期"
    if not found.dated:
        return f"「{said}」没写哪天，请写明日期"
    last = found.until or (found.at if found.timed else found.at.replace(hour=23, minute=59))
    if last < now or is_long_past(found.at, said, now):
        return f"「{said}」已经过去了，请再看一下日期"
    return ""


def _say(found: Moment) -> str:
    first = say_when(found.at) if found.timed else _day(found.at)
    if found.until is None:
        return first
    until = found.until.astimezone(SHANGHAI)
    if not found.timed:
        return first if until.date() == found.at.date() else f"{first}到{_day(until)}"
    if until.date() == found.at.astimezone(SHANGHAI).date():
        return f"{first}到{until.hour}:{until.minute:02}"
    return f"{first}到{say_when(until)}"


def _day(at: datetime) -> str:
    return say_when(at).partition("）")[0] + "）"
