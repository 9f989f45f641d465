"""Times of day: 8点, 晚上7点半, 20:05, 上午十点一刻, 夜里2点 (of the night that begins)."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.language.numbers import parse_number

DEFAULT_HOUR = 8
"""The hour of a day that was named without a time."""

_PERIOD_HOURS = (
    {"凌晨": 0, "清晨": 6, "早晨": 8, "早上": 8, "一早": 8, "早": 8, "上午": 8, "中午": 12}
    | {"早浪": 8, "早浪头": 8, "上半日": 8, "日中": 12, "下半日": 14, "夜快": 18, "夜快头": 18}
    | {"夜头": 19, "夜里头": 19, "夜里向": 19, "饭后": 13, "午间": 12, "晚饭后": 19}
    | {"正午": 12, "午后": 14, "下午": 14, "傍晚": 18, "晚上": 19, "晚间": 19, "夜里": 19}
    | {"夜间": 19, "夜": 19, "晚": 19, "半夜": 23, "深夜": 23}
)
_NIGHT = frozenset(
    {
        "夜头",
        "夜里头",
        "夜里向",
        "晚饭后",
        "晚上",
        "晚间",
        "晚",
        "夜里",
        "夜间",
        "夜",
        "半夜",
        "深夜",
    }
)
_AFTERNOON = frozenset({"下半日", "夜快", "夜快头", "饭后", "午后", "下午", "傍晚"})

_CN = "一二两三四五六七八九十"
_HOUR = rf"(?:2[0-4]|[01]?\d|[{_CN}零]{{1,3}})"
_NO_HOUR = "(?!意见|建议|要求|说明|问题|注意|原因|希望|想法|位)"
_NO_MINUTE = r"(?![\d幢栋号#室人个名户元-]|单元)"
_FULL_PERIOD = "|".join(sorted((w for w in _PERIOD_HOURS if len(w) > 1), key=len, reverse=True))
TIME = re.compile(
    rf"(?=[\d零凌清早上中正午下傍晚夜半深日饭{_CN}])"
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


class Clock(Struct, frozen=True):
    """A time of day; `overnight`: it belongs to the night that begins on the named day."""

    hour: int
    minute: int = 0
    overnight: bool = False
    timed: bool = True
    end: int = 0


def clock_after(text: str, end: int, part: str | None = None) -> Clock:
    """The time of day that follows a day's words, which end at `end`; else the default hour.

    `part` is the 早 or 晚 that the day word brought along.
    """
    between = _BETWEEN.match(text, end)
    position = between.end() if between else end
    # A piece of its own: the 三 of 周三 is not part of the hour that follows.
    behind = text[position : position + _REACH]
    found = TIME.match(behind) or _SHORT_PERIOD.match(behind)
    clock = read_clock(found, position, part) if found else None
    return clock or Clock(_PERIOD_HOURS.get(part or "", DEFAULT_HOUR), timed=False, end=end)


def read_clock(match: re.Match[str], offset: int = 0, part: str | None = None) -> Clock | None:
    """The time of day of a match; `part` is the 早 or 晚 that the day word brought along."""
    end = offset + match.end()
    said = match.groupdict()
    if said["alone"]:
        return Clock(_PERIOD_HOURS[said["alone"]], timed=False, end=end)
    hour = parse_number(said["hour"] or said["oclock"])
    minute = _minute(said)
    if hour is None or hour > 24 or not 0 <= minute < 60:
        return None
    hour, overnight = _full_hour(hour, said["period"] or said["behind"] or part or "")
    return Clock(hour, minute, overnight, end=end)


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
