"""How much a message is like those that people write in danger: what the small models see.

Two say whether, one after the other: by characters and signs, and by words. They err in different
sentences, so their odds are added. A third says which danger it is.

The first sees characters and their runs of two and three; the pairs again with people named by
their kind (好婆, 爷爷: alike), and those of the first clause and of the last, where the grave part
often is;
the signs of the tables alone, by twos, and once more where nobody is named: a signboard that fell.
Training and running use these functions. Pure; bounded time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import combinations, pairwise
from typing import NamedTuple

from bot.language import segment
from bot.language.linear import LinearModel, shipped
from bot.rules.danger.context import WHO

MODEL, WORDS, KINDS = "danger", "danger_words", "danger_kinds"
"""Whether somebody is in danger, and in which; see `benchmarks/train/danger.py`."""

CALM, DANGER = "calm", "danger"

LONGEST = 160
"""Characters that are read; the tables read on."""

_CLASSES = {"elder": "Ⓔ", "child": "Ⓒ", "family": "Ⓕ", "pet": "Ⓟ"}
_SOMEBODY = frozenset(WHO) - {"things", "pet"}
_DIGITS = re.compile(r"\d+")
_CLAUSE = re.compile(r"[^,，。!！?？;；\s]+")
_FIRST, _LAST = "⟨", "⟩"
_MOST_CLAUSES = 5


def _people() -> tuple[re.Pattern[str], dict[str, str]]:
    marks = {word: mark for sign, mark in _CLASSES.items() for word in WHO[sign].split()}
    return re.compile("|".join(sorted(map(re.escape, marks), key=len, reverse=True))), marks


_PEOPLE, _MARKS = _people()


def features(text: str, signs: Iterable[str]) -> set[str]:
    """All that the models see of a text in NFKC form and its signs."""
    shape = f"^{_DIGITS.sub('0', text[:LONGEST].lower())}$"
    found = set(shape)
    found.update(map("".join, pairwise(shape)))
    found.update(map("".join, zip(shape, shape[1:], shape[2:], strict=False)))
    found.update(_clauses(shape[1:-1]))
    named = _PEOPLE.sub(lambda match: _MARKS[match[0]], shape)
    if named != shape:
        found.update(map("".join, pairwise(named)))
    told = set(signs)
    found.update(f"={sign}" for sign in told)
    found.update(f"={one}&{other}" for one, other in combinations(sorted(told), 2))
    if told.isdisjoint(_SOMEBODY):
        found.update(f"-{sign}" for sign in told)
    return found


def _clauses(shape: str) -> set[str]:
    """The pairs of the first clause and of the last, and how many clauses there are."""
    clauses = _CLAUSE.findall(shape)
    found = {f"#{min(len(clauses), _MOST_CLAUSES)}"}
    if clauses:
        found.update(_FIRST + one + other for one, other in pairwise(clauses[0]))
        found.update(one + other + _LAST for one, other in pairwise(clauses[-1]))
    return found


def wording(text: str) -> set[str]:
    """The words of a text in NFKC form, and those that stand next to or next but one to another."""
    words = segment.words(text[:LONGEST].lower())
    found = set(words)
    found.update(map("_".join, pairwise(words)))
    found.update(map("__".join, zip(words, words[2:], strict=False)))
    return found


class Ears(NamedTuple):
    """The two models that say whether; other ones than the shipped for those who train."""

    characters: LinearModel
    words: LinearModel


def ears() -> Ears:
    """The shipped ones."""
    return Ears(shipped(MODEL), shipped(WORDS))


def kind_of(seen: set[str]) -> str:
    """The kind of danger that it is most like."""
    kinds = shipped(KINDS).probabilities(seen)
    return max(kinds, key=kinds.__getitem__)


def reasons(seen: set[str]) -> tuple[str, ...]:
    """What spoke most for danger: runs of characters, without the names of signs."""
    words = shipped(MODEL).reasons({each for each in seen if len(each) > 1}, DANGER, 8)
    plain = (word for word in words if word[0] not in "=^-#" and word[-1] != "$")
    return tuple(dict.fromkeys(word.strip(_FIRST + _LAST) for word in plain))[:3]
