"""Words around notices that somebody asks after."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import say_when

LONGEST = 300
LINES = 2


def notice(text: str, at: datetime) -> str:
    """The newest notice, with when it came."""
    return f"通知是这样说的：\n{_bounded(text)}\n（{say_when(at)}发的）"


def lines(said: Sequence[str], at: datetime) -> str:
    """What a notice says about the thing that was asked."""
    words = "\n".join(said[:LINES])
    return f"通知里写的：\n{_bounded(words)}\n（{say_when(at)}发的）"


def _bounded(words: str) -> str:
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
