"""How much each sign counts. Written by `python -m benchmarks.train.faq`; not edited by hand."""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -1.0744

WEIGHTS: Mapping[str, float] = {
    "asked_content": 0.2053,
    "held_content": 1.2362,
    "asked_unnamed": -0.6025,
    "held_unnamed": -0.7364,
    "shared": 1.2756,
    "exactness": 3.5569,
    "same": 1.3547,
    "lone_facts": -0.5016,
    "other_people": -4.5043,
    "lone_people": -0.6552,
    "lead": 9.1867,
}
