"""Floors under the matcher's figures, on one bank; `make bench` prints all of them."""

from __future__ import annotations

import random

import pytest

from benchmarks.faq_bank import entries, others
from benchmarks.faq_figures import (
    Asked,
    answered,
    ask,
    formal,
    offered,
    recall,
    share,
    small,
    unread,
)
from benchmarks.rephrase import rephrase
from benchmarks.train.faq import NAMES, Pair, fit
from bot.language.faq_closeness import CLOSENESS
from bot.language.faq_features import fold


@pytest.fixture(scope="module")
def asked() -> list[Asked]:
    return ask(seeds=(21,), size=150)


def test_the_right_entry_is_among_the_first(asked: list[Asked]) -> None:
    assert recall(asked, "close", 1) >= 0.97
    assert recall(asked, "close", 3) >= 0.99
    assert recall(asked, "asked", 3) >= 0.70


@pytest.mark.parametrize(
    ("group", "precision", "coverage"), [(True, 0.98, 0.6), (False, 0.95, 0.75)]
)
def test_the_cut_offs_hold(
    asked: list[Asked], group: bool, precision: float, coverage: float
) -> None:
    found = share(asked, group=group)
    assert found.precision >= precision
    assert found.coverage >= coverage


def test_short_asks_find_formal_questions() -> None:
    short = formal()
    assert len(short) >= 90
    assert recall(short, "asked", 1) >= 0.85
    assert recall(short, "asked", 3) >= 0.94


def test_short_asks_find_questions_that_taught_nothing() -> None:
    short = unread()
    assert len(short) >= 180
    assert recall(short, "asked", 1) >= 0.85
    assert recall(short, "asked", 3) >= 0.93
    assert offered(short) >= 0.5


def test_a_small_bank_is_not_shy() -> None:
    few = small(seeds=(11,))
    assert few.coverage >= 0.7
    assert few.precision >= 0.98


def test_talk_is_never_answered(asked: list[Asked]) -> None:
    assert answered(asked, frozenset({"chat", "notice"})) == (0, 110)


def test_near_misses_are_rarely_answered(asked: list[Asked]) -> None:
    count, of = answered(asked, frozenset({"near"}))
    assert of == 300
    assert count <= 15


def test_the_labelled_questions_are_sound() -> None:
    phrasings = [fold(text) for entry in entries() for text in entry.phrasings]
    assert len(entries()) >= 150
    assert len(set(phrasings)) == len(phrasings)
    assert all(len(entry.phrasings) >= 3 and len(entry.near) >= 2 for entry in entries())
    assert len({query.text for query in others()}) == len(others())


def test_rephrasing_keeps_most_of_the_words() -> None:
    chance = random.Random(1)
    made = {rephrase(chance, "宝宝发烧到几度要去医院") for _ in range(50)}
    assert len(made) > 25
    assert all("医院" in text or "发烧" in text for text in made)


def test_what_is_missing_never_brings_closer() -> None:
    missing = {name for name in CLOSENESS if "unnamed" in name or "lone" in name}
    assert all((said < 0) is (name in missing) for name, said in CLOSENESS.items())
    assert CLOSENESS["ideas"] > 1


def test_a_sign_for_a_match_never_counts_against_it() -> None:
    chance = random.Random(2)
    pairs = []
    for _ in range(300):
        values = [chance.random() for _ in NAMES]
        pairs.append(Pair(tuple(values), values[-1] - values[0] > 0.2, 1.0))
    bias, weights = fit(pairs)
    assert bias < 0
    assert weights["lead"] > 1
    assert weights["asked_pairs"] == 0  # it speaks against here, which it must not
