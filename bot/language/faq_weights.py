"""How much each sign counts. Written by `python -m benchmarks.train.faq`; not edited by hand."""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -0.2816

WEIGHTS: Mapping[str, float] = {
    "held_pairs": 0.8594,
    "asked_content": 1.1637,
    "held_content": 1.0353,
    "asked_unnamed": -0.5682,
    "held_unnamed": -0.7738,
    "same": 0.5610,
    "lone_facts": -0.6626,
    "other_people": -2.1532,
    "lone_people": -0.5182,
    "lead": 8.5198,
}
