"""When: 明天8点, 下周三晚7点半, 11月22日, 2小时后. Rules of our own; the answer is echoed back.

Texts are already normalised (NFKC, one kind of blank). All days are days in Asia/Shanghai.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from bot.language.numbers import parse_number
from bot.models import SHANGHAI

DEFAULT_HOUR = 8
"""The hour of a day that was named without a time."""

_PERIOD_HOURS = (
    {"凌晨": 0, "清晨": 6, "早晨": 8, "早上": 8, "一早": 8, "早": 8, "上午": 8, "中午": 12}
    | {"正午": 12, "午后": 14, "下午": 14, "傍晚": 18, "晚上": 19, "晚间": 19, "夜里": 19}
    | {"夜间": 19, "夜": 19, "晚": 19, "半夜": 23, "深夜": 23}
)
_NIGHT = frozenset({"晚上", "晚间", "晚", "夜里", "夜间", "夜", "半夜", "深夜"})
_AFTERNOON = frozenset({"午后", "下午", "傍晚"})
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
_HOUR = rf"(?:2[0-4]|[01]?\d|[{_CN}零]{{1,3}})"
_NO_HOUR = "(?!意见|建议|要求|说明|问题|注意|原因|希望|想法|位)"
_NO_MINUTE = r"(?![\d幢栋号#室人个名户元-]|单元)"
_FULL_PERIOD = "|".join(sorted((w for w in _PERIOD_HOURS if len(w) > 1), key=len, reverse=True))
_TIME = re.compile(
    rf"(?=[\d零凌清早上中正午下傍晚夜半深{_CN}])"
    rf"(?:(?P<period>{_FULL_PERIOD}|[早晚](?=\d|(?!一点)[{_CN}]{{1,3}}点))? ?"
    # 快一点 is no time of day, 下午一点 is.
    rf"(?(period)|(?<![\d.:{_CN}])(?!一点(?![半钟整零二三四五十]|一刻)))"
    rf"(?:(?P<hour>2[0-4]|[01]?\d):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)"
    rf"|(?P<oclock>{_HOUR})(?:[-~到至]{_HOUR})?(?:点钟?|时(?![间候段代常刻而不]))(?P<rest>(?P<half>半)"
    rf"|(?P<quarter>[一三13])刻|整"
    rf"|(?P<minutes>\d{{1,2}}|[{_CN}零]{{1,3}})分(?!钟)"
    rf"|(?P<plain>[0-5]\d|零[{_CN}]|[二三四五]?十[一二三四五六七八九]?){_NO_MINUTE})?{_NO_HOUR})"
    rf"(?P<behind>上午|中午|下午|晚上|凌晨)?"
    rf"|(?P<alone>{_FULL_PERIOD}))"
)
_SHORT_PERIOD = re.compile("(?P<alone>[早晚])(?![点饭餐睡归])")
_REACH = 20
_BETWEEN = re.compile(r"(?:\((?:周|星期|礼拜)[一二三四五六日天]\))?[ 的,，T]{0,2}")

_DAY = re.compile(
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
            rf"(?P<fday>{_NUM})[日号]?(?!\d))",
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


class When(Struct, frozen=True):
    """An instant that a text names in `text[start:end]`.

    `at` is aware (Asia/Shanghai); `dated`: a day was said; `timed`: a clock time was said (a mere
    早上 or 晚上 is none and stands for 8:00 or 19:00); 立即 and 2小时后 are both.
    """

    at: datetime
    start: int
    end: int
    dated: bool
    timed: bool


class _Clock(Struct, frozen=True):
    """A time of day; `overnight`: it belongs to the night that begins on the named day."""

    hour: int
    minute: int = 0
    overnight: bool = False
    timed: bool = True
    end: int = 0


def find_when(text: str, now: datetime) -> When | None:
    """The first expression of time in a text; None when there is none or no such day (2月30日).

    A named day in the past (昨天, 2020年1月1日, 今天8点 at nine) is returned as it is.
    """
    now = now.astimezone(SHANGHAI)
    day, clock = _DAY.search(text), _TIME.search(text)
    if day is not None and (clock is None or day.start() <= clock.start()):
        try:
            return _on_day(text, day, now)
        except (ValueError, OverflowError):
            return None
    return None if clock is None else _undated(clock, now)


def say_when(at: datetime) -> str:
    """`11月22日（周日）8:00`, in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return f"{say_day(at)}（周{'一二三四五六日'[local.weekday()]}）{local.hour}:{local.minute:02}"


