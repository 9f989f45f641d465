"""Train all small models anew: `python -m benchmarks.train` writes `bot/data/models/*.bin`.

Those of the danger lane come first: what it hears is a feature of the others.

Needs the dependency group `train` (scikit-learn). Uses only the training split of
`tests/data/utterances*.jsonl` (for categories that of `categories.jsonl` too), the table of
`tests/language/test_intents.py`, and the names, keywords and hints of the categories as little
documents. Same data and seed: same files.
"""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.train import danger
from benchmarks.train.data import Utterance, utterances
from benchmarks.train.fit import Features, Setting, fit_both, packed, predicted
from bot.language import categories, judging
from bot.language.classify import Classifier
from bot.language.features import category_features, intent_features
from bot.language.linear import FOLDER, Weights, shipped
from bot.language.text import normalise
from bot.language.topics import hints
from bot.rules.safety import find_danger
from bot.rules.taxonomy import SHIPPED, Taxonomy
from tests.language.test_intents import TABLE

SEED = 1
MORE = "categories"
"""Sentences that were written to tell categories apart; intents are not learnt from them."""
BOT = Path(__file__).parents[2] / "bot"
INTENTS = Setting(strength=20.0, rare=2, seed=SEED, extra=3.0, rarity=True)
CATEGORIES = Setting(strength=10.0, rare=2, seed=SEED, extra=0.2, rarity=True)


def main() -> None:
    """Cross-validate, then fit on everything and write."""
    danger.main()
    shipped.cache_clear()
    rows = utterances("train")
    for name, weights in ((judging.MODEL, _intents(rows)), (categories.MODEL, _categories(rows))):
        path = BOT / FOLDER / f"{name}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(packed(weights))
        print(f"{path.name}: {len(weights.features)} features, {path.stat().st_size} bytes")


def _intents(rows: list[Utterance]) -> Weights:
    rows = _mixed(rows)
    heard = danger.crossed([row.normal for row in rows])
    samples = [intent_features(row.normal, alarms) for row, alarms in zip(rows, heard, strict=True)]
    labels = [row.intent for row in rows]
    more = [intent_features(text, _alarms(text)) for text in (normalise(t) for _, t in TABLE)]
    named = [intent.value for intent, _ in TABLE]
    families = [row.family for row in rows]
    guesses = predicted(samples, labels, families, (more, named), INTENTS)
    right = [_best(guess) == label for guess, label in zip(guesses, labels, strict=True)]
    print(f"intents, 5 folds over {len(rows)} utterances: {sum(right) / len(right):.3f} right")
    return fit_both((samples, labels), (more, named), INTENTS)


def _categories(rows: list[Utterance]) -> Weights:
    taxonomy = Taxonomy.parse((BOT / SHIPPED).read_bytes())
    classifier = Classifier(taxonomy.keywords)

    def features(text: str) -> Features:
        return category_features(text, classifier.classify(text), _alarms(text))

    rows = [*rows, *utterances("train", MORE)]
    told = _mixed([row for row in rows if row.categories and not row.matters])
    samples = [features(row.normal) for row in told]
    labels = [row.categories[0] for row in told]
    documents = [(word, each.code) for each in taxonomy.all for word in (each.name, *each.keywords)]
    documents += [(word, code) for code, words in hints().items() for word in words]
    more, named = [features(word) for word, _ in documents], [code for _, code in documents]
    families = [row.family for row in told]
    guesses = predicted(samples, labels, families, (more, named), CATEGORIES)
    right = [_best(guess) in row.categories for guess, row in zip(guesses, told, strict=True)]
    print(f"categories, 5 folds over {len(told)} utterances: {sum(right) / len(right):.3f} right")
    return fit_both((samples, labels), (more, named), CATEGORIES)


def _alarms(text: str) -> tuple[str, ...]:
    found = find_danger(text)
    return found.alarms if found is not None else ()


def _mixed(rows: list[Utterance]) -> list[Utterance]:
    """The rows in a chance order, the same each time; rows of no use do not change it."""
    return random.Random(SEED).sample(rows, len(rows))


def _best(guess: dict[str, float]) -> str:
    return max(guess, key=guess.__getitem__)


if __name__ == "__main__":
    main()
