"""How sure the bot must be in one community: people's marks move the cut-offs within bounds."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.language.faq import CUTS, Cuts
from bot.models import Marks
from bot.ports import Store

MEMORY = timedelta(days=180)
"""Older marks no longer count."""
HIGHEST, LOWEST = 0.997, 0.975
"""Bounds of the group's cut-off; the other keeps its distance."""
USELESS_STEP, USEFUL_STEP = 0.002, 0.0002
"""One 没用 weighs as much as ten 有用: a wrong answer does more harm than a missing one."""


def community(area: str) -> str:
    """街道/社区 of an area: where neighbours share their marks."""
    return "/".join(area.split("/")[:2])


def marks_of(store: Store, area: str, now: datetime) -> Marks:
    """What the community thought of the answers lately."""
    return store.questions.marks(community(area), now - MEMORY)


def cuts_for(marks: Marks) -> Cuts:
    """The shipped cut-offs, moved by marks."""
    moved = CUTS.group + USELESS_STEP * marks.useless - USEFUL_STEP * marks.useful
    group = min(HIGHEST, max(LOWEST, moved))
    # As many times less sure as the shipped pair, so that the two never cross.
    direct = 1 - (1 - group) * (1 - CUTS.direct) / (1 - CUTS.group)
    return Cuts(group=round(group, 4), direct=round(direct, 4))
