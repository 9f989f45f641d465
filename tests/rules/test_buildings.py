"""Which buildings are named."""

from __future__ import annotations

import pytest

from bot.rules.buildings import numbers


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ((), set()),
        (("3幢",), {3}),
        (("3-5幢", "9号楼"), {3, 4, 5, 9}),
        (("21到23栋",), {21, 22, 23}),
        (("5-3幢",), {3, 4, 5}),
        (("南门", "东区"), set()),
    ],
)
def test_numbers(words: tuple[str, ...], found: set[int]) -> None:
    assert numbers(words) == found


def test_a_span_without_end_is_cut() -> None:
    assert len(numbers(["1-9999幢"])) == 501
