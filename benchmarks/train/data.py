"""The labelled sentences, as the training and the measuring read them."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from bot.language.text import normalise

FOLDER = Path(__file__).parents[2] / "tests" / "data"
HELD_OUT = frozenset({"fresh-6", *(f"hard-{number}" for number in range(1, 16))})
"""The parts of `emergencies.jsonl` that no model has learned: the figures to believe."""


class Utterance(Struct, frozen=True):
    """One line of a set. `categories` are all acceptable; `matters` one each, when several."""

    text: str
    role: str
    intent: str
    categories: tuple[str, ...]
    matters: tuple[str, ...]
    places: tuple[str, ...]
    family: str
    split: str

    @property
    def normal(self) -> str:
        """The text in the form that is matched."""
        return normalise(self.text)


def utterances(split: str, name: str = "utterances*") -> list[Utterance]:
    """All lines of the files of a name in `tests/data` that belong to a split, in their order."""
    files = sorted(FOLDER.glob(f"{name}.jsonl"))
    lines = (line for file in files for line in file.read_bytes().splitlines())
    rows = (msgspec.json.decode(line, type=Utterance) for line in lines)
    return [row for row in rows if row.split == split]
