"""Which category a text speaks of: keywords as the taxonomy has them, ranked by a small model.

Keywords alone stand where they name a category that the model never met (a community's own).
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.language.classify import CategoryMatch, Classifier
from bot.language.features import category_features
from bot.language.linear import shipped

MODEL = "categories"
LEAST = 0.25
"""What the model alone must give a category that no keyword and no hint names."""
OTHER = "QT"
"""What is none of the others: a guess of the model alone does not say so."""
HINTED = 1
"""The score of such a category: less than any plain keyword."""


def rank(
    text: str, classifier: Classifier, alarms: Iterable[str] = ()
) -> tuple[CategoryMatch, ...]:
    """Categories that the text speaks of, best first. `alarms`: what the danger lane heard."""
    found = classifier.classify(text)
    model = shipped(MODEL)
    if found and found[0].code not in model.labels:
        return found
    features = category_features(text, found, alarms)
    likely = model.probabilities(features)
    best = max(likely, key=likely.__getitem__)
    hinted = bool(found) or any(feature.startswith("~") for feature in features)
    if not hinted and (likely[best] < LEAST or best == OTHER):
        return ()
    if all(match.code != best for match in found):
        words = tuple(name.strip("^$") for name in model.reasons(features, best))
        found = (*found, CategoryMatch(best, HINTED, words))
    return tuple(sorted(found, key=lambda match: -likely.get(match.code, 0.0)))
