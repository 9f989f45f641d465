"""What comes again: 每周一8:30, 每月1号和15号9点, 工作日8:30, 每天晚上7点, 节前一天."""

from __future__ import annotations

import re
from datetime import time

from msgspec import Struct

from bot.language.dates.clock import Clock, clock_after
from bot.language.numbers import parse_number
from bot.models import Beat, Recurrence

_DAY_SIGNS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6} | {
    str(number): number - 1 for number in range(1, 8)
}
_DAY = "[一二三四五六日天1-7]"
_WEEK = "(?:周|星期|礼拜)"
_NUM = r"(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})"
_AND = "[、,和及跟]"
_AGAIN = re.compile(
    "|".join(
        [
            rf"(?P<weekly>每个?{_WEEK}(?P<first>{_DAY}|末)(?:[到至~-]{_WEEK}?(?P<last>{_DAY})"
            rf"|(?P<more>(?:{_AND}(?:{_WEEK}{_DAY}|{_DAY}(?![\d点:]))){{1,6}}))?(?:(?<!\d)|(?!\d)))",
            rf"(?P<span>{_WEEK}(?P<from>{_DAY})[到至~-]{_WEEK}?(?P<to>{_DAY})(?:每天|每日|天天))",
            rf"(?P<monthly>每个?月(?:的)?(?P<days>{_NUM}[日号]?(?:{_AND}{_NUM}[日号])*(?<=[日号])|[初底末]"
            r"|最后一天))",
            "(?P<workdays>(?:每个?|逢)?工作日(?![内前之以])|(?:每个)?上班日)",
            "(?P<holiday>(?:每个?|每逢|逢)?(?:法定)?(?:节假日|节日|放假|长假|节)(?:的)?"
            "前(?:一天|1天|日|一日|夕)?(?![后几两三二]))",
            "(?P<daily>每天|每日|天天|每晚|每早|日日)",
        ]
    )
)
_NOT = re.compile(r"(?:下个?|上个?|本|第?[一二两三四五六七八九十\d]+个?)$")
_SEVERAL_DAYS = re.compile(_DAY)
_NUMBERS = re.compile(_NUM)


class Again(Struct, frozen=True):
    """Something that comes again, in `text[start:end]`.

    `timed`: a clock time was said; else the recurrence has the usual hour of that part of the day.
    """

    recurrence: Recurrence
    start: int
    end: int
    timed: bool


def find_again(text: str) -> Again | None:
    """The first recurrence that a text names; None when it names none."""
    match = next((each for each in _AGAIN.finditer(text) if _counts(text, each)), None)
    if match is None:
        return None
    clock = _clock(text, match)
    if clock.hour > 23:
        return None
    beat, weekdays, days = _beat(match)
    if beat is Beat.MONTHLY and not days:
        return None
    recurrence = Recurrence(
        beat=beat, at=time(clock.hour, clock.minute), weekdays=weekdays, days=days
    )
    return Again(recurrence, match.start(), max(match.end(), clock.end), clock.timed)


def _counts(text: str, match: re.Match[str]) -> bool:
    """3个工作日 and 下个工作日 come once."""
    return match.lastgroup != "workdays" or not _NOT.search(
        text[max(match.start() - 8, 0) : match.start()]
    )


def _clock(text: str, match: re.Match[str]) -> Clock:
    """The time behind; 每晚 and 每早 bring their part of the day along."""
    start = match.end() - 1 if match.group() in {"每晚", "每早"} else match.end()
    found = clock_after(text, start)
    if start < match.end() and found.end <= match.end():
        return Clock(19 if match.group() == "每晚" else 8, timed=False, end=match.end())
    return found


def _beat(match: re.Match[str]) -> tuple[Beat, tuple[int, ...], tuple[int, ...]]:
    if match["weekly"]:
        return Beat.WEEKLY, _weekdays(match["first"], match["last"], match["more"]), ()
    if match["span"]:
        return Beat.WEEKLY, _weekdays(match["from"], match["to"], None), ()
    if match["monthly"]:
        return Beat.MONTHLY, (), _month_days(match["days"])
    if match["workdays"]:
        return Beat.WORKDAYS, (), ()
    return (Beat.BEFORE_HOLIDAY if match["holiday"] else Beat.DAILY), (), ()


def _weekdays(first: str, last: str | None, more: str | None) -> tuple[int, ...]:
    if first == "末":
        return (5, 6)
    begin = _DAY_SIGNS[first]
    if last is not None:
        end = _DAY_SIGNS[last]
        return tuple(range(begin, end + 1)) if begin <= end else (*range(begin, 7), *range(end + 1))
    others = (_DAY_SIGNS[sign] for sign in _SEVERAL_DAYS.findall(more or ""))
    return tuple(sorted({begin, *others}))


def _month_days(words: str) -> tuple[int, ...]:
    """`1号和15号` → (1, 15); 月底 → (-1,). Empty when a number is no day."""
    if words in {"底", "末", "最后一天"}:
        return (-1,)
    if words == "初":
        return (1,)
    days = [parse_number(word) or 0 for word in _NUMBERS.findall(words)]
    return tuple(sorted(set(days))) if all(1 <= day <= 31 for day in days) else ()
