"""A sliding window of send times."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.pace import Pace
from bot.ports import Rate


@pytest.mark.parametrize(
    ("times", "waits"),
    [
        ([0, 0, 0], [0, 0, 0]),
        ([0, 0, 0, 0], [0, 0, 0, 60]),
        ([0, 10, 20, 30], [0, 0, 0, 30]),
        ([0, 10, 20, 60], [0, 0, 0, 0]),
        ([0, 10, 20, 59.9, 60, 61], [0, 0, 0, 0.1, 0, 9]),
        ([0, 0, 0, 1, 2, 3, 60], [0, 0, 0, 59, 58, 57, 0]),
    ],
)
def test_how_long_to_wait(times: list[float], waits: list[float]) -> None:
    pace = Pace(Rate(3, 60.0))
    assert [pace.wait("甲", at) for at in times] == pytest.approx(waits)


def test_each_receiver_has_a_window_of_their_own() -> None:
    pace = Pace(Rate(1, 60.0))
    assert [pace.wait(who, 0) for who in "甲乙甲"] == [0, 0, 60]


def test_a_place_that_is_free_but_for_a_rounding_is_taken_or_waited_for() -> None:
    pace = Pace(Rate(1, 60.0))
    start = 1.977341052223995
    assert pace.wait("甲", start) == 0
    now = start + 60 - 1e-15
    while pace.wait("甲", now) > 0:
        now += 1e-9
    assert pace.wait("甲", now) == 60


@given(
    count=st.integers(1, 5),
    steps=st.lists(st.floats(0, 30, allow_nan=False), max_size=60),
    patient=st.booleans(),
)
def test_no_window_ever_holds_more(count: int, steps: list[float], patient: bool) -> None:
    """Whether the sender asks again at once, or waits as long as it was told."""
    pace, now, sent = Pace(Rate(count, 60.0)), 0.0, []
    for step in steps:
        now += step
        wait = pace.wait("甲", now)
        assert wait >= 0
        if wait > 0 and patient:
            now += wait + 1e-6  # a little more than asked: the sum may be rounded down
            wait = pace.wait("甲", now)
            assert wait == 0
        if wait == 0:
            sent.append(now)
    for earlier, later in zip(sent, sent[count:], strict=False):
        assert later - earlier >= 60 - 1e-6


def test_a_shy_channel_is_quiet_between_any_two_messages() -> None:
    pace = Pace(Rate(20, 60.0, gap=2.0))
    sent: list[float] = []
    now = 0.0
    while len(sent) < 50:
        wait = pace.wait(f"群{len(sent)}", now)
        if wait == 0:
            sent.append(now)
        now += wait or 1e-6
    gaps = [later - earlier for earlier, later in pairwise(sent)]
    assert min(gaps) >= 2.0
    assert max(gaps) <= 4.001
    assert len({round(gap, 3) for gap in gaps}) > 40


def test_several_rates_hold_together() -> None:
    pace = Pace((Rate(2, 60.0), Rate(3, 3600.0)))
    assert [pace.wait("甲", at) for at in (0, 0, 1)] == [0, 0, 59]
    assert pace.wait("甲", 60) == 0
    assert pace.wait("甲", 200) == pytest.approx(3400)
    assert pace.wait("甲", 3600) == 0


@given(st.lists(st.floats(0, 20), max_size=60))
def test_no_window_ever_holds_more_than_a_rate_permits(steps: list[float]) -> None:
    rates = (Rate(3, 10.0), Rate(5, 40.0))
    pace = Pace(rates)
    now, taken = 0.0, []
    for step in steps:
        now += step
        if pace.wait("甲", now) == 0:
            taken.append(now)
    for rate in rates:
        for start in taken:
            assert sum(start <= at < start + rate.seconds for at in taken) <= rate.count
