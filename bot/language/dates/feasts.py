"""Feasts by the moon and the 24 solar terms as dates. Pure tables and one formula; 2024 to 2035."""

from __future__ import annotations

from datetime import date, timedelta

# Month and day by year from 2024 on.
_MOON = {
    "春节": "2-10 1-29 2-17 2-6 1-26 2-13 2-3 1-23 2-11 1-31 2-19 2-8",
    "端午": "6-10 5-31 6-19 6-9 5-28 6-16 6-5 6-24 6-12 6-1 6-20 6-10",
    "中秋": "9-17 10-6 9-25 9-15 10-3 9-22 9-12 10-1 9-19 9-8 9-27 9-16",
}
_FIRST_YEAR = 2024
_AFTER_NEW_YEAR = {"除夕": -1, "大年夜": -1, "年三十": -1, "小年夜": -2, "元宵": 14}
_SAME = {
    "过年": "春节",
    "大年初一": "春节",
    "年初一": "春节",
    "正月初一": "春节",
    "新年初一": "春节",
}
_SAME |= {"三八妇女节": "三八", "六一儿童节": "六一", "五一劳动节": "五一", "八一建军节": "八一"}
_FIXED = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "三八": (3, 8), "植树节": (3, 12),
    "消费者权益日": (3, 15), "劳动节": (5, 1), "五一": (5, 1), "青年节": (5, 4), "六一": (6, 1),
    "儿童节": (6, 1), "建党节": (7, 1), "七一": (7, 1), "八一": (8, 1), "建军节": (8, 1),
    "教师节": (9, 10), "国庆": (10, 1), "十一": (10, 1), "消防日": (11, 9), "平安夜": (12, 24),
    "圣诞": (12, 25),
}  # fmt: skip
# Month and the constant of the usual formula for this century, with the years that miss it by one.
_TERMS = {
    "小寒": (1, 5.4055), "大寒": (1, 20.12), "立春": (2, 3.87), "雨水": (2, 18.73),
    "惊蛰": (3, 5.63), "春分": (3, 20.646), "清明": (4, 4.81), "谷雨": (4, 20.1),
    "立夏": (5, 5.52), "小满": (5, 21.04), "芒种": (6, 5.678), "夏至": (6, 21.37),
    "小暑": (7, 7.108), "大暑": (7, 22.83), "立秋": (8, 7.5), "处暑": (8, 23.13),
    "白露": (9, 7.646), "秋分": (9, 23.042), "寒露": (10, 8.318), "霜降": (10, 23.438),
    "立冬": (11, 7.438), "小雪": (11, 22.36), "大雪": (12, 7.18), "冬至": (12, 21.94),
}  # fmt: skip
_MISSED = {(2026, "雨水"): -1}

NAMES = tuple(
    sorted(
        {*_MOON, *_AFTER_NEW_YEAR, *_SAME, *_FIXED, *_TERMS}, key=lambda name: (-len(name), name)
    )
)


def feast(name: str, year: int) -> date | None:
    """The day of a feast or solar term in a year; None when no table reaches that year."""
    name = _SAME.get(name, name)
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _TERMS:
        return _term(name, year)
    if name in _AFTER_NEW_YEAR:
        spring = feast("春节", year)
        return None if spring is None else spring + timedelta(days=_AFTER_NEW_YEAR[name])
    days = _MOON[name].split()
    if not 0 <= year - _FIRST_YEAR < len(days):
        return None
    month, day = days[year - _FIRST_YEAR].split("-")
    return date(year, int(month), int(day))


def next_feast(name: str, today: date) -> date | None:
    """The first such day that is not past; None beyond the tables."""
    found = [feast(name, year) for year in (today.year, today.year + 1)]
    return next((day for day in found if day is not None and day >= today), None)


def _term(name: str, year: int) -> date:
    month, constant = _TERMS[name]
    short = year % 100
    leaps = (short - 1) // 4 if month <= 2 else short // 4
    day = int(short * 0.2422 + constant) - leaps
    return date(year, month, day + _MISSED.get((year, name), 0))
