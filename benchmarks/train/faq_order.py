"""Learn which phrasing is closest to a question: `python -m benchmarks.train.faq_order`.

A logistic regression over differences: the signs of the right candidate minus those of a wrong one.
No sign may count against its sense. Writes `bot/language/faq_closeness.py`, on which
`benchmarks.train.faq` builds: run it first. Needs the dependency group `train`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import minimize

from benchmarks.faq_bank import Draw, draw, entries
from benchmarks.train.faq import SEED, formal
from benchmarks.train.written import LANGUAGE, module
from bot.language import segment
from bot.language.faq import FaqMatcher, Question
from bot.language.faq_signs import Signs

FOR = (
    "asked_chars", "asked_content", "held_content", "order", "shared", "wording", "ideas",
    "held_ideas",
)  # fmt: skip
AGAINST = ("asked_rarest_unnamed", "asked_unnamed", "lone_facts", "lone_people")
FORMAL = ("epidemic", "formal")
NAMES = (*FOR, *AGAINST)
PENALTY = 0.5
DRAWS = 6
CANDIDATES = 18
BANKS = {"health": 4.0, "neighbourhood": 4.0, "clinic": 1.0}
"""What the questions of a mixed bank count."""
ASKS_COUNT = 30.0
"""What a short ask to a bank of formal sentences counts."""


def main() -> None:
    """Draw, compare, fit, write."""
    segment.load("")
    chance = random.Random(SEED)
    weights = learn(chance, [formal(chance, topic) for topic in FORMAL * DRAWS])
    text = module("How close a phrasing is beside others.", "faq_order", "", "CLOSENESS", weights)
    (LANGUAGE / "faq_closeness.py").write_text(text, "utf-8")


def learn(chance: random.Random, formal: Sequence[Draw]) -> dict[str, float]:
    """What each sign counts."""
    found: list[tuple[list[float], float]] = []
    for topic, counts in BANKS.items():
        pool = entries(topic)
        found += _differences(draw(chance, pool, len(pool) * 3 // 5), counts)
    for drawn in formal:
        found += _differences(drawn, ASKS_COUNT / len(formal))
    return _fit(np.array([row for row, _ in found]), np.array([counts for _, counts in found]))


def _differences(drawn: Draw, counts: float) -> Iterator[tuple[list[float], float]]:
    """For each question the right entry's signs minus those of each wrong candidate."""
    matcher = FaqMatcher([Question(entry, text) for entry, text in drawn.bank])
    for query in drawn.queries:
        if not query.entry or query.kind == "near":
            continue
        signs = {m.entry: m.signs for m in matcher.match(query.text, CANDIDATES) if m.signs}
        right = signs.pop(query.entry, None)
        if right is not None:
            for wrong in signs.values():
                yield (
                    [_value(right, name) - _value(wrong, name) for name in NAMES],
                    counts / len(signs),
                )


def _value(found: Signs, name: str) -> float:
    return float(getattr(found, name))


def _fit(rows: np.ndarray, counts: np.ndarray) -> dict[str, float]:
    """Minimise the penalised loss of `rows @ weights > 0`, within the senses of the signs."""
    spread = np.sqrt((rows**2).mean(axis=0))
    scaled = rows / spread

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total = scaled @ weights
        missed = 1 / (1 + np.exp(total))
        value = counts @ np.logaddexp(0, -total) + PENALTY * weights @ weights
        return float(value), -(counts * missed) @ scaled + 2 * PENALTY * weights

    bounds = [(0, None)] * len(FOR) + [(None, 0)] * len(AGAINST)
    best = minimize(loss, np.zeros(len(NAMES)), jac=True, bounds=bounds, method="L-BFGS-B").x
    return dict(zip(NAMES, map(float, best / spread), strict=True))


if __name__ == "__main__":
    main()
