"""The labelled set: broad, well formed, and split so that no near copy crosses."""

from __future__ import annotations

import importlib.resources
import re
from collections import Counter, defaultdict

from benchmarks.train.data import Utterance, utterances
from bot.language.intents import Intent
from bot.rules.taxonomy import SHIPPED, Taxonomy

TRAIN, TEST = utterances("train"), utterances("test")
ALL = [*TRAIN, *TEST]
MORE = utterances("train", "categories")
TAXONOMY = Taxonomy.parse((importlib.resources.files("bot") / SHIPPED).read_bytes())


def pairs(row: Utterance) -> frozenset[str]:
    words = re.sub(r"\W", "", row.text)
    return frozenset(words[i : i + 2] for i in range(len(words) - 1)) or frozenset({words})


def test_the_set_is_broad() -> None:
    assert len(ALL) >= 1200
    assert len({row.text for row in ALL}) == len(ALL)
    intents = Counter(row.intent for row in ALL)
    assert set(intents) == set(Intent)
    assert intents[Intent.CHATTER] >= 150
    assert min(intents.values()) >= 70
    assert {row.role for row in ALL} == {"resident", "steward", "stranger"}
    near = [row for row in ALL if "nearemerg" in row.family]
    assert len(near) + intents[Intent.EMERGENCY] >= 80


def test_every_category_is_met_in_both_splits() -> None:
    codes = {category.code for category in TAXONOMY.all}
    for split in (TRAIN, TEST):
        assert {code for row in split for code in row.categories} == codes


def test_no_family_and_no_near_copy_crosses() -> None:
    assert {row.family for row in TRAIN}.isdisjoint({row.family for row in TEST})
    seen = [*TRAIN, *MORE]
    known = [pairs(row) for row in seen]
    where: defaultdict[str, list[int]] = defaultdict(list)
    for number, other in enumerate(known):
        for pair in other:
            where[pair].append(number)
    for row in TEST:
        mine = pairs(row)
        shared = Counter(number for pair in mine for number in where[pair])
        near = [seen[n].text for n, both in shared.items() if both >= 0.5 * len(mine | known[n])]
        assert near == [], row.text


def test_several_matters_name_their_categories() -> None:
    several = [row for row in ALL if row.matters]
    assert len(several) >= 10
    assert all(set(row.matters) == set(row.categories) for row in several)


def test_more_sentences_teach_categories() -> None:
    counts = Counter(code for row in MORE for code in row.categories)
    assert min(counts[category.code] for category in TAXONOMY.all) >= 50
    assert len({row.text for row in MORE}) == len(MORE)
