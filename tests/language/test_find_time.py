"""Everything that phrases say about time: a table of some 450, and what must hold for any text."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import chinese_calendar
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from bot.language.dates import Again, Moment, Unclear, find_time
from bot.language.dates.feasts import feast
from bot.language.text import normalise
from bot.models import SHANGHAI, Beat, Recurrence
from bot.rules.workdays import WorkCalendar
from tests.data import lines
from tests.language.test_text import ANY_TEXT, BUDGET, HOSTILE, seconds
from tests.language.time_notation import noted

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=SHANGHAI)
TABLE = Path(__file__).parents[2] / "bot" / "data" / "workdays.json"
CALENDAR = WorkCalendar.parse(TABLE.read_bytes())


class Row(Struct, frozen=True):
    """A phrase, when it was said, and what it means."""

    text: str
    now: str
    found: str


ROWS = [msgspec.json.decode(line, type=Row) for line in lines("dates.jsonl")]


@pytest.mark.parametrize("text", sorted({row.text for row in ROWS}))
def test_phrases(text: str) -> None:
    for row in ROWS:
        if row.text == text:
            now = datetime.fromisoformat(row.now).replace(tzinfo=SHANGHAI)
            assert noted(find_time(normalise(text), now, CALENDAR)) == row.found


def test_the_table_is_broad() -> None:
    assert len({row.text for row in ROWS}) >= 300


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("请在3个工作日内办好", "3个工作日内"),
        ("发布 每周一8:30 垃圾分类提醒", "每周一8:30"),
        ("春节前一天上午9点发安全提醒", "春节前一天上午9点"),
        ("停水从晚上7点半到9点,请备水", "晚上7点半到9点"),
        ("12月1日前报名", "12月1日前"),
        ("2月30日集合", "2月30日"),
    ],
)
def test_the_words_that_say_it(text: str, words: str) -> None:
    found = find_time(text, NOW, CALENDAR)
    assert found is not None
    assert text[found.start : found.end] == words


def test_a_recurrence_is_a_value() -> None:
    found = find_time("每月1号和15号9点", NOW)
    assert isinstance(found, Again)
    assert found.recurrence == Recurrence(beat=Beat.MONTHLY, at=time(9), days=(1, 15))
    assert found.timed


def test_without_a_calendar_working_days_are_not_counted() -> None:
    assert find_time("3个工作日内", NOW) is None
    holiday = find_time("国庆假期", NOW)
    assert isinstance(holiday, Moment)
    assert holiday.until is not None
    assert holiday.until.date() == holiday.at.date()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("春节", "Spring Festival"),
        ("端午", "Dragon Boat Festival"),
        ("清明", "Tomb-sweeping Day"),
        ("中秋", "Mid-autumn Festival"),
    ],
)
def test_feasts_are_days_off(name: str, theirs: str, year: int) -> None:
    day = feast(name, year)
    assert day is not None
    free, label = chinese_calendar.get_holiday_detail(day)
    assert free
    assert label in {theirs, "National Day"}  # 中秋 may fall into the national holiday


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("立春", date(2025, 2, 3)),
        ("雨水", date(2026, 2, 18)),
        ("夏至", date(2026, 6, 21)),
        ("立冬", date(2026, 11, 7)),
        ("冬至", date(2026, 12, 22)),
        ("除夕", date(2027, 2, 5)),
    ],
)
def test_terms_and_eves(name: str, day: date) -> None:
    assert feast(name, day.year) == day


def test_beyond_the_tables_nothing_is_guessed() -> None:
    assert feast("春节", 2036) is None
    assert find_time("春节", datetime(2040, 1, 1, tzinfo=SHANGHAI)) is None


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_text_is_taken(text: str) -> None:
    found = find_time(text, NOW, CALENDAR)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
    if isinstance(found, Moment):
        assert found.at.tzinfo is SHANGHAI
        assert found.until is None or found.until > found.at
        assert not found.alternatives or found.alternatives[0] == found.at
    if isinstance(found, Unclear):
        assert found.why


@given(st.integers(0, 700), st.integers(0, 23), st.integers(0, 59))
@settings(deadline=None, max_examples=40)
def test_a_full_date_is_never_ambiguous(days: int, hour: int, minute: int) -> None:
    at = (NOW + timedelta(days=days)).replace(hour=hour, minute=minute)
    found = find_time(f"{at.year}年{at.month}月{at.day}日{hour}:{minute:02}", NOW, CALENDAR)
    assert isinstance(found, Moment)
    assert (found.at, found.alternatives, found.timed) == (at, (), True)


@pytest.mark.parametrize(
    "piece", [*HOSTILE, "每周一", "春节前", "3个工作日", "2月30日", "周五到", "十一"]
)
def test_time_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert seconds(lambda hostile: find_time(hostile, NOW, CALENDAR), text) < BUDGET
