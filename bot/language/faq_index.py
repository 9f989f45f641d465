"""Which phrasings of a bank may be meant, found without comparing all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import add

from bot.language.faq_features import Glimpse, Weights

Postings = Mapping[str, Sequence[tuple[int, float]]]
"""Term → the positions of the phrasings that hold it, each with how much that says."""


class Index:
    """Postings over the phrasings of one bank, in their order. `pairs` weighs characters' pairs."""

    def __init__(self, glimpses: Sequence[Glimpse], pairs: Weights) -> None:
        self._pairs = _share_pairs(glimpses, pairs)
        self._ideas = _gather(
            (idea, position, said)
            for position, glimpse in enumerate(glimpses)
            for idea, said in glimpse.ideas.items()
        )

    def by_pairs(self, glimpse: Glimpse) -> list[int]:
        """The phrasings that share the most weight in pairs of characters, best first."""
        plain = glimpse.plain
        return _ranked(self._pairs, dict.fromkeys(map(add, plain, plain[1:])))

    def by_ideas(self, glimpse: Glimpse) -> list[int]:
        """The phrasings that share the most in ideas, best first."""
        return _ranked(self._ideas, glimpse.ideas)


def _share_pairs(glimpses: Sequence[Glimpse], pairs: Weights) -> Postings:
    """A pair says more in a short phrasing."""
    return _gather(
        (pair, position, pairs.of(pair) / (4 + len(glimpse.pairs.impacts)))
        for position, glimpse in enumerate(glimpses)
        for pair in set(map(add, glimpse.plain, glimpse.plain[1:]))
    )


def _gather(said: Iterator[tuple[str, int, float]]) -> Postings:
    places: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for term, position, weight in said:
        places[term].append((position, weight))
    return dict(places)


def _ranked(postings: Postings, terms: Iterable[str]) -> list[int]:
    shared: defaultdict[int, float] = defaultdict(float)
    for term in terms:
        for position, weight in postings.get(term, ()):
            shared[position] += weight
    return sorted(shared, key=lambda at: (-shared[at], at))
