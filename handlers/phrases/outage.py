"""Words around outages that were announced."""

from __future__ import annotations

from datetime import datetime

from bot import say_when

LONGEST = 300


def notice(text: str, at: datetime) -> str:
    """The newest notice, with when it came."""
    words = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return f"通知是这样说的：\n{words}\n（{say_when(at)}发的）"
