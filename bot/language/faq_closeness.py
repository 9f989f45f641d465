"""How close a phrasing is beside others.

Written by `python -m benchmarks.train.faq_order`; not edited by hand.
"""

from __future__ import annotations

from collections.abc import Mapping

CLOSENESS: Mapping[str, float] = {
    "asked_chars": 5.9665,
    "held_content": 1.5562,
    "order": 0.6010,
    "wording": 5.5789,
    "ideas": 4.6776,
    "held_ideas": 0.8085,
    "asked_rarest_unnamed": -0.2931,
    "asked_unnamed": -1.1229,
    "lone_facts": -1.1352,
    "lone_people": -0.8758,
}
