"""What speaks for and against a phrasing being what was asked: one number a sign.

The signs know no topic: what is shared, what stays unnamed on either side, which deciding words
are missing. `faq_weights.py` says how much each counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct
from rapidfuzz.distance import LCSseq

from bot.language.faq_features import Outline, coverage
from bot.language.faq_weights import BIAS, WEIGHTS
from bot.language.faq_words import lone

RIVAL_FLOOR = 0.30
"""The lead is counted from here at least: a bank of few entries has no rivals by accident. It is
what the best rival of a large bank reaches, so that five entries speak as readily as 150."""
KEYWORD_MOST = 0.5
"""Certainty of a mere keyword (居住证) of a phrasing: worth a choice, never an answer."""
TOPIC = 0.6
"""A part of a phrasing that names less of what it is about (0 to 1) is a mere keyword, too."""
_WHO = "who"
_LONG = 40
"""A phrasing of so many characters says as exactly as any what it is about."""


class Signs(Struct, frozen=True):
    """All 0 to about 1; `asked_*` looks from the question, `held_*` from the phrasing."""

    asked_pairs: float
    held_pairs: float
    asked_content: float
    held_content: float
    asked_rarest_unnamed: float
    asked_unnamed: float
    held_unnamed: float
    order: float
    size: float
    shared: float
    exactness: float
    same: float
    lone_facts: float
    other_people: float
    lone_people: float
    likeness: float
    lead: float


def is_keyword(query: Outline, phrasing: Outline) -> bool:
    """Whether the question is but a part of a phrasing: half as long, or without its topic.

    怎么缴费 beside 医保怎么缴费 leaves out what it is about.
    """
    asked, held = query.glimpse.plain, phrasing.glimpse.plain
    if asked not in held or asked == held:
        return False
    named = sum(map(phrasing.content.__getitem__, query.content.keys() & phrasing.content.keys()))
    return 2 * len(asked) <= len(held) or named < TOPIC * phrasing.content_total


def signs(query: Outline, phrasing: Outline, likeness: float, lead: float) -> Signs:
    """Compare a question with a phrasing; `lead` is its likeness minus the best other entry's."""
    asked_pairs, held_pairs = coverage(query.glimpse.pairs, phrasing.glimpse.pairs)
    shared = sum(map(query.content.__getitem__, query.content.keys() & phrasing.content.keys()))
    rarest, unnamed = _unnamed(query, phrasing)
    sizes = len(query.glimpse.plain) or 1, len(phrasing.glimpse.plain) or 1
    common = LCSseq.similarity(query.glimpse.plain, phrasing.glimpse.plain)
    mine, theirs = query.facts.get(_WHO), phrasing.facts.get(_WHO)
    return Signs(
        asked_pairs=asked_pairs,
        held_pairs=held_pairs,
        asked_content=shared / query.content_total,
        held_content=shared / phrasing.content_total,
        asked_rarest_unnamed=rarest,
        asked_unnamed=unnamed,
        held_unnamed=_unnamed(phrasing, query)[1],
        order=common / min(sizes),
        size=min(sizes) / max(sizes),
        shared=_shared(query.glimpse.plain, phrasing.glimpse.plain),
        exactness=min(len(phrasing.glimpse.plain), _LONG) / _LONG,
        same=float(query.glimpse.plain == phrasing.glimpse.plain),
        lone_facts=lone(query.facts, phrasing.facts) / 4,
        other_people=float(bool(mine and theirs and not mine & theirs)),
        lone_people=float((mine is None) != (theirs is None)),
        likeness=likeness,
        lead=lead,
    )


def certainty(found: Signs, weights: Mapping[str, float] = WEIGHTS, bias: float = BIAS) -> float:
    """How sure (0–1) that this is what was asked."""
    total = bias + sum(weight * getattr(found, name) for name, weight in weights.items())
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 6)


def _shared(one: str, other: str) -> float:
    """Characters that both have, of all that either has."""
    mine, theirs = set(one), set(other)
    return len(mine & theirs) / (len(mine | theirs) or 1)


def _unnamed(one: Outline, other: Outline) -> tuple[float, float]:
    """Weight of content words of `one` that `other` lacks: of the heaviest, of all.

    A word counts by the share of its characters that are missing: 感冒药 beside 感冒 is half there.
    """
    heaviest = total = 0.0
    chars = other.glimpse.plain
    for word, weight in one.content.items():
        if word not in other.content:
            missed = weight * sum(char not in chars for char in word) / len(word)
            total += missed
            heaviest = max(heaviest, missed)
    return heaviest / 5, min(total, 20.0) / 10
