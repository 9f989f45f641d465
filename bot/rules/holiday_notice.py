"""The State Council's yearly notice as text, read into a table of days off.

`三、清明节：4月4日（周六）至6日（周一）放假，共3天。` and `2月14日（周六）、2月28日（周六）上班。`
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.errors import ImportFault
from bot.rules.workdays import YearTable

_TITLE = re.compile(r"(20\d\d)\s*年部分节假日安排")
_NUMERAL = "[一二三四五六七八九十]+、"
_ENTRY = re.compile(rf"{_NUMERAL}\s*([^：:\n]{{2,12}})[：:](.+?)(?={_NUMERAL}|\Z)", re.S)
_DAY = re.compile(r"(?:(\d{1,2})月)?(\d{1,2})日")
_BRACKETS = re.compile(r"[（(][^（）()]*[)）]")
_FEWEST, _MOST = 5, 12


def read_notice(text: str) -> dict[int, YearTable]:
    """The year and its days. Raises `ImportFault` when this is no such notice."""
    title = _TITLE.search(text)
    if title is None:
        raise ImportFault(["没有找到「20××年部分节假日安排」，请给通知的全文，或 JSON 表。"])
    year = int(title.group(1))
    holidays: dict[date, str] = {}
    workdays: list[date] = []
    faults: list[str] = []
    # Brackets hold the lunar calendar, whose 二十八、 looks like the next entry.
    for name, words in _ENTRY.findall(_BRACKETS.sub("", text[title.end() :])):
        try:
            off, on = _days(year, words)
        except ValueError:
            faults.append(f"「{name.strip()}」的日期读不懂，请对照原文检查。")
            continue
        holidays |= dict.fromkeys(off, name.strip())
        workdays += on
    if not faults and not _FEWEST <= len(set(holidays.values())) <= _MOST:
        faults.append(f"只读出{len(set(holidays.values()))}个节日，请检查是不是通知的全文。")
    if faults:
        raise ImportFault(faults)
    source = f"国务院办公厅关于{year}年部分节假日安排的通知"
    return {year: YearTable(source, holidays, sorted(workdays))}


def _days(year: int, words: str) -> tuple[list[date], list[date]]:
    """Days off and days worked. Raises ValueError."""
    off, _, rest = words.partition("放假")
    on = "".join(part for part in re.split(r"[。；;]", rest) if "上班" in part)
    days = [day for part in re.split("[、,，]", off) for day in _span(year, part)]
    if not days:
        raise ValueError("no days off")
    return days, list(_named(year, on, days[0].month))


def _span(year: int, words: str) -> Iterator[date]:
    """`1月28日至2月4日`, `4日至6日` within the month, or one day."""
    found = list(_named(year, words, 1))
    if not 1 <= len(found) <= 2:
        raise ValueError("a day, or two ends")
    first, last = found[0], found[-1]
    if last < first:
        raise ValueError("ends before it begins")
    while first <= last:
        yield first
        first += timedelta(days=1)


def _named(year: int, words: str, month: int) -> Iterator[date]:
    """All days that are named, a month standing for those behind it too."""
    for named, day in _DAY.findall(words):
        month = int(named) if named else month
        yield date(year, month, int(day))
