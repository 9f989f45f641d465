"""Train the models of the danger lane: `python -m benchmarks.train.danger`.

Writes `bot/data/models/danger.bin`, `danger_words.bin` (whether) and `danger_kinds.bin` (which)
from `tests/data/emergencies.jsonl` without the parts that are kept for measuring, the training
split of `utterances.jsonl`, the table of `tests/rules/test_safety.py`, and the questions and the
talk of the other files as calm. Needs the dependency group `train`. Same data and seed: same files.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from benchmarks.train.data import HELD_OUT, utterances
from benchmarks.train.fit import Features, Setting, fit, packed
from bot.language import segment
from bot.language.intents import Intent
from bot.language.linear import FOLDER, LinearModel, Weights
from bot.language.text import normalise
from bot.rules.danger.likeness import (
    CALM,
    DANGER,
    KINDS,
    MODEL,
    WORDS,
    Ears,
    features,
    wording,
)
from bot.rules.safety import find_danger, signs_of
from tests.data import lines
from tests.rules.test_safety import DANGERS, HARMLESS

BOT = Path(__file__).parents[2] / "bot"
CROSSED = 4
"""Models that hear the alarms of a quarter of the texts each."""
FOLDS = ("round-1", "round-5", "round-8", "round-9", "round-10")
"""Parts that are held out in turn, to choose the settings."""
SETTING = Setting(strength=30.0, rare=4, seed=1, rarity=True)
WORDING = Setting(strength=30.0, rare=3, seed=1, rarity=True)
WHICH = Setting(strength=30.0, rare=8, seed=1, rarity=True)
EASY = 0.5
"""What a calm sentence counts that was not written to sound like danger."""


class Case(Struct, frozen=True):
    """A line of `emergencies.jsonl`."""

    text: str
    danger: str | None
    family: str
    part: str


class Sample(NamedTuple):
    """What the model sees, the kind of danger ("" if calm), how much it counts, its part."""

    seen: Features
    words: Features
    kind: str
    counts: float
    part: str


def main() -> None:
    """Cross-validate over the rounds, then fit on everything and write."""
    segment.load("")
    known = [sample for sample in samples() if sample.part not in HELD_OUT]
    shares = [pair for fold in FOLDS for pair in _held(known, fold)]
    for share in (0.0167, 0.03, 0.06):
        print(_figure(shares, share))
    for name, weights in (
        (MODEL, whether(known)),
        (WORDS, by_words(known)),
        (KINDS, _which(known)),
    ):
        path = BOT / FOLDER / f"{name}.bin"
        path.write_bytes(packed(weights))
        print(f"{path.name}: {len(weights.features)} features, {path.stat().st_size} bytes")


def samples() -> list[Sample]:
    """All labelled sentences."""
    cases = [msgspec.json.decode(line, type=Case) for line in lines("emergencies.jsonl")]
    found = [_sample(case.text, case.danger or "", 1.0, case.part) for case in cases]
    for kind, block in DANGERS.items():
        found += [_sample(text, kind, 1.0, "") for text in block.split("\n") if text.strip()]
    found += [_sample(text, "", 1.0, "") for text in HARMLESS.split("\n") if text.strip()]
    for row in utterances("train"):
        # Which danger it is is not labelled there: it only teaches whether.
        urgent = row.intent == Intent.EMERGENCY
        near = urgent or row.intent == Intent.APPEAL  # a plain appeal is the next of kin
        found.append(_sample(row.text, DANGER if urgent else "", 1.0 if near else EASY, ""))
    found += [_sample(text, "", EASY, "") for text in _calm()]
    return found


def _sample(text: str, kind: str, counts: float, part: str) -> Sample:
    normal = normalise(text.strip())
    seen = features(normal, signs_of(normal))
    return Sample(seen, wording(normal), kind, counts, part)


def _calm() -> list[str]:
    asked = [*lines("faq_health.txt"), *lines("faq_neighbourhood.txt")]
    texts = [text for line in asked for text in line.split("|") if text]
    return texts + [line.split("|", 1)[1] for line in lines("faq_others.txt") if "|" in line]


def whether(known: list[Sample]) -> Weights:
    """The model that tells danger from calm by characters and signs."""
    return _whether(known, [sample.seen for sample in known], SETTING)


def by_words(known: list[Sample]) -> Weights:
    """The model that does so by words."""
    return _whether(known, [sample.words for sample in known], WORDING)


def _whether(known: list[Sample], seen: list[Features], how: Setting) -> Weights:
    labels = [DANGER if sample.kind else CALM for sample in known]
    return fit(seen, labels, how, [sample.counts for sample in known])


def crossed(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The alarms of each text (in NFKC form), raised by a model that has not seen it.

    What the shipped model says of its own texts is right far too often to learn from.
    """
    known = [sample for sample in samples() if sample.part not in HELD_OUT]
    heard: dict[str, tuple[str, ...]] = {}
    for fold in range(CROSSED):
        mine = {text for number, text in enumerate(texts) if number % CROSSED == fold}
        # Two texts with the same features are the same to a model.
        seen = {frozenset(features(text, signs_of(text))) for text in mine}
        others = [sample for sample in known if frozenset(sample.seen) not in seen]
        ears = Ears(LinearModel(whether(others)), LinearModel(by_words(others)))
        for text in mine:
            found = find_danger(text, ears)
            heard[text] = found.alarms if found is not None else ()
    return [heard[text] for text in texts]


def _which(known: list[Sample]) -> Weights:
    told = [sample for sample in known if sample.kind not in {"", DANGER}]
    return fit([sample.seen for sample in told], [sample.kind for sample in told], WHICH)


def _held(known: list[Sample], fold: str) -> list[tuple[float, bool]]:
    """How likely a danger each sentence of a round is, for a model that has not seen the round."""
    model = LinearModel(whether([sample for sample in known if sample.part != fold]))
    return [
        (model.probabilities(sample.seen)[DANGER], bool(sample.kind))
        for sample in known
        if sample.part == fold
    ]


def _figure(shares: list[tuple[float, bool]], false: float) -> str:
    calm = sorted((share for share, danger in shares if not danger), reverse=True)
    cut = calm[int(len(calm) * false)]
    real = [share for share, danger in shares if danger]
    found = sum(share > cut for share in real)
    return f"at {false:.1%} false alarms (cut {cut:.2f}): {found} of {len(real)} found"


if __name__ == "__main__":
    main()
