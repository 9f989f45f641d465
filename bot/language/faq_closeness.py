"""How close a phrasing is beside others.

Written by `python -m benchmarks.train.faq_order`; not edited by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

CLOSENESS: Mapping[str, float] = {
    "asked_chars": 5.6178,
    "held_content": 1.6170,
    "order": 0.5479,
    "shared": 0.1662,
    "wording": 5.6894,
    "ideas": 4.7856,
    "held_ideas": 0.8511,
    "asked_rarest_unnamed": -0.3607,
    "asked_unnamed": -1.2008,
    "lone_facts": -0.9814,
    "lone_people": -0.8034,
}
