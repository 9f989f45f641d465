"""How much each sign counts. Written by `python -m benchmarks.train.faq`; not edited by hand."""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -1.1211

WEIGHTS: Mapping[str, float] = {
    "asked_content": 0.1950,
    "held_content": 1.3109,
    "asked_unnamed": -0.5515,
    "held_unnamed": -0.5140,
    "shared": 1.2407,
    "exactness": 2.7195,
    "same": 0.7109,
    "lone_facts": -0.4090,
    "other_people": -3.2592,
    "lone_people": -0.8588,
    "lead": 9.4851,
}
