"""Floors for the danger lane on labelled texts: found first, then hardly a false alarm."""

from __future__ import annotations

from collections import defaultdict

import msgspec
import pytest
from msgspec import Struct

from benchmarks.train.data import HELD_OUT
from benchmarks.understanding import KNOWN_BAR, ROUND_BAR, ROUND_BARS
from bot.language.text import normalise
from bot.rules.safety import DangerKind, find_danger
from tests.data import lines
from tests.language.test_text import BUDGET, HOSTILE, seconds


class Case(Struct, frozen=True):
    """A text, the danger in it, and the family of like texts it belongs to."""

    text: str
    danger: DangerKind | None
    family: str
    part: str


CASES = [msgspec.json.decode(line, type=Case) for line in lines("emergencies.jsonl")]
PARTS = tuple(dict.fromkeys(case.part for case in CASES if case.part not in HELD_OUT))


def share(part: str, *, dangers: bool) -> float:
    """How many of a part's dangers (or harmless texts) raise the alarm."""
    texts = [c.text for c in CASES if c.part == part and (c.danger is not None) is dangers]
    return sum(find_danger(normalise(text)) is not None for text in texts) / len(texts)


@pytest.mark.parametrize(
    ("part", "floor"),
    [
        ("tuning", 0.99),
        ("held-out", 0.98),
        ("fresh-1", 0.94),
        ("fresh-2", 0.84),
        ("fresh-3", 0.97),
        ("fresh-4", 0.97),
        ("round-1", 0.98),
        ("round-2", 0.98),
        ("round-3", 0.97),
        ("round-4", 0.98),
        ("fresh-5", 0.98),
        ("round-5", 0.97),
        ("round-6", 0.97),
        ("round-7", 0.97),
        *((f"round-{number}", 0.97) for number in (*range(8, 17), *range(18, 46))),
        ("fresh-6", 0.86),
        ("hard-1", 0.93),
        ("hard-2", 0.83),
        ("hard-3", 0.93),
        ("hard-4", 0.93),
        ("hard-5", 0.95),
        ("hard-6", 0.95),
        ("hard-7", 0.93),
        *((f"hard-{number}", 0.97) for number in range(8, 16)),
    ],
)
def test_dangers_are_found(part: str, floor: float) -> None:
    assert share(part, dangers=True) >= floor


@pytest.mark.parametrize("part", PARTS)
def test_hardly_a_false_alarm(part: str) -> None:
    assert share(part, dangers=False) <= (
        ROUND_BARS.get(part, ROUND_BAR) if part.startswith("round") else KNOWN_BAR
    )


def test_hardly_a_false_alarm_on_what_was_not_learned() -> None:
    """Near-emergencies written to mislead, which no table and no model has seen."""
    assert sum(share(part, dangers=False) for part in HELD_OUT) / len(HELD_OUT) <= 0.04


def test_the_kind_is_mostly_right() -> None:
    """Ring 110 or 120? Where two threaten, either is right."""
    found = [(c.danger, find_danger(normalise(c.text))) for c in CASES if c.danger is not None]
    known = [(kind, danger.kind) for kind, danger in found if danger is not None]
    assert sum(kind is told for kind, told in known) / len(known) >= 0.94


def test_the_set_is_broad_and_split_by_family() -> None:
    kinds = {case.danger for case in CASES} - {None}
    assert kinds == set(DangerKind)
    assert sum(case.danger is not None for case in CASES) >= 120
    assert sum(case.danger is None for case in CASES) >= 150
    parts = defaultdict(set)
    for case in CASES:
        parts[case.family].add(case.part)
    assert {family for family, found in parts.items() if len(found) > 1} == set()


@pytest.mark.parametrize("piece", [*HOSTILE, "人血", "电梯里有人", "怕", "孩子倒在水里,"])
def test_time_is_linear(piece: str) -> None:
    assert seconds(find_danger, piece * (100_000 // len(piece))) < BUDGET
