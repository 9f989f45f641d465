"""How much each sign counts.

Written by `python -m benchmarks.train.faq`; not edited by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

BIAS = -0.9016

WEIGHTS: Mapping[str, float] = {
    "asked_content": 0.0449,
    "held_content": 1.2029,
    "asked_rarest_unnamed": -0.0429,
    "asked_unnamed": -0.5500,
    "held_unnamed": -0.5964,
    "shared": 0.9963,
    "exactness": 3.1438,
    "same": 0.9372,
    "lone_facts": -0.3983,
    "other_people": -3.4285,
    "lone_people": -0.9397,
    "lead": 9.3245,
}
