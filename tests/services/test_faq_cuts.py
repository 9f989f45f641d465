"""Marks move a community's cut-offs within bounds."""

from __future__ import annotations

import pytest

from bot.language.faq import CUTS, LOWEST_CUT
from bot.models import Marks
from bot.services.faq_cuts import HIGHEST, LOWEST, community, cuts_for


@pytest.mark.parametrize(
    ("useful", "useless", "group"),
    [(0, 0, CUTS.group), (0, 1, CUTS.group + 0.002), (10, 1, CUTS.group), (0, 999, HIGHEST)],
)
def test_useless_answers_raise_it(useful: int, useless: int, group: float) -> None:
    assert cuts_for(Marks(useful, useless)).group == pytest.approx(group)


def test_useful_answers_lower_it_a_little() -> None:
    assert cuts_for(Marks(useful=9999)).group == LOWEST
    assert cuts_for(Marks(useful=9999)).direct >= LOWEST_CUT


@pytest.mark.parametrize("marks", [Marks(), Marks(5, 0), Marks(0, 3), Marks(0, 500), Marks(500, 0)])
def test_a_group_needs_more_than_somebody_who_asks(marks: Marks) -> None:
    cuts = cuts_for(marks)
    assert LOWEST_CUT <= cuts.direct < cuts.group < 1


def test_no_marks_means_the_shipped_pair() -> None:
    assert cuts_for(Marks()) == CUTS


def test_neighbours_share_their_marks() -> None:
    assert community("海棠街道/春晓社区/第1微网格") == "海棠街道/春晓社区"
    assert community("海棠街道") == "海棠街道"
