"""Every place with its exact words: floors on labelled texts, the group's own names, the home."""

from __future__ import annotations

import msgspec
import pytest
from msgspec import Struct

from bot.language.places import Registry, find_place, find_places
from bot.models import Place
from tests.data import lines
from tests.language.test_text import BUDGET, HOSTILE, seconds


class Case(Struct, frozen=True):
    """A text and its places as [words, canonical form]."""

    text: str
    places: list[tuple[str, str]]
    family: str
    part: str


CASES = [msgspec.json.decode(line, type=Case) for line in lines("places.jsonl")]
HOME = Place(building="7幢", unit="2单元", room="301室")
REGISTRY = Registry.parse(["海棠苑3号楼", "春晓亭 凉亭 亭子", "百草园", "4幢"])


@pytest.mark.parametrize(("part", "floor"), [("tuning", 1.0), ("held-out", 0.98), ("fresh", 0.95)])
def test_exact_spans(part: str, floor: float) -> None:
    """All spans of a text, and no other, with their canonical forms."""
    cases = [case for case in CASES if case.part == part]
    right = [
        [(span.text, span.canonical) for span in find_places(case.text)] == case.places
        for case in cases
    ]
    assert sum(right) / len(right) >= floor


def test_the_set_is_broad_and_split_by_family() -> None:
    assert len(CASES) >= 250
    assert sum(not case.places for case in CASES) >= 60
    parts = {case.family: case.part for case in CASES}
    assert all(parts[case.family] == case.part for case in CASES)


def test_spans_are_cut_out_of_the_text() -> None:
    for case in CASES:
        for span in find_places(case.text, REGISTRY, HOME):
            assert case.text[span.start : span.end] == span.text
            assert span.canonical


@pytest.mark.parametrize(
    ("text", "words", "canonical"),
    [
        ("我们楼停水了", "我们楼", "7幢"),
        ("我家楼下有人抽烟", "我家楼下", "7幢楼下"),
        ("我们单元门禁坏了", "我们单元", "7幢2单元"),
        ("阿拉幢楼道灯坏脱哉", "阿拉幢楼道", "7幢楼道"),
        ("本幢水箱清洗", "本幢", "7幢"),
        ("我家门口堆了垃圾", "我家门口", "7幢门口"),
        ("我们这栋楼没信号", "我们这栋楼", "7幢"),
    ],
)
def test_the_speakers_own_house(text: str, words: str, canonical: str) -> None:
    (span,) = find_places(text, home=HOME)
    assert (span.text, span.canonical) == (words, canonical)
    assert find_place(text, home=HOME).building == "7幢"
    assert words not in [found.text for found in find_places(text)]


@pytest.mark.parametrize("text", ["我们楼盘", "楼市", "我家没水", "根本楼上", "我们单元门口见"])
def test_what_is_not_the_speakers_house(text: str) -> None:
    assert "7幢" not in [span.canonical for span in find_places(text, home=HOME)] or "门口" in text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3幢漏水", [("3幢", "海棠苑3号楼")]),
        ("三号楼502漏水", [("三号楼502", "海棠苑3号楼502室")]),
        ("凉亭的灯", [("凉亭", "春晓亭")]),
        ("亭子漏雨", [("亭子", "春晓亭")]),
        ("百草园有蛇", [("百草园", "百草园")]),
        ("4栋", [("4栋", "4幢")]),
        ("9幢", [("9幢", "9幢")]),
    ],
)
def test_the_groups_own_names(text: str, found: list[tuple[str, str]]) -> None:
    assert [(span.text, span.canonical) for span in find_places(text, REGISTRY)] == found


def test_without_anything_known() -> None:
    assert find_places("凉亭", Registry())[0].canonical == "凉亭"
    assert find_place("", Registry(), Place()) == Place()


@pytest.mark.parametrize("piece", [*HOSTILE, "我们", "3幢5楼", "五零", "亭子", "2单元到"])
def test_time_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert seconds(lambda hostile: find_places(hostile, REGISTRY, HOME), text) < BUDGET
