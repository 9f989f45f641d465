"""How well and how fast messages are understood: `python -m benchmarks.intents`.

Judged on the test split of `tests/data/utterances.jsonl` by what `haitang understand` says. A
hazard that is told as an appeal and answered by the danger lane (P1) counts as an appeal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from statistics import median
from time import perf_counter

from msgspec import Struct

from benchmarks.train.data import Utterance, utterances
from bot.app import build_knowledge, build_reader
from bot.config import Config
from bot.engine.reading import Reader, Reading
from bot.engine.understanding import Understanding
from bot.language.intents import Intent
from bot.models import Urgency
from bot.services.knowledge import Knowledge

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
IDLE = frozenset[str]({Intent.CHATTER, Intent.THANKS, Intent.ADVERT, Intent.QUESTION})
WISHED = frozenset({Intent.APPEAL, Intent.SUGGESTION})
CHATTER_ROUNDS = 5
FILES = (
    ("utterances", "test"),
    ("fresh", "fresh"),
    ("fresh_intent", "fresh"),
    ("fresh_hard", "fresh"),
    ("fresh_hard", "held-out"),
    ("fresh_deep", "fresh"),
    ("fresh_deep", "held-out"),
)


class Scores(Struct, frozen=True):
    """F1 by intent and their mean; shares of right categories, of appeals that chatter opens."""

    utterances: int
    f1: dict[str, float]
    macro: float
    category: float
    several: float
    opened: float
    idle: int


def score(rows: list[Utterance], reader: Reader) -> Scores:
    """Read every row and compare."""
    readings = [reader.read(row.text, NOW) for row in rows]
    pairs = Counter((row.intent, _intent(each)) for row, each in zip(rows, readings, strict=True))
    f1 = {intent.value: _f1(pairs, intent) for intent in Intent if _wanted(pairs, intent)}
    told = [(row, each) for row, each in zip(rows, readings, strict=True) if row.categories]
    idle = [row for row in rows if row.intent in IDLE]
    return Scores(
        utterances=len(rows),
        f1=f1,
        macro=sum(f1.values()) / len(f1),
        category=_share(each.categories[0] in row.categories for row, each in told),
        several=_share(
            {m.category for m in each.matters} == set(row.matters)
            for row, each in told
            if row.matters
        ),
        opened=_share(_opens(row) for row in idle),
        idle=len(idle),
    )


def _intent(reading: Reading) -> str:
    hazard = reading.intent == Intent.EMERGENCY and reading.urgency is Urgency.P1
    return Intent.APPEAL if hazard else reading.intent


def _wanted(pairs: Counter[tuple[str, str]], intent: str) -> int:
    return sum(count for (wanted, _), count in pairs.items() if wanted == intent)


def _f1(pairs: Counter[tuple[str, str]], intent: str) -> float:
    said = sum(count for (_, found), count in pairs.items() if found == intent)
    return 2 * pairs[intent, intent] / (said + _wanted(pairs, intent))


def _opens(row: Utterance) -> bool:
    """Whether a message that asks for nothing would be taken down unasked."""
    meaning = _understood(row.text)
    judgement = meaning.judgement
    return meaning.danger is None and judgement.clear and judgement.intent in WISHED


def _understood(text: str) -> Understanding:
    knowledge = _knowledge()
    return Understanding(text, knowledge.names, knowledge.classifier, NOW)


@cache
def _knowledge() -> Knowledge:
    return build_knowledge(Config())


def _share(right: Iterable[bool]) -> float:
    marks = list(right)
    return sum(marks) / len(marks) if marks else 1.0


def chatter_micros(rows: list[Utterance]) -> float:
    """The median time to find that a message is chatter (mention, danger, intent), in µs."""
    times = []
    for _ in range(CHATTER_ROUNDS):
        for row in rows:
            started = perf_counter()
            meaning = _understood(row.text)
            _ = (meaning.danger, meaning.judgement)
            times.append((perf_counter() - started) * 1e6)
    return median(times)


def report() -> None:
    """Print everything, with sizes; nothing here is random."""
    reader = build_reader(Config())
    for name, split in FILES:
        rows = utterances(split, name)
        scores = score(rows, reader)
        print(f"understanding, {name}.jsonl, split {split}: {scores.utterances} utterances")
        for intent, value in scores.f1.items():
            print(f"  F1 {intent:<11} {value:.3f}")
        print(f"  macro-F1       {scores.macro:.3f}")
        print(
            f"  category right {scores.category:.3f}; all matters of several {scores.several:.3f}"
        )
        print(f"  appeals opened by {scores.idle} that ask for none: {scores.opened:.3%}")
    avoiding = score(utterances("fresh", "categories"), reader)
    print(f"categories.jsonl, split fresh: {avoiding.utterances} utterances without plain words")
    print(f"  category right {avoiding.category:.3f}")
    chatter = [row for row in utterances("test") if row.intent == Intent.CHATTER]
    print(f"  chatter understood in {chatter_micros(chatter):.0f} µs (median of {len(chatter)})")


if __name__ == "__main__":
    report()
