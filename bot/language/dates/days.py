"""Days: 明天, 下下周三, 11月22日, 每 none: what is named, against today. Days are Shanghai's."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.language.numbers import parse_number

_DAY_WORDS = (
    dict.fromkeys(["今天", "今日", "今朝", "今儿", "今明两天", "今明"], 0)
    | dict.fromkeys(["明天", "明日", "明朝", "明儿", "明后天", "明后两天"], 1)
    | dict.fromkeys(["后天", "后日", "后朝"], 2)
    | dict.fromkeys(["大后天", "大后日"], 3)
    | dict.fromkeys(["昨天", "昨日", "昨儿"], -1)
    | dict.fromkeys(["前天", "前日"], -2)
)
_NEAR_DAYS = {"今": 0, "明": 1, "后": 2, "昨": -1}
_WEEKS = {"上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
_FEASTS = {
    "元旦": (1, 1), "妇女节": (3, 8), "植树节": (3, 12), "劳动节": (5, 1), "五一": (5, 1),
    "儿童节": (6, 1), "六一": (6, 1), "建党节": (7, 1), "建军节": (8, 1), "教师节": (9, 10),
    "国庆节": (10, 1), "国庆": (10, 1),
}  # fmt: skip

_CN = "一二两三四五六七八九十"
_NUM = rf"(?:\d{{1,2}}|[{_CN}零廿卅]{{1,3}})"
_DAY_DIGITS = r"3[01]|[12]\d|0?[1-9]"
_MEASURES = "元块角米斤公里万千度倍吨升分秒小个天年岁级折寸平的以"  # 11.5元 is no 5 November
_NO_NUM_BEFORE = rf"(?<![\d.{_CN}])"

DAY = re.compile(
    # The first characters of all that follows: what cannot begin a day is passed over quickly.
    rf"(?=[\d{_CN}零廿卅半立马现即大后前今明昨下本这上周星礼当月年元国妇植劳儿建教])(?:"
    + "|".join(
        [
            "(?P<soon>立即|立刻|马上|现在|即刻)",
            rf"{_NO_NUM_BEFORE}(?P<after>(?=[\d半{_CN}])"
            rf"(?:(?P<hours>\d{{1,3}}(?:\.\d)?|[{_CN}]{{1,3}}|半)个?(?P<more>半)?(?:小时|钟头))?"
            rf"(?:(?P<mins>\d{{1,4}}|[{_CN}]{{1,3}})分钟?|(?P<ke>[一二两三])刻钟)?(?:之后|以后|后))",
            rf"{_NO_NUM_BEFORE}(?P<later>(?P<count>\d{{1,3}}|[{_CN}]{{1,3}})"
            r"(?P<of>[天日周]|个?星期|个?礼拜)(?:之后|以后|后))",
            rf"(?<!\d)(?P<full>(?P<year>20\d\d)(?:年|[-/.])(?P<fmonth>{_NUM})(?:月|[-/.])"
            rf"(?P<fday>{_NUM})(?:[日号]|(?!\d)))",
            "(?P<word>大后[天日]|(?<![今以然之最午天])后[天日朝]|(?<![目以之日])前[天日]"
            "|今明(?:两天)?|明后(?:两天|天)|昨[天日儿]|今[天日朝儿]|(?<![文声])明[天日朝儿])",
            "(?P<near>(?:(?P<which>[今昨]|(?<![文声])明|(?<![今以然之最午天])后)"
            "(?P<part>[早晚夜]))上?)",
            rf"(?<![{_CN}几\d])(?P<weekday>(?:(?P<week>下下|下|本|这|上)个?)?(?:周|星期|礼拜)"
            r"(?P<wday>[一二三四五六日天末](?!次)|[1-7](?![\d次])))",
            rf"(?P<relmonth>(?<![\d{_CN}])(?P<side>本|这个?|当|下个?)?月"
            rf"(?:(?P<edge>[底末初])|(?P<mday>{_NUM})[日号])|年底)",
            rf"{_NO_NUM_BEFORE}(?P<monthday>(?P<inyear>今年|明年)?(?P<month>{_NUM})月份?"
            rf"(?:(?P<medge>[底末初])|(?P<day>{_NUM})(?:[日号]?[-~到至]{_NUM}(?=[日号]))?"
            r"(?:[日号]|(?![\d.:个户人元年名次天]))))",
            r"(?<![\dA-Za-z./:￥¥$-])(?P<slash>(?P<smonth>1[0-2]|0?[1-9])(?:"
            rf"[/.](?P<sday>{_DAY_DIGITS})(?![\dA-Za-z%㎡]|[./:]\d|[日号]?[{_MEASURES}]|住户|业主)"
            rf"|-(?P<hday>{_DAY_DIGITS})(?= \d{{1,2}}[:点]))[日号]?)",
            rf"(?<![\dA-Za-z./:第{_CN}-])(?P<dayonly>(?P<only>{_DAY_DIGITS}|"
            rf"[{_CN}廿卅]{{1,3}})(?:[日号]?[-~到至]{_NUM}(?=[日号]))?[日号]"
            r"(?![楼线院门机店房车坑令幢栋内]|以内|之内))",
            "(?P<feast>元旦|国庆节?|(?<!十)五一|六一|妇女节|植树节|劳动节|儿童节|建[党军]节|教师节)"
            "(?![路街村小])",
        ]
    )
    + ")"
)


def span(match: re.Match[str]) -> timedelta:
    """半小时后, 一个半小时后, 1.5小时后, 2小时10分钟后, 一刻钟后."""
    said = match["hours"] or "0"
    decimal = "." in said or said.isdecimal()
    hours = 0.5 if said == "半" else float(said) if decimal else float(_number(said))
    minutes = _number(match["mins"] or "0") + 15 * _number(match["ke"] or "0")
    return timedelta(hours=hours + (0.5 if match["more"] else 0), minutes=minutes)


def _number(word: str) -> int:
    """A number; raises `ValueError` when the word is none (十十)."""
    value = parse_number(word)
    if value is None:
        raise ValueError(word)
    return value


def _month(today: date, ahead: int) -> tuple[int, int]:
    """Year and month, so many months ahead."""
    months = today.year * 12 + today.month - 1 + ahead
    return months // 12, months % 12 + 1


def _edge(year: int, month: int, edge: str) -> date:
    """The first (初) or last (底, 末) day of a month."""
    return date(year, month, 1 if edge == "初" else monthrange(year, month)[1])


def _later(match: re.Match[str], today: date) -> date:
    days = _number(match["count"]) * (1 if match["of"] in "天日" else 7)
    return today + timedelta(days=days)


def _full(match: re.Match[str], _today: date) -> date:
    return date(int(match["year"]), _number(match["fmonth"]), _number(match["fday"]))


def _weekday(match: re.Match[str], today: date) -> date:
    """A day of this or another week, or (without 本 or 下) the next such day."""
    wanted = {"末": 5, "天": 6, "日": 6, "7": 6}.get(match["wday"])
    if wanted is None:
        wanted = _number(match["wday"]) - 1
    ahead = wanted - today.weekday()
    if match["week"] is None:
        return today + timedelta(days=ahead % 7)
    return today + timedelta(days=ahead + 7 * _WEEKS[match["week"]])


def _relmonth(match: re.Match[str], today: date) -> date:
    """月底, 下月初, 下个月5号, 年底."""
    if match["relmonth"] == "年底":
        return date(today.year, 12, 31)
    year, month = _month(today, 1 if (match["side"] or "").startswith("下") else 0)
    if match["edge"]:
        return _edge(year, month, match["edge"])
    return date(year, month, _number(match["mday"]))


def _monthday(match: re.Match[str], today: date) -> date:
    """11月22日, 12月底, 明年1月3日; without a year the next such date."""
    month, edge = _number(match["month"]), match["medge"]
    if match["inyear"]:
        year = today.year + (match["inyear"] == "明年")
        return _edge(year, month, edge) if edge else date(year, month, _number(match["day"]))
    if edge:
        last = _edge(today.year, month, edge)
        return last if last >= today else _edge(today.year + 1, month, edge)
    return _next_yearly(month, _number(match["day"]), today)


def _slash(match: re.Match[str], today: date) -> date:
    return _next_yearly(int(match["smonth"]), int(match["sday"] or match["hday"]), today)


def _feast(match: re.Match[str], today: date) -> date:
    return _next_yearly(*_FEASTS[match["feast"]], today)


def _next_yearly(month: int, day: int, today: date) -> date:
    """This year's or the next such date (29 February waits for its year)."""
    for year in range(today.year, today.year + 9):
        if day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise ValueError(day)


def _dayonly(match: re.Match[str], today: date) -> date:
    """22号: this month's, or that of the next month which has one."""
    day = _number(match["only"])
    for ahead in range(3):
        year, month = _month(today, ahead)
        if 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return date(year, month, day)
    raise ValueError(day)


DAYS: dict[str, Callable[[re.Match[str], date], date]] = {
    "later": _later,
    "full": _full,
    "word": lambda match, today: today + timedelta(days=_DAY_WORDS[match["word"]]),
    "near": lambda match, today: today + timedelta(days=_NEAR_DAYS[match["which"]]),
    "weekday": _weekday,
    "relmonth": _relmonth,
    "monthday": _monthday,
    "slash": _slash,
    "dayonly": _dayonly,
    "feast": _feast,
}
