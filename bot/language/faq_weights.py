"""How much each sign counts. Written by `python -m benchmarks.train.faq`; not edited by hand."""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -0.7033

WEIGHTS: Mapping[str, float] = {
    "held_pairs": 1.3602,
    "asked_content": 0.9709,
    "held_content": 1.3152,
    "asked_unnamed": -0.6348,
    "held_unnamed": -0.5543,
    "same": 0.6201,
    "lone_facts": -0.6227,
    "other_people": -1.7171,
    "lone_people": -0.4407,
    "lead": 8.1020,
}
