"""What is divided by what, which days are in a month, and what a heat table must not tell."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from itertools import product

import pytest

from bot.models import SHANGHAI
from bot.models.ledger import Cell, Counts
from bot.rules.counting import (
    Names,
    Period,
    caliber,
    day,
    draft,
    heat_of,
    hidden,
    month,
    month_after,
    rates,
    sentence,
    week,
)

PAPER = Counts(accepted=379, suggestions=145, closed=296)
"""What a newspaper printed of one street."""


def test_the_sentence_of_the_newspaper() -> None:
    assert sentence(PAPER) == (
        "收集居民诉求379个，提出145条意见建议，推动解决大小诉求296个（办结率78.1%，296/379）。"
    )


def test_suggestions_are_no_part_of_the_denominator() -> None:
    (closed,) = [rate for rate in rates(PAPER) if rate.key == "closed"]
    assert (closed.part, closed.whole, closed.percent) == (296, 379, 78.1)


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("answered", "响应率90.0%（90/100）"),
        ("closed", "办结率80.0%（80/100）"),
        ("content", "满意率78.0%（39/50）"),
        ("fixed", "解决率80.0%（40/50）"),
        ("in_time", "按期率70.0%（63/90）"),
        ("reopened", "重开率4.0%（4/100）"),
        ("merged", "重复率20.0%（25/125）"),
        ("passed", "转办率7.0%（7/100）"),
    ],
)
def test_every_rate_says_what_it_was_divided_by(key: str, told: str) -> None:
    counts = Counts(
        accepted=100, owed=100, merged=25, answered_in_time=90, closed=80, closed_in_time=63,
        late=10,
        rated_good=30, rated_fair=10, rated_bad=10, unrated=30, reopened=4, transferred=7,
    )  # fmt: skip
    assert {rate.key: rate.told for rate in rates(counts)}[key] == told


def test_fewer_than_five_give_no_percentage() -> None:
    few = rates(Counts(accepted=4, closed=3))
    assert few[1].percent is None
    assert few[1].told == "办结率不列百分比（3/4，不足5件）"
    assert "%" not in sentence(Counts(accepted=4, closed=3))


def test_silence_is_no_satisfaction() -> None:
    silent = Counts(accepted=20, closed=20, unrated=15, rated_good=1, rated_bad=4)
    assert rates(silent)[2].told == "满意率20.0%（1/5）"


def test_suzhou_has_other_words_and_a_community_another_weight() -> None:
    counts = Counts(accepted=10, closed=10, rated_fair=10)
    assert [rate.name for rate in rates(counts, names=Names.SUZHOU)][:3] == [
        "及时处办率",
        "办结率",
        "满意率",
    ]
    assert rates(counts, 0.6)[2].percent == 60.0


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (month(2023, 1), "2023年1月"),
        (month(2024, 12), "2024年12月"),
        (day(date(2026, 11, 25)), "2026年11月25日"),
        (week(date(2026, 11, 25)), "2026年11月23日至29日"),
        (week(date(2026, 12, 1)), "2026年11月30日至12月6日"),
        (week(date(2026, 12, 31)), "2026年12月28日至2027年1月3日"),
        (Period(date(2025, 1, 1), date(2025, 12, 31)), "2025年"),
    ],
)
def test_periods_are_called_as_people_call_them(period: Period, name: str) -> None:
    assert period.name == name


def test_a_period_is_whole_days_in_shanghai() -> None:
    january = month(2023, 1)
    assert january.start == datetime(2023, 1, 1, tzinfo=SHANGHAI)
    assert january.end == datetime(2023, 2, 1, tzinfo=SHANGHAI)
    assert month_after(january, -1) == month(2022, 12)
    assert month_after(january, 12) == month(2024, 1)


def test_the_line_under_the_title_tells_days_and_what_is_left_out() -> None:
    now = datetime(2023, 2, 1, 1, 30, tzinfo=SHANGHAI)
    counts = Counts(accepted=9, merged=2, withdrawn=1, declined=3, hidden=4)
    assert caliber(month(2023, 1), counts, now) == (
        "口径：按登记时间2023年1月统计，截至2月1日01:30；"
        "已合并2、已撤回1、不受理3件不计入；含不公开4件；无人评价算未评价，不算满意。"
    )


def test_a_draft_has_three_sentences_and_no_rate_that_says_nothing() -> None:
    lines = draft("春晓社区", month(2023, 1), PAPER)
    assert len(lines) == 3
    assert lines[0].startswith("2023年1月，春晓社区通过微网格群收集居民诉求379个")
    assert "%" not in lines[1]
    assert draft("春晓社区", month(2023, 1), Counts())[1] == (
        "办件数量还少，响应率、满意率暂不列出。"
    )


# Heat


def test_small_cells_look_like_empty_ones() -> None:
    assert hidden([5, 2, 0, 1, 4]) == ([5, None, None, None, 4], 12)


@pytest.mark.parametrize(
    ("counts", "shown", "total"),
    [
        ([5, 4, 1], [5, 4, None], None),  # alone, it could be subtracted
        ([9, 2, 2], [9, None, None], None),  # both could only be 2
        ([9, 2, 1], [9, None, None], None),  # shown, its absence would say 2 and 2
        ([9, 1, 1], [9, None, None], 11),
        ([1, 1], [None, None], None),
        ([3, 0, 0], [3, None, None], 3),
        ([7], [7], 7),
        ([2], [None], None),
    ],
)
def test_totals_do_not_give_cells_away(
    counts: list[int], shown: list[int | None], total: int | None
) -> None:
    assert hidden(counts) == (shown, total)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_nobody_can_work_out_a_hidden_cell(width: int) -> None:
    """Whoever knows the rule and sees a row has at least two answers for each cell that is hidden
    and not empty: all rows of small numbers are tried.
    """
    rows = defaultdict(list)
    for counts in product(range(8 if width < 4 else 5), repeat=width):
        shown, total = hidden(counts)
        rows[tuple(shown), total].append(counts)
    for (cells, _), possible in rows.items():
        for place, seen in enumerate(cells):
            values = {counts[place] for counts in possible}
            assert seen is not None or values == {0} or len(values) > 1, possible


def test_columns_are_added_up_from_what_is_shown() -> None:
    cells = [
        Cell("B", "2幢", 3),
        Cell("A", "10幢", 6),
        Cell("A", "2幢", 2),
        Cell("A", "3幢", 1),
        Cell("A", "", 4),
    ]
    heat = heat_of(cells, lambda name: int(name.removesuffix("幢") or 0), ["B", "A"])
    assert heat.buildings == ("2幢", "3幢", "10幢", "")
    assert [row.category for row in heat.rows] == ["B", "A"]
    assert heat.rows[1].cells == (None, None, 6, 4)
    assert [row.told for row in heat.rows] == ["3", "10+"]
    assert heat.totals == (3, 0, 6, 4)
