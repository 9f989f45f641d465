"""The yearly tables, day by day, and counting over them."""

from __future__ import annotations

from datetime import date, timedelta
from importlib.resources import files

import pytest

from bot.errors import ImportFault
from bot.rules.workdays import WorkCalendar

SHIPPED = files("bot").joinpath("data", "workdays.json").read_bytes()


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return WorkCalendar.parse(SHIPPED)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-01-01", False),  # 元旦，周一
        ("2024-02-04", True),  # 春节前的调休周日
        ("2024-02-09", True),  # 除夕那年不放假
        ("2024-02-16", False),
        ("2024-02-18", True),
        ("2024-05-11", True),
        ("2024-06-10", False),
        ("2024-09-14", True),
        ("2024-10-12", True),
        ("2025-01-26", True),
        ("2025-02-04", False),
        ("2025-02-08", True),
        ("2025-06-02", False),
        ("2025-10-08", False),
        ("2025-10-11", True),
        ("2026-01-02", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-02-28", True),
        ("2026-05-09", True),
        ("2026-06-19", False),
        ("2026-09-20", True),
        ("2026-09-25", False),
        ("2026-10-10", True),
        ("2026-11-20", True),  # 平常的周五
        ("2026-11-21", False),  # 平常的周六
        ("2027-01-01", True),  # 暂估：周五
        ("2027-01-02", False),  # 暂估：周六
    ],
)
def test_days(calendar: WorkCalendar, day: str, works: bool) -> None:
    assert calendar.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(("year", "expected"), [(2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(calendar: WorkCalendar, year: int, expected: int) -> None:
    """Known from chinesecalendar 1.11.0 and holidays 0.108: all 1,096 days were compared once."""
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    assert sum(map(calendar.is_workday, days)) == expected


@pytest.mark.parametrize(
    ("day", "estimated"),
    [("2023-12-29", True), ("2024-01-01", False), ("2026-12-31", False), ("2027-01-01", True)],
)
def test_estimated_years(calendar: WorkCalendar, day: str, estimated: bool) -> None:
    assert calendar.is_estimated(date.fromisoformat(day)) is estimated


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("2026-11-18", 0, "2026-11-18"),
        ("2026-11-18", 1, "2026-11-19"),
        ("2026-11-18", 5, "2026-11-25"),
        ("2026-11-21", 0, "2026-11-21"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2024-02-09", 1, "2024-02-18"),
        ("2024-04-30", 3, "2024-05-08"),
        ("2024-09-13", 2, "2024-09-18"),
        ("2025-01-24", 2, "2025-01-27"),
        ("2025-09-27", 4, "2025-10-09"),
        ("2026-02-13", 2, "2026-02-24"),
        ("2026-09-30", 15, "2026-10-27"),
        ("2026-12-30", 3, "2027-01-04"),
    ],
)
def test_adding_workdays(calendar: WorkCalendar, day: str, n: int, expected: str) -> None:
    assert calendar.add_workdays(date.fromisoformat(day), n) == date.fromisoformat(expected)


def test_counting_backwards_is_refused(calendar: WorkCalendar) -> None:
    with pytest.raises(ValueError, match="forwards"):
        calendar.add_workdays(date(2026, 11, 20), -1)


def test_next_workday_is_never_the_same_day(calendar: WorkCalendar) -> None:
    day = date(2024, 1, 1)
    while day < date(2027, 3, 1):
        following = calendar.next_workday(day)
        assert following > day
        assert calendar.is_workday(following)
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("{", "读不出来"),
        ("[]", "读不出来"),
        ('{"二〇二七": {"source": "", "holidays": {}, "workdays": []}}', "读不出来"),
        (
            '{"2027": {"source": "", "holidays": {"2027-02-30": "春节"}, "workdays": []}}',
            "读不出来",
        ),
        ('{"2027": {"source": "", "holidays": {"2027-01-01": "元旦"}}}', "读不出来"),
        ('{"2027": {"source": "", "holidays": {}, "workdays": []}}', "没有写放假日期"),
        ('{"2027": {"source": "", "holidays": {"2028-01-01": "元旦"}, "workdays": []}}', "不属于"),
        ('{"2027": {"source": "", "holidays": {"2026-11-30": "元旦"}, "workdays": []}}', "不属于"),
        (
            '{"2027": {"source": "", "holidays": {"2027-01-01": "元旦"}, '
            '"workdays": ["2027-01-04"]}}',
            "不用写成调休上班",
        ),
        (
            '{"2027": {"source": "", "holidays": {"2027-01-02": "元旦"}, '
            '"workdays": ["2027-01-02"]}}',
            "请留一处",
        ),
    ],
)
def test_a_faulty_table_is_refused_with_the_reason(table: str, complaint: str) -> None:
    with pytest.raises(ImportFault, match=complaint):
        WorkCalendar.parse(table.encode())


def test_bytes_that_are_not_utf8_are_refused() -> None:
    with pytest.raises(ImportFault, match="读不出来"):
        WorkCalendar.parse('{"2027": {"source": "国务院"}}'.encode("gbk"))


def test_a_notice_may_move_days_of_the_december_before() -> None:
    calendar = WorkCalendar.parse(
        '{"2019": {"source": "示例", "holidays": {"2018-12-31": "元旦", "2019-01-01": "元旦"}, '
        '"workdays": ["2018-12-29"]}}'.encode()
    )
    assert calendar.is_workday(date(2018, 12, 29))
    assert not calendar.is_workday(date(2018, 12, 31))
    assert calendar.is_estimated(date(2018, 12, 31))
