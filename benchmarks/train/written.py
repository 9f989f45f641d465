"""Weights as a module of the bot, which people can read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

LANGUAGE = Path(__file__).parents[2] / "bot" / "language"
_LEAST = 1e-4


def module(about: str, step: str, before: str, name: str, weights: Mapping[str, float]) -> str:
    """The text of a module that holds one table; `before` stands in front of it."""
    lines = [f'    "{sign}": {said:.4f},' for sign, said in weights.items() if abs(said) > _LEAST]
    written = f"Written by `python -m benchmarks.train.{step}`; not edited by hand."
    return (
        f'"""{about}\n\n{written}\n"""\n\n'
        "from __future__ import annotations\n\nfrom collections.abc import Mapping\n\n"
        f"{before}{name}: Mapping[str, float] = {{\n" + "\n".join(lines) + "\n}\n"
    )
