"""Times that cannot be: 2月30日, 13月1日, 25点, 8:60; and those that name no day: 改天."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from msgspec import Struct

from bot.language.numbers import parse_number

_NUM = r"(?:\d{1,3}|[一二三四五六七八九十廿卅]{1,3})"
_DAY = re.compile(
    rf"(?:(?P<year>20\d\d)[年/.-])?(?<![\d.])(?P<month>{_NUM})(?:月份?|(?<=\d)[/-](?=\d))"
    rf"(?P<day>{_NUM})(?:[日号]|(?!\d))"
)
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?!\d)|(?:点钟?|时)(?P<rest>\d{2}分)?)"
)
_VAGUE = re.compile("改天|过几天|过两天|过阵子|过段时间|近期|这几天|最近几天|有空的?时候|尽快|回头")
_ORDINAL = re.compile(r"(?:下个?|本|这个?|每个?)月(?P<day>\d{1,2})[日号]")


class Unclear(Struct, frozen=True):
    """A time without a meaning, in `text[start:end]`; `why` is one Chinese sentence."""

    why: str
    start: int
    end: int


def find_unclear(text: str, today: date) -> Unclear | None:
    """The first time in a text that cannot be, or that names no day."""
    found = [_no_day(text, today), _no_month_day(text), _no_clock(text), _vague(text)]
    named = [each for each in found if each is not None]
    return min(named, key=lambda each: each.start) if named else None


def _no_day(text: str, today: date) -> Unclear | None:
    for match in _DAY.finditer(text):
        month, day = parse_number(match["month"]), parse_number(match["day"])
        if month is None or day is None or ("月" not in match.group() and not match["year"]):
            continue
        if not 1 <= month <= 12:
            return Unclear(f"没有{month}月，请再看一下日期", *match.span())
        # 29 February without a year waits for its year.
        year = int(match["year"]) if match["year"] else 2024
        if not 1 <= day <= monthrange(year, month)[1]:
            which = f"{year}年{month}月" if match["year"] else f"{month}月"
            return Unclear(f"{which}没有{day}日，请再看一下日期", *match.span())
    return None


def _no_month_day(text: str) -> Unclear | None:
    match = _ORDINAL.search(text)
    if match is None or 1 <= int(match["day"]) <= 31:
        return None
    return Unclear(f"一个月没有{match['day']}号，请再看一下日期", *match.span())


def _no_clock(text: str) -> Unclear | None:
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["hour"]), int(match["minute"] or (match["rest"] or "0")[:2])
        if hour > 24 or (hour == 24 and minute):
            return Unclear(f"一天没有{hour}点，请再看一下钟点", *match.span())
        if minute > 59:
            return Unclear(f"一小时没有{minute}分，请再看一下钟点", *match.span())
    return None


def _vague(text: str) -> Unclear | None:
    match = _VAGUE.search(text)
    return match and Unclear(f"「{match.group()}」没说是哪天，请写明日期", *match.span())
