"""Words for those who say: so it is with us."""

from __future__ import annotations

from bot import Appeal, State, say_day


def joined(appeal: Appeal, count: int) -> str:
    """How many stand behind it by now; no date while its clock stands still."""
    if appeal.state in {State.NEEDS_INFO, State.PARKED}:
        return f"{appeal.short}号已有{count}户反映。"
    return f"{appeal.short}号已有{count}户反映，一起办，最迟{say_day(appeal.due_at)}前。"
