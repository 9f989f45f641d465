"""The figures on single messages are printed with their sizes, and their bars hold."""

from __future__ import annotations

import pytest

from benchmarks.train.data import HELD_OUT
from benchmarks.understanding import report


@pytest.mark.slow
def test_every_figure_with_its_bar() -> None:
    found = list(report())
    assert [words for words, _ in found if words.startswith(("dangers", "places", "times"))]
    slow = "whole understanding"  # depends on who else uses the machine
    missed = [words for words, holds in found if not holds and not words.startswith(slow)]
    assert [words for words in missed if not words.endswith("(unseen)")] == []
    unseen = [words for words, _ in found if words.endswith("(unseen)")]
    assert len(unseen) == len(HELD_OUT) + 1
