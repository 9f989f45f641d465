"""Learn how much each sign of `bot/language/faq_signs.py` counts: `python -m benchmarks.train.faq`.

A logistic regression over (question, candidate) pairs of our own labelled questions, without any
library. A sign for a match may only raise the certainty and a sign against it only lower it, and
the weights start from a plain rule (likeness + lead): that is what carries over to banks that were
not seen. The result is `bot/language/faq_weights.py`.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from benchmarks.faq_bank import Draw, Entry, Query, draw, entries
from benchmarks.rephrase import rephrase
from benchmarks.train.written import LANGUAGE, module
from bot.language import segment
from bot.language.faq import BY_IDEAS, COMPARED, FaqMatcher, Question
from bot.language.faq_signs import Signs

SEED, DRAWS = 20261121, 12
CLINIC_DRAWS, CLINIC_COUNTS = 6, 0.3
"""Banks of `faq_clinic.txt`, whose near misses differ by a word, and what a pair of them counts."""
FORMAL_DRAWS, FORMAL_SIZE = 12, 73
AGAINST = frozenset(
    {"asked_rarest_unnamed", "asked_unnamed", "held_unnamed", "lone_facts", "other_people",
     "lone_people"}
)  # fmt: skip
ORDERING = frozenset({"asked_chars", "wording", "ideas", "held_ideas"})
"""They only say which of several is closer (`faq_order`)."""
NAMES = tuple(field.name for field in msgspec.structs.fields(Signs) if field.name not in ORDERING)
RULE = ("likeness", "lead")
PENALTY = 10.0
KIND_WEIGHTS = {"asked": 2.0, "near": 0.2}
CANDIDATES = 6
STEPS = 25


class Pair(Struct, frozen=True):
    """One candidate for one question: its signs, whether it is right, how much it counts."""

    signs: tuple[float, ...]
    right: bool
    counts: float


def main() -> None:
    """Draw, compare, fit, write."""
    segment.load("")
    chance = random.Random(SEED)
    pairs = [pair for _ in range(DRAWS) for pair in _pairs(_richer(chance, _drawn(chance)))]
    clinic = entries("clinic")
    for _ in range(CLINIC_DRAWS):
        drawn = draw(chance, clinic, int(len(clinic) * chance.choice((0.45, 0.6))))
        pairs += _pairs(drawn, CLINIC_COUNTS)
    for _ in range(FORMAL_DRAWS):
        pairs += _pairs(formal(chance, "epidemic"))
    bias, weights = fit(pairs)
    (LANGUAGE / "faq_weights.py").write_text(_module(bias, weights), "utf-8")


def _drawn(chance: random.Random) -> Draw:
    """Banks of one topic, where entries are close, as well as mixed ones."""
    pool: list[Entry] = entries(chance.choice(("health", "neighbourhood", "", "")))
    return draw(chance, pool, int(len(pool) * chance.choice((0.5, 0.65))))


def formal(chance: random.Random, topic: str) -> Draw:
    """A bank of an office's own sentences, asked in the few words of a chat."""
    pool = entries(topic)
    kept = {entry.key for entry in chance.sample(pool, min(FORMAL_SIZE, len(pool) * 3 // 5))}
    return Draw(
        tuple((entry.key, entry.phrasings[0]) for entry in pool if entry.key in kept),
        tuple(
            Query(text, entry.key if entry.key in kept else "", "formal")
            for entry in pool
            for text in entry.phrasings[1:]
        ),
    )


def _richer(chance: random.Random, drawn: Draw) -> Draw:
    """With easy paraphrases beside the hard ones that people wrote."""
    more = [
        Query(rephrase(chance, text), entry, "rephrased")
        for entry, text in drawn.bank
        for _ in range(2)
    ]
    more += [
        Query(rephrase(chance, query.text), query.entry, query.kind)
        for query in drawn.queries
        if query.kind in {"near", "outside", "asked"} and chance.random() < 0.5
    ]
    return Draw(drawn.bank, (*drawn.queries, *more))


def _pairs(drawn: Draw, counts: float = 1.0) -> Iterator[Pair]:
    matcher = FaqMatcher([Question(entry, text) for entry, text in drawn.bank])
    for query in drawn.queries:
        # The likest, not the surest: how sure is what is to be learned, and must not decide here.
        found = sorted(
            matcher.match(query.text, COMPARED + BY_IDEAS), key=lambda match: -match.score
        )
        for match in found[:CANDIDATES]:
            near = query.kind == "near"
            # Of a near miss we know only which entry it does not ask for.
            if match.signs is not None and (not near or match.entry == query.entry):
                right = match.entry == query.entry and not near
                share = counts * KIND_WEIGHTS.get(query.kind, 1.0)
                yield Pair(_values(match.signs), right, share)


def _values(found: Signs) -> tuple[float, ...]:
    return tuple(float(getattr(found, name)) for name in NAMES)


def fit(pairs: Sequence[Pair]) -> tuple[float, dict[str, float]]:
    """Bias and weights by Newton's method; a weight that would get the wrong sign stays 0."""
    means, spreads = _standards(pairs)
    rows = [_row(pair, means, spreads) for pair in pairs]
    size = len(NAMES) + 2  # the signs, the rule, the bias
    free = [-1.0 if name in AGAINST else 1.0 for name in NAMES] + [1.0, 0.0]
    penalties = [PENALTY] * len(NAMES) + [0.0, 0.0]
    at = [0.0] * size
    for _ in range(STEPS):
        slope, curve = _derivatives(rows, pairs, at, penalties)
        moving = [
            i for i in range(size) if free[i] == 0.0 or at[i] != 0.0 or slope[i] * free[i] < 0.0
        ]
        step = _solve([[curve[i][j] for j in moving] for i in moving], [slope[i] for i in moving])
        for i, length in zip(moving, step, strict=True):
            moved = at[i] - max(-1.0, min(1.0, length))
            at[i] = 0.0 if moved * free[i] < 0.0 else moved
    weights = {name: at[i] / spreads[i] for i, name in enumerate(NAMES)}
    for name in RULE:
        weights[name] += at[-2]
    bias = at[-1] - sum(at[i] * means[i] / spreads[i] for i in range(len(NAMES)))
    return bias, weights


def _standards(pairs: Sequence[Pair]) -> tuple[list[float], list[float]]:
    columns = list(zip(*(pair.signs for pair in pairs), strict=True))
    means = [sum(column) / len(pairs) for column in columns]
    spreads = [
        math.sqrt(sum((value - mean) ** 2 for value in column) / len(pairs)) + 1e-6
        for column, mean in zip(columns, means, strict=True)
    ]
    return means, spreads


def _row(pair: Pair, means: Sequence[float], spreads: Sequence[float]) -> list[float]:
    scaled = [
        (value - mean) / spread
        for value, mean, spread in zip(pair.signs, means, spreads, strict=True)
    ]
    return [*scaled, sum(pair.signs[NAMES.index(name)] for name in RULE), 1.0]


def _derivatives(
    rows: Sequence[Sequence[float]],
    pairs: Sequence[Pair],
    at: Sequence[float],
    penalties: Sequence[float],
) -> tuple[list[float], list[list[float]]]:
    """Gradient and Hessian of the penalised loss."""
    size = len(at)
    slope = [penalty * value for penalty, value in zip(penalties, at, strict=True)]
    curve = [[penalties[i] + 1e-6 if i == j else 0.0 for j in range(size)] for i in range(size)]
    for row, pair in zip(rows, pairs, strict=True):
        total = sum(map(float.__mul__, row, at))
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
        error, bend = (chance - pair.right) * pair.counts, chance * (1 - chance) * pair.counts
        for i, value in enumerate(row):
            slope[i] += error * value
            bent, line = bend * value, curve[i]
            if bent:
                for j in range(i + 1):
                    line[j] += bent * row[j]
    for i in range(size):
        for j in range(i):
            curve[j][i] = curve[i][j]
    return slope, curve


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with pivots."""
    size = len(right)
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for column in range(size):
        best = max(range(column, size), key=lambda at: abs(rows[at][column]))
        rows[column], rows[best] = rows[best], rows[column]
        for below in range(column + 1, size):
            factor = rows[below][column] / rows[column][column]
            rows[below] = [
                low - factor * high for low, high in zip(rows[below], rows[column], strict=True)
            ]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][at] * found[at] for at in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return found


def _module(bias: float, weights: Mapping[str, float]) -> str:
    return module("How much each sign counts.", "faq", f"BIAS = {bias:.4f}\n\n", "WEIGHTS", weights)


if __name__ == "__main__":
    main()