def say_day(at: datetime) -> str:
    """`11月22日`, in Asia/Shanghai."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日"


def _on_day(text: str, match: re.Match[str], now: datetime) -> When:
    """A day with the time behind it, or a span from now. Raises `ValueError` for no such day."""
    kind = str(match.lastgroup)
    if kind in {"soon", "after"}:
        at = now + (_span(match) if kind == "after" else timedelta())
        return When(at, match.start(), match.end(), dated=True, timed=True)
    clock = _clock_after(text, match)
    at = _at(_DAYS[kind](match, now.date()), clock)
    if kind == "weekday" and match["week"] is None and at <= now:
        at += timedelta(days=7)
    return When(at, match.start(), clock.end, dated=True, timed=clock.timed)


def _undated(match: re.Match[str], now: datetime) -> When | None:
    """A time without a day: today when it is still ahead, else tomorrow."""
    clock = _clock(match)
    if clock is None:
        return None
    at = datetime.combine(now.date(), time(clock.hour, clock.minute), SHANGHAI)
    if at <= now:
        at += timedelta(days=1)
    return When(at, match.start(), match.end(), dated=False, timed=clock.timed)


def _at(day: date, clock: _Clock) -> datetime:
    start = datetime.combine(day, time(clock.hour, clock.minute), SHANGHAI)
    return start + timedelta(days=1) if clock.overnight else start


def _clock_after(text: str, match: re.Match[str]) -> _Clock:
    """The time of day that follows a day; the default hour when none does."""
    part = match["part"] if match.lastgroup == "near" else None
    between = _BETWEEN.match(text, match.end())
    position = between.end() if between else match.end()
    # A piece of its own: the 三 of 周三 is not part of the hour that follows.
    behind = text[position : position + _REACH]
    found = _TIME.match(behind) or _SHORT_PERIOD.match(behind)
    clock = _clock(found, position, part) if found else None
    return clock or _Clock(
        _PERIOD_HOURS.get(part or "", DEFAULT_HOUR), timed=False, end=match.end()
    )


def _clock(match: re.Match[str], offset: int = 0, part: str | None = None) -> _Clock | None:
    """The time of day of a match; `part` is the 早 or 晚 that the day word brought along."""
    end = offset + match.end()
    said = match.groupdict()
    if said["alone"]:
        return _Clock(_PERIOD_HOURS[said["alone"]], timed=False, end=end)
    hour = parse_number(said["hour"] or said["oclock"])
    minute = _minute(said)
    if hour is None or hour > 24 or not 0 <= minute < 60:
        return None
    hour, overnight = _full_hour(hour, said["period"] or said["behind"] or part or "")
    return _Clock(hour, minute, overnight, end=end)


def _minute(said: dict[str, str | None]) -> int:
    if said["half"]:
        return 30
    if said["quarter"]:
        return 15 * (parse_number(said["quarter"]) or 0)
    number = parse_number(said["minute"] or said["minutes"] or said["plain"] or "0")
    return -1 if number is None else number


def _full_hour(hour: int, period: str) -> tuple[int, bool]:
    """The hour of 24 and whether it falls on the next day: 晚上12点, 夜里2点, 24点."""
    if hour == 24:
        return 0, True
    if period in _NIGHT:
        if hour == 12 or hour < 5:
            return hour % 12, True
        return (hour + 12 if hour < 12 else hour), False
    if (period in _AFTERNOON and hour < 12) or (period in {"中午", "正午"} and 1 <= hour <= 3):
        return hour + 12, False
    return (0 if period == "凌晨" and hour == 12 else hour), False


def _span(match: re.Match[str]) -> timedelta:
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


_DAYS: dict[str, Callable[[re.Match[str], date], date]] = {
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
