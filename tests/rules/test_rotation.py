"""Seven days, four weeks, twelve months."""

from __future__ import annotations

from datetime import date, timedelta

from bot.rules.rotation import Rotation, kept

LAST = date(2027, 3, 10)


def nights(count: int) -> list[date]:
    return [LAST - timedelta(days=n) for n in range(count)]


def test_the_last_week_is_kept_whole() -> None:
    assert set(nights(7)) <= kept(nights(400), Rotation())


def test_one_of_each_week_and_month_is_kept() -> None:
    found = kept(nights(400), Rotation())
    assert len(found) <= 7 + 4 + 12
    assert len({(day.year, day.month) for day in found}) == 12
    assert date(2027, 1, 31) in found
    assert date(2026, 4, 30) in found
    assert date(2026, 3, 31) not in found


def test_a_year_of_nights_never_needs_more_than_its_places() -> None:
    have: set[date] = set()
    for n in range(800):
        have.add(date(2026, 1, 1) + timedelta(days=n))
        have &= kept(have, Rotation())
        assert len(have) <= 23
    assert len({(day.year, day.month) for day in have}) == 12


def test_nothing_is_kept_of_nothing() -> None:
    assert kept([], Rotation()) == frozenset()
    assert kept([LAST], Rotation(days=1, weeks=0, months=0)) == {LAST}
