"""Which questions are the same question: for a list that a person reads, not for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from operator import add

from bot.language.faq_features import Rewriter, fold
from bot.language.faq_synonyms import SYNONYMS

ALIKE = 0.5
"""Share of pairs of characters (Dice) from which two questions stand together."""

_rewrite = Rewriter(SYNONYMS)


def bundles(texts: Sequence[str]) -> list[list[int]]:
    """Positions of the texts, alike ones together, each bundle led by its first text."""
    found: list[tuple[frozenset[str], list[int]]] = []
    for position, text in enumerate(texts):
        pairs = _pairs(text)
        for lead, bundle in found:
            if _alike(pairs, lead):
                bundle.append(position)
                break
        else:
            found.append((pairs, [position]))
    return [bundle for _, bundle in found]


def alike(one: str, other: str) -> bool:
    """Whether two questions stand together."""
    return _alike(_pairs(one), _pairs(other))


def _pairs(text: str) -> frozenset[str]:
    plain = _rewrite(fold(text))
    return frozenset(map(add, plain, plain[1:])) or frozenset({plain})


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return 2 * len(one & other) >= ALIKE * (len(one) + len(other))
