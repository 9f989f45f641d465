"""How much each sign counts.

Written by `python -m benchmarks.train.faq`; not edited by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -0.4746

WEIGHTS: Mapping[str, float] = {
    "asked_content": 0.0328,
    "held_content": 0.7713,
    "asked_rarest_unnamed": -0.0696,
    "asked_unnamed": -0.5444,
    "held_unnamed": -0.7036,
    "shared": 0.8465,
    "exactness": 2.9104,
    "same": 1.0780,
    "lone_facts": -0.0365,
    "other_people": -3.3295,
    "lone_people": -0.7988,
    "lead": 9.3795,
}
