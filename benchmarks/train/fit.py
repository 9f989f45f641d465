"""Fit a linear model with scikit-learn and write it in the form that the bot reads."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.language.linear import LinearModel, Weights

Features = set[str]


class Setting(NamedTuple):
    """How to fit: the inverse of the penalty, in how many samples a feature must be, the seed.

    `extra` is what each additional sample (a word, an example of the rules) counts beside a text.
    `rarity`: whether a feature counts by the logarithm of how rarely it occurs.
    """

    strength: float
    rare: int
    seed: int
    extra: float = 1.0
    rarity: bool = False


Labelled = tuple[Sequence[Features], Sequence[str]]


def fit_both(told: Labelled, extra: Labelled, how: Setting) -> Weights:
    """`fit` on texts and on additional samples, which count as `how` says."""
    counts = [1.0] * len(told[0]) + [how.extra] * len(extra[0])
    return fit([*told[0], *extra[0]], [*told[1], *extra[1]], how, counts)


def fit(
    samples: Sequence[Features],
    labels: Sequence[str],
    how: Setting,
    counts_as: Sequence[float] | None = None,
) -> Weights:
    """Logistic regression. Rows are scaled to length one; classes are balanced.

    `counts_as`: how much each sample counts (1 each, if not given).
    """
    counts = Counter(feature for sample in samples for feature in sample)
    vocabulary = sorted(feature for feature, count in counts.items() if count >= how.rare)
    index = {feature: column for column, feature in enumerate(vocabulary)}
    said = _rarities(counts, vocabulary, len(samples)) if how.rarity else np.ones(len(vocabulary))
    table = _table(samples, index, said)
    model = LogisticRegression(
        C=how.strength, class_weight="balanced", max_iter=2000, random_state=how.seed
    )
    model.fit(table, np.array(labels), sample_weight=counts_as)
    return _quantised(model, vocabulary, said)


def _rarities(counts: Counter[str], vocabulary: Sequence[str], samples: int) -> np.ndarray:
    """From 1 to 255, the logarithm of how rarely each feature occurs."""
    rare = np.log([(samples + 1) / counts[feature] for feature in vocabulary])
    said: np.ndarray = np.maximum(np.rint(rare / rare.max() * 255), 1)
    return said


def _table(samples: Sequence[Features], index: dict[str, int], said: np.ndarray) -> csr_matrix:
    """One row a sample, of length one."""
    columns: list[int] = []
    values: list[float] = []
    ends = [0]
    for sample in samples:
        known = sorted(index[feature] for feature in sample if feature in index)
        columns += known
        values += list(said[known] / max(np.linalg.norm(said[known]), 1))
        ends.append(len(columns))
    parts = (np.array(values), np.array(columns, np.int32), np.array(ends, np.int32))
    return csr_matrix(parts, shape=(len(samples), len(index)))


def _quantised(model: LogisticRegression, vocabulary: list[str], said: np.ndarray) -> Weights:
    """One signed byte a weight; features that say next to nothing are left out."""
    weights, bias = model.coef_ * said, model.intercept_
    if len(weights) == 1:  # of two classes scikit-learn keeps only the second one's lead
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    scale = float(np.abs(weights).max()) / 127
    rows = np.rint(weights.T / scale).astype(np.int8)
    kept = [number for number in range(len(vocabulary)) if np.abs(rows[number]).max() > 0]
    return Weights(
        labels=tuple(map(str, model.classes_)),
        bias=tuple(round(float(each), 4) for each in bias),
        scale=scale,
        features=tuple(vocabulary[number] for number in kept),
        rows=rows[kept].tobytes(),
        rarity=said[kept].astype(np.uint8).tobytes() if said.max() > 1 else b"",
    )


def packed(weights: Weights) -> bytes:
    """The file's bytes: the same weights give the same file."""
    return zlib.compress(msgspec.msgpack.encode(weights), 9)


def predicted(
    samples: Sequence[Features],
    labels: Sequence[str],
    families: Sequence[str],
    extra: Labelled,
    how: Setting,
    folds: int = 5,
) -> list[dict[str, float]]:
    """Probabilities for each sample from a model that has seen none of its family."""
    order = {family: number % folds for number, family in enumerate(dict.fromkeys(families))}
    answers: list[dict[str, float]] = [{} for _ in samples]
    for fold in range(folds):
        train = [i for i, family in enumerate(families) if order[family] != fold]
        known = [samples[i] for i in train], [labels[i] for i in train]
        model = LinearModel(fit_both(known, extra, how))
        for i, family in enumerate(families):
            if order[family] == fold:
                answers[i] = model.probabilities(samples[i])
    return answers
