"""What speaks for and against a phrasing being what was asked: one number a sign.

The signs know no topic: what is shared, what stays unnamed on either side, which deciding words
are missing. `faq_weights.py` says how much each counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from msgspec import Struct
from rapidfuzz.distance import LCSseq

from bot.language.faq_closeness import CLOSENESS
from bot.language.faq_features import Glimpse, Outline, cosine, coverage
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
_MANY_IDEAS = 10.0
_LONG = 40
"""A phrasing of so many characters says as exactly as any what it is about."""


class Signs(Struct, frozen=True):
    """All 0 to about 1; `asked_*` looks from the question, `held_*` from the phrasing."""

    asked_chars: float
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
    wording: float
    ideas: float
    held_ideas: float
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
    ideas = shared_ideas(query.glimpse, phrasing.glimpse)
    mine, theirs = query.facts.get(_WHO), phrasing.facts.get(_WHO)
    return Signs(
        asked_chars=_chars_named(query, phrasing),
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
        wording=cosine(query.glimpse.direction, phrasing.glimpse.direction),
        ideas=ideas / _MANY_IDEAS,
        held_ideas=ideas / (sum(phrasing.glimpse.ideas.values()) or 1.0),
        exactness=min(len(phrasing.glimpse.plain), _LONG) / _LONG,
        same=float(query.glimpse.plain == phrasing.glimpse.plain),
        lone_facts=lone(query.facts, phrasing.facts) / 4,
        other_people=float(bool(mine and theirs and not mine & theirs)),
        lone_people=float((mine is None) != (theirs is None)),
        likeness=likeness,
        lead=lead,
    )


def closeness(found: Signs, weights: Mapping[str, float] = CLOSENESS) -> float:
    """How well a phrasing fits beside other phrasings of the bank; orders them, says no more."""
    return round(math.fsum(said * getattr(found, name) for name, said in weights.items()), 6)


def certainty(found: Signs, weights: Mapping[str, float] = WEIGHTS, bias: float = BIAS) -> float:
    """How sure (0–1) that this is what was asked."""
    total = bias + sum(weight * getattr(found, name) for name, weight in weights.items())
    return round(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), 6)


def shared_ideas(one: Glimpse, other: Glimpse) -> float:
    """How much the ideas say that both texts are about."""
    return sum(said for idea, said in one.ideas.items() if idea in other.ideas)


def _chars_named(query: Outline, phrasing: Outline) -> float:
    """Of the weight of the question's characters, what the phrasing has."""
    weights = {term: said for term, said in query.glimpse.pairs.impacts.items() if len(term) == 1}
    named = sum(said for term, said in weights.items() if term in phrasing.glimpse.plain)
    return named / (sum(weights.values()) or 1.0)


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
