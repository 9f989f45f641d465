"""How alike two questions are: weights of terms, coverage both ways, cosine.

A text becomes an `Outline`: its words and characters, each with a weight that falls with how
common the term is. The weight mixes what the bank shows with what everyday Chinese shows, so that
a bank of one entry still knows that 核酸 says more than 怎么.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from operator import mul

from msgspec import Struct

from bot.language import segment
from bot.language.faq_ideas import ideas
from bot.language.faq_words import COMMON, Facts, agreement, facts

LONGEST = 120
"""Characters of a text that are looked at: nobody asks a question longer than that."""

_NOISE = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_SATURATION, _LENGTH_SHARE = 1.2, 0.75
_PRIOR_TEXTS = 100
"""Everyday Chinese counts as much as this many phrasings of the bank."""
_PRIOR_LENGTH = {"words": 7.0, "pairs": 20.0, "runs": 28.0, "ideas": 4.0}
_WORDS_A_TEXT = 40
_COMMON_SHARE = 0.25


def fold(text: str) -> str:
    """Full-width to half-width, lower case, letters, digits and 汉字 only, at most `LONGEST`."""
    plain = unicodedata.normalize("NFKC", text[: 2 * LONGEST]).lower()
    return _NOISE.sub("", plain)[:LONGEST]


def runs(text: str, longest: int) -> list[str]:
    """All runs of 1 to `longest` characters of `text`."""
    return [
        text[start : start + size]
        for size in range(1, longest + 1)
        for start in range(len(text) - size + 1)
    ]


class Rewriter:
    """Replaces synonyms in one pass, the longest first."""

    def __init__(self, synonyms: Mapping[str, str]) -> None:
        self._plain = dict(synonyms)
        longest_first = sorted(self._plain, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __call__(self, text: str) -> str:
        return self._pattern.sub(lambda hit: self._plain[hit[0]], text)


class Weights:
    """How much each term of one view says; `total` ÷ `texts` is the view's mean length."""

    def __init__(self, texts: Sequence[Iterable[str]], prior_length: float) -> None:
        self._found = Counter(term for text in texts for term in set(text))
        self._texts = len(texts) + _PRIOR_TEXTS
        total = sum(len(list(text)) for text in texts)
        self._mean_length = (total + _PRIOR_TEXTS * prior_length) / self._texts
        self._known = {term: self._rarity(term) for term in self._found}

    def of(self, term: str) -> float:
        """About .7 (in every question) to 5 (never seen)."""
        known = self._known.get(term)
        return self._rarity(term) if known is None else known

    def impacts(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's part of each term when the text is found by it."""
        norm = 1 - _LENGTH_SHARE + _LENGTH_SHARE * len(terms) / self._mean_length
        return {
            term: self.of(term) * count * (_SATURATION + 1) / (count + _SATURATION * norm)
            for term, count in Counter(terms).items()
        }

    def directions(self, terms: Sequence[str]) -> dict[str, float]:
        """The text as a vector of length 1."""
        raw = {term: self.of(term) * (1 + math.log(n)) for term, n in Counter(terms).items()}
        length = math.sqrt(sum(weight * weight for weight in raw.values())) or 1.0
        return {term: weight / length for term, weight in raw.items()}

    def _rarity(self, term: str) -> float:
        share = _COMMON_SHARE if term in COMMON else segment.share(term) * _WORDS_A_TEXT
        expected = _PRIOR_TEXTS * min(_COMMON_SHARE, share)
        return math.log((self._texts + 1) / (self._found[term] + expected + 0.5))


class View(Struct, frozen=True):
    """A text's terms with their impacts, and the impacts' sum."""

    impacts: dict[str, float]
    total: float


class Glimpse(Struct, frozen=True):
    """What is known of a text before it is cut into words, which is the dear part.

    `ideas` are what it is about in whatever words, each with how much that says.
    """

    plain: str
    pairs: View
    direction: dict[str, float]
    plain_direction: dict[str, float]
    ideas: dict[str, float]


class Outline(Struct, frozen=True):
    """Everything that comparing needs of one text.

    `content` are the words that carry a topic with their weights, `content_total` their sum.
    """

    words: View
    content: dict[str, float]
    content_total: float
    facts: Facts
    glimpse: Glimpse


class Sketcher:
    """Draws outlines with the weights of one bank. `texts` are folded phrasings."""

    def __init__(self, texts: Sequence[str], rewrite: Callable[[str], str]) -> None:
        self._rewrite = rewrite
        plain = [rewrite(text) for text in texts]
        self._words = Weights([segment.words(text) for text in plain], _PRIOR_LENGTH["words"])
        self.pairs = Weights([runs(text, 2) for text in plain], _PRIOR_LENGTH["pairs"])
        self._runs = Weights([runs(text, 3) for text in texts], _PRIOR_LENGTH["runs"])
        self._plain_runs = Weights([runs(text, 3) for text in plain], _PRIOR_LENGTH["runs"])
        self._ideas = Weights([ideas(text) for text in texts], _PRIOR_LENGTH["ideas"])

    def __call__(self, folded: str) -> Outline:
        return self.complete(self.glimpse(folded))

    def glimpse(self, folded: str) -> Glimpse:
        """The part of an outline that needs no dictionary."""
        plain = self._rewrite(folded)
        return Glimpse(
            plain,
            _view(self.pairs, runs(plain, 2)),
            self._runs.directions(runs(folded, 3)),
            self._plain_runs.directions(runs(plain, 3)),
            {idea: self._ideas.of(idea) for idea in sorted(ideas(folded))},
        )

    def named(self, words: Iterable[str], vocabulary: Set[str]) -> float:
        """How much of the weight of `words` (0–1) is carried by those in `vocabulary`."""
        weights = {word: self._words.of(word) for word in words}
        known = sum(weight for word, weight in weights.items() if word in vocabulary)
        return known / (sum(weights.values()) or 1.0)

    def complete(self, glimpse: Glimpse) -> Outline:
        """The whole outline."""
        terms = segment.words(glimpse.plain)
        content = {word: self._words.of(word) for word in terms if word not in COMMON}
        return Outline(
            _view(self._words, terms),
            content,
            sum(content.values()) or 1.0,
            facts(glimpse.plain),
            glimpse,
        )


def first_looks(query: Glimpse, phrasing: Glimpse) -> float:
    """Three of the four looks that `likeness` takes, 0 to 3."""
    return (
        min(coverage(query.pairs, phrasing.pairs))
        + cosine(query.direction, phrasing.direction)
        + cosine(query.plain_direction, phrasing.plain_direction)
    )


def likeness(query: Outline, phrasing: Outline, looks: float) -> float:
    """0 (nothing in common) to 1 (the same): mean of four looks, lowered by deciding words.

    `looks` are the first three.
    """
    looks += min(coverage(query.words, phrasing.words))
    # Sets have no fixed order, so sums differ in their last digits from run to run.
    return round(min(1.0, looks / 4) * agreement(query.facts, phrasing.facts), 6)


def coverage(one: View, other: View) -> tuple[float, float]:
    """BM25 ÷ self-score in both directions, each 0 to 1: of the first view, of the second."""
    shared = one.impacts.keys() & other.impacts.keys()
    forth = sum(map(other.impacts.__getitem__, shared)) / one.total
    back = sum(map(one.impacts.__getitem__, shared)) / other.total
    return min(forth, 1.0), min(back, 1.0)


def _view(weights: Weights, terms: Sequence[str]) -> View:
    impacts = weights.impacts(terms)
    return View(impacts, sum(impacts.values()) or 1.0)


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Of two directions: 0 to 1."""
    shared = one.keys() & other.keys()
    products = map(mul, map(one.__getitem__, shared), map(other.__getitem__, shared))
    return float(sum(products))
