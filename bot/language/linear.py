"""A linear model without any library: labels, and for each feature one weight a label.

The weights of a feature are lanes of one big integer, and the last lane is what it adds to the
square of the text's length, so that a text costs one look-up and one addition a feature, whatever
the number of labels. Files are made by `benchmarks/train`.
"""

from __future__ import annotations

import math
import sys
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import repeat
from operator import add

import msgspec
from msgspec import Struct

FOLDER = "data/models"
"""Where the weights lie, inside the package `bot`. They are part of the program, like a table."""

_LANE = 32
_MASK = (1 << _LANE) - 1
_OFFSET = 128
"""Added to each weight (-127 to 127), so that no lane ever borrows from its neighbour."""


class Weights(Struct, frozen=True):
    """A model as it is stored. `rows` holds one signed byte a feature and label, times `scale`.

    `rarity`: one byte a feature, how much it counts for the length of a text (empty: 1 each).
    """

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    scale: float
    features: tuple[str, ...]
    rows: bytes
    rarity: bytes = b""


class LinearModel:
    """Probabilities of labels from the set of a text's features."""

    def __init__(self, weights: Weights) -> None:
        self.labels = weights.labels
        self._bias = weights.bias
        self._scale = weights.scale
        width = len(weights.labels)
        lanes = (
            _packed(weights.rows[at : at + width]) for at in range(0, len(weights.rows), width)
        )
        squares = (each * each << _LANE * width for each in weights.rarity or repeat(1))
        # Many features weigh the same, and the models see the same features: each is held once.
        once: dict[int, int] = {}
        rows = (once.setdefault(row, row) for row in map(add, lanes, squares))
        self._packed = dict(zip(map(sys.intern, weights.features), rows, strict=True))

    @classmethod
    def parse(cls, data: bytes) -> LinearModel:
        """Read a file of weights. Raises `ValueError` when it is none."""
        try:
            return cls(msgspec.msgpack.decode(zlib.decompress(data), type=Weights))
        except (zlib.error, msgspec.DecodeError) as error:
            raise ValueError(f"模型文件读不出来：{error}") from error

    def probabilities(self, features: Iterable[str]) -> dict[str, float]:
        """How likely each label is; they sum to one."""
        known = [row for row in map(self._packed.get, features) if row is not None]
        total, count = sum(known), len(known)
        factor = self._scale / math.sqrt(total >> _LANE * len(self.labels) or 1)
        scores = []
        for bias in self._bias:
            scores.append(((total & _MASK) - _OFFSET * count) * factor + bias)
            total >>= _LANE
        highest = max(scores)
        powers = [math.exp(score - highest) for score in scores]
        whole = sum(powers)
        return {label: power / whole for label, power in zip(self.labels, powers, strict=True)}

    def reasons(self, features: Iterable[str], label: str, limit: int = 2) -> tuple[str, ...]:
        """The features that speak most for a label, the strongest first."""
        shift = self.labels.index(label) * _LANE
        told = {
            feature: (row >> shift & _MASK) - _OFFSET
            for feature in features
            if (row := self._packed.get(feature)) is not None
        }
        best = sorted(told, key=lambda feature: (-told[feature], feature))
        return tuple(feature for feature in best[:limit] if told[feature] > 0)


def _packed(row: bytes) -> int:
    """Signed bytes as lanes of one integer, the first label lowest."""
    return sum(((byte ^ 0x80) << (_LANE * lane)) for lane, byte in enumerate(row))


@cache
def shipped(name: str) -> LinearModel:
    """A model of the package, read when it is first needed."""
    return LinearModel.parse((files("bot") / FOLDER / f"{name}.bin").read_bytes())
