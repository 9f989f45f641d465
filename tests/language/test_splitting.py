from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.splitting import split_text


@pytest.mark.parametrize(
    ("text", "limit", "pieces"),
    [
        ("", 10, []),
        (" \n ", 10, []),
        ("短", 10, ["短"]),
        ("今天停水。明天来。", 15, ["今天停水。", "明天来。"]),
        ("第一行\n第二行", 12, ["第一行", "第二行"]),
        ("一句话。下一行\n再来一句。", 30, ["一句话。下一行", "再来一句。"]),
        ("他说“停水了。”大家知道", 30, ["他说“停水了。”", "大家知道"]),
        ("甲，乙丙丁戊己", 12, ["甲，乙丙", "丁戊己"]),
        ("甲乙，丙丁戊己", 12, ["甲乙，", "丙丁戊己"]),
        ("上午8:00到11:30", 12, ["上午8:00", "到11:30"]),
        ("one two three", 8, ["one two", "three"]),
        ("没有停顿的文字", 10, ["没有停", "顿的文", "字"]),
        ("12345678", 4, ["1234", "5678"]),
        ("ab👍🏽", 8, ["ab", "👍🏽"]),
        ("ab👩‍🚒", 8, ["ab", "👩‍", "🚒"]),
    ],
)
def test_cuts_where_a_reader_pauses(text: str, limit: int, pieces: list[str]) -> None:
    assert split_text(text, limit) == pieces


def test_emoji_family_stays_whole_when_it_fits() -> None:
    family = "👨‍👩‍👧‍👦"
    assert split_text("平安" * 3 + family, 36) == ["平安" * 3, family]


@given(st.text(max_size=300), st.integers(min_value=4, max_value=60))
def test_pieces_fit_and_nothing_is_lost(text: str, limit: int) -> None:
    pieces = split_text(text, limit)
    assert all(piece and len(piece.encode("utf-8", "replace")) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@pytest.mark.parametrize("unit", ["字", "。", "\n", "\u200d", "a，"])
def test_takes_linear_time(unit: str) -> None:
    started = time.perf_counter()
    pieces = split_text(unit * 200_000, 2048)
    assert time.perf_counter() - started < 2
    assert sum(map(len, pieces)) <= 400_000


def test_refuses_a_limit_below_one_character() -> None:
    with pytest.raises(ValueError, match="3"):
        split_text("海棠", 3)
