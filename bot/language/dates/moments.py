"""Everything that a phrase says about time: an instant, a stretch, a deadline, a recurrence.

What is unclear says so: `Moment.alternatives` are the readings to choose from, and `Unclear`
tells in one Chinese sentence why there is none (2月30日, 25点, 改天). Nothing is guessed silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from msgspec import structs

from bot.language.dates.again import Again, find_again
from bot.language.dates.choices import Calendar, Moment, with_choices
from bot.language.dates.clock import DEFAULT_HOUR, TIME, clock_after, read_clock
from bot.language.dates.feasts import NAMES, next_feast
from bot.language.dates.unclear import Unclear, find_unclear
from bot.language.dates.when import When, find_when
from bot.language.numbers import parse_number
from bot.models import SHANGHAI

_NUM = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})"
_FEAST = re.compile(
    rf"(?P<name>{'|'.join(NAMES)})(?P<feast>节?)(?:(?:的)?(?P<side>前|后)(?P<count>{_NUM})?(?:天|日|夕)?"
    r"|(?P<holiday>的?假期|放假|长假|期间)|当天|那天)?"
    r"(?![路街村小假花])"
)
_WITHIN = re.compile(
    rf"(?P<within>(?P<n>{_NUM})(?P<of>分钟|个?半?小时|个?钟头|天|日|个工作日|周|个?星期|个?礼拜|个?月)"
    r"(?:之|以)?内)|(?P<frame>本周|这周|下周|本月|这个月|下个?月|年|今年|今天|今日|明天)(?:之|以)?内"
)
_WORKDAY = re.compile(rf"(?P<skip>下个?|第?(?P<n>{_NUM})个)工作日(?:后|之后)?(?![内前])")
_BEFORE = re.compile("(?:之|以)?前(?!台|门|面|天|后)|为止|截止")
_TO = re.compile("(?:[到至]|[-~—]{1,2}) ?")
_INNER_HOUR = re.compile(r"[-~到至](\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点|时)")
_INNER_DAY = re.compile(r"[-~到至](\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]")
_NUMBERS = frozenset({"十一", "五一", "三八", "七一", "八一"})
_COUNTED = frozenset("二三四五六七八九十第")
_MEASURES = frozenset("点幢栋号楼个月日天年岁人户级块元单层")
_LONGEST = 500  # characters that are read; the time stays bounded
_LAST_MINUTE = time(23, 59)


def find_time(
    text: str, now: datetime, calendar: Calendar | None = None
) -> Moment | Again | Unclear | None:
    """The first time that a text names (NFKC); None when it names none. `now` is aware."""
    now = now.astimezone(SHANGHAI)
    text = text[:_LONGEST]
    unclear = find_unclear(text, now.date())
    found = [find_again(text), unclear, *_once(text, now, calendar)]
    named = [each for each in found if each is not None]
    if not named:
        return None
    first = min(named, key=lambda each: (each.start, -each.end))
    if not isinstance(first, Moment):
        return first
    if unclear is not None and first.end == unclear.start:
        return unclear  # 明天25点
    return with_choices(text, _stretched(text, first), now, calendar)


def _once(text: str, now: datetime, calendar: Calendar | None) -> Iterator[Moment | None]:
    yield _within(text, now, calendar)
    yield _feast(text, now, calendar)
    yield _workday(text, now, calendar)
    when = find_when(text, now)
    yield None if when is None else _plain(when)


def _plain(when: When) -> Moment:
    return Moment(at=when.at, start=when.start, end=when.end, dated=when.dated, timed=when.timed)


def _day(text: str, day: date, match: re.Match[str]) -> Moment:
    """A day with the clock time behind its words."""
    clock = clock_after(text, match.end())
    at = datetime.combine(day, time(clock.hour, clock.minute), SHANGHAI)
    if clock.overnight:
        at += timedelta(days=1)
    return Moment(at=at, start=match.start(), end=clock.end, timed=clock.timed)


def _feast(text: str, now: datetime, calendar: Calendar | None) -> Moment | None:
    """春节前一天, 国庆假期, 除夕, 立冬."""
    match = _FEAST.search(text)
    if match is None or (
        match["name"] in {"十一", "五一", "三八", "七一", "八一"} and _number_like(text, match)
    ):
        return None
    day = next_feast(match["name"], now.date())
    if day is None:
        return None
    if match["side"]:
        count = _count(match["count"] or "1")
        day += timedelta(days=count if match["side"] == "后" else -count)
        if day < now.date():
            return None
    if match["holiday"]:
        first, last = _free(day, calendar)
        start = datetime.combine(first, time(0), SHANGHAI)
        until = datetime.combine(last, _LAST_MINUTE, SHANGHAI)
        return Moment(at=start, start=match.start(), end=match.end(), until=until)
    return _day(text, day, match)


def _number_like(text: str, match: re.Match[str]) -> bool:
    """十一 is mostly a number: 十一点, 十一幢, 二十一."""
    before, behind = (
        text[max(match.start() - 1, 0) : match.start()],
        text[match.end() : match.end() + 1],
    )
    return (before in "二三四五六七八九十第" and before != "") or behind in tuple(
        "点幢栋号楼个月日天年岁人户级块元单层"
    )


def _free(day: date, calendar: Calendar | None) -> tuple[date, date]:
    """The run of days off around a feast; the feast alone when no calendar knows."""
    first = last = day
    if calendar is not None:
        while last + timedelta(days=1) in calendar.holidays:
            last += timedelta(days=1)
        while first - timedelta(days=1) in calendar.holidays:
            first -= timedelta(days=1)
    return first, last


def _count(words: str) -> int:
    return parse_number(words) or 1


def _workday(text: str, now: datetime, calendar: Calendar | None) -> Moment | None:
    """下个工作日, 3个工作日后."""
    match = _WORKDAY.search(text)
    if match is None or calendar is None:
        return None
    return _day(text, _workdays_on(now.date(), _count(match["n"] or "1"), calendar), match)


def _workdays_on(day: date, count: int, calendar: Calendar) -> date:
    for _ in range(min(count, 366)):
        day += timedelta(days=1)
        while not calendar.is_workday(day):
            day += timedelta(days=1)
    return day


def _within(text: str, now: datetime, calendar: Calendar | None) -> Moment | None:
    """2小时内, 三日内, 3个工作日内, 本周内: the latest time."""
    match = _WITHIN.search(text)
    if match is None:
        return None
    if match["frame"]:
        end = _frame(match["frame"], now.date())
    elif "时" in match["of"] or "钟" in match["of"]:
        at = now + _span(match["n"], match["of"])
        return Moment(at=at, start=match.start(), end=match.end(), deadline=True, timed=True)
    elif "工作日" in match["of"]:
        if calendar is None:
            return None
        end = _workdays_on(now.date(), _count(match["n"]), calendar)
    else:
        end = now.date() + timedelta(days=_count(match["n"]) * _days_in(match["of"]))
    at = datetime.combine(end, _LAST_MINUTE, SHANGHAI)
    return Moment(at=at, start=match.start(), end=match.end(), deadline=True)


def _span(number: str, unit: str) -> timedelta:
    hours = 0.5 if number == "半" else float(_count(number))
    return timedelta(minutes=hours) if "分" in unit else timedelta(hours=hours)


def _days_in(unit: str) -> int:
    return 1 if unit in {"天", "日"} else 30 if "月" in unit else 7


def _frame(words: str, today: date) -> date:
    """The last day of 本周, 下月, 年 …"""
    if words in {"今天", "今日", "明天"}:
        return today + timedelta(days=words == "明天")
    if words.endswith("周"):
        return today + timedelta(days=6 - today.weekday() + 7 * words.startswith("下"))
    if words.endswith("年"):
        return date(today.year, 12, 31)
    ahead = 2 if words.startswith("下") else 1
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def _stretched(text: str, moment: Moment) -> Moment:
    """With the end of the stretch that it begins, or as the deadline that it is."""
    words = text[moment.start : moment.end]
    for pattern, end in _INNER:
        inner = pattern.search(words)
        until = end(moment.at, _count(inner[1])) if inner else None
        if until is not None and until > moment.at:
            return structs.replace(moment, until=until)
    to = _TO.match(text, moment.end)
    if to is not None:
        return _ranged(text, moment, to.end())
    before = _BEFORE.match(text, moment.end)
    if before is None or moment.deadline:
        return moment
    # A part of the day (明天中午前) is a time; a mere day ends with its last minute.
    exact = moment.timed or moment.at.hour != DEFAULT_HOUR
    at = moment.at if exact else datetime.combine(moment.at.date(), _LAST_MINUTE, SHANGHAI)
    return structs.replace(moment, at=at, end=before.end(), deadline=True)


def _to_hour(at: datetime, hour: int) -> datetime | None:
    """下午2-4点: the second hour lies in the same half of the day."""
    if hour > 24:
        return None
    later = at.replace(hour=hour % 24, minute=0)
    return later if later > at else later + timedelta(hours=12)


def _to_day(at: datetime, day: int) -> datetime | None:
    try:
        return datetime.combine(at.date().replace(day=day), _LAST_MINUTE, SHANGHAI)
    except ValueError:
        return None


_INNER: tuple[tuple[re.Pattern[str], Callable[[datetime, int], datetime | None]], ...] = (
    (_INNER_HOUR, _to_hour),
    (_INNER_DAY, _to_day),
)


def _ranged(text: str, moment: Moment, start: int) -> Moment:
    """晚上7点半到9点, 周五到周日, 12月1日到明年1月3日."""
    rest = text[start:]
    clock = TIME.match(rest)
    if clock is not None and moment.timed:
        read = read_clock(clock)
        if read is None:
            return moment
        until = moment.at.replace(hour=read.hour, minute=read.minute)
        if until <= moment.at and read.hour <= 12:
            until += timedelta(hours=12)
        if until > moment.at:
            return structs.replace(moment, until=until, end=start + clock.end())
        return moment
    when = find_when(rest, moment.at - timedelta(minutes=1))
    if when is None or when.start or not when.dated or when.at <= moment.at:
        return moment
    until = when.at
    if not when.timed:
        until = datetime.combine(until.date(), _LAST_MINUTE, SHANGHAI)
    return structs.replace(moment, until=until, end=start + when.end)
