"""What `find_time` found, on one short line, for tables of phrases."""

from __future__ import annotations

from datetime import datetime

from bot.language.dates import Again, Moment, Unclear


def noted(found: Moment | Again | Unclear | None) -> str:
    """`2026-11-22 08:00`, `A ~ B`, `<= A`, `? A | B`, `weekly 0,2 08:30`, `! why`, or nothing.

    A day or part of the day without a clock time has a `d` behind it.
    """
    if found is None:
        return ""
    if isinstance(found, Unclear):
        return f"! {found.why}"
    if isinstance(found, Again):
        return _again(found)
    if found.alternatives:
        return "? " + " | ".join(map(_minute, found.alternatives))
    words = ("<= " if found.deadline else "") + _minute(found.at) + ("" if found.timed else "d")
    return words if found.until is None else f"{words} ~ {_minute(found.until)}"


def _again(found: Again) -> str:
    again = found.recurrence
    which = ",".join(map(str, again.weekdays or again.days))
    return " ".join(filter(None, [again.beat, which, f"{again.at:%H:%M}"]))


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"
