"""What a check found, written down as it is found: row, what was tried, how often, what came of it.

`HAITANG_TRUST_SCALE` says how much is tried (1: what `make trust` does; a tenth otherwise),
`HAITANG_TRUST_SEED` with which dice, `HAITANG_TRUST_OUT` where the figures are kept.
"""

from __future__ import annotations

import math
import os
import time
from pathlib import Path

import msgspec
from msgspec import Struct

SCALE = float(os.environ.get("HAITANG_TRUST_SCALE", "0.1"))
SEED = int(os.environ.get("HAITANG_TRUST_SEED", "20261125"))


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the table. `faults` is how much of what was found must not be."""

    row: str
    tried: str
    times: int
    found: str
    faults: int
    seed: int
    seconds: float
    test: str


def times(whole: int, least: int = 1) -> int:
    """So often at this scale."""
    return max(least, round(whole * SCALE))


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927): it holds for few tries and near 0 and 1."""
    z = 1.959964
    share, scale = right / of, 1 + z * z / of
    middle = (share + z * z / (2 * of)) / scale
    half = z / scale * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


class Ledger:
    """Keeps the figures of one test."""

    def __init__(self, test: str) -> None:
        self._test = test
        self._started = time.monotonic()

    def __call__(
        self, row: str, tried: str, count: int, found: str, faults: int = 0, seed: int = SEED
    ) -> None:
        """Write a figure down, also one that fails the test a moment later."""
        figure = Figure(
            row=row,
            tried=tried,
            times=count,
            found=found,
            faults=faults,
            seed=seed,
            seconds=round(time.monotonic() - self._started, 1),
            test=self._test,
        )
        out = os.environ.get("HAITANG_TRUST_OUT")
        if out:
            with Path(out).open("ab") as file:
                file.write(msgspec.json.encode(figure) + b"\n")
