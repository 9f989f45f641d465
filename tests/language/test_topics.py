"""Words that hint at a category: the file that ships, and how such a file is read."""

from __future__ import annotations

import importlib.resources
import unicodedata

import pytest

from bot.language.topics import hints, parse, topics
from bot.rules.taxonomy import SHIPPED, Taxonomy

TAXONOMY = Taxonomy.parse((importlib.resources.files("bot") / SHIPPED).read_bytes())


def test_every_category_has_its_words() -> None:
    assert set(hints()) == {category.code for category in TAXONOMY.all}
    assert min(map(len, hints().values())) >= 60


def test_words_stand_in_the_form_that_is_matched() -> None:
    words = [word for listed in hints().values() for word in listed]
    assert [word for word in words if unicodedata.normalize("NFKC", word).lower() != word] == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("那个摇摇马少了个脚蹬", ["GGSS", "GGSS"]),
        ("三楼窗口吊线给小毛驴充", ["DDCC", "DDCC"]),
        ("好的", []),
    ],
)
def test_hints_in_a_text(text: str, codes: list[str]) -> None:
    assert topics(text) == codes


def test_sections_and_notes() -> None:
    assert parse("# 说明\n[A]\n路灯 灯泡 # 灯\n\n灯泡\n[B]\n路灯") == {
        "A": ("路灯", "灯泡"),
        "B": ("路灯",),
    }


def test_words_without_a_category() -> None:
    with pytest.raises(ValueError, match="前面缺少类别"):
        parse("路灯\n[A]")
