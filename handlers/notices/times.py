"""写在最前面的时间：一次的、一再的、说不准的、不可能的。"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot import Again, Context, Moment, Recurrence, Unclear, find_time, is_long_past
from handlers.phrases import notices as say

NOW = frozenset({"立即", "马上", "现在", "立刻"})
# What may stand before the time without being part of the notice.
BEFORE_TIME = re.compile(r"^(?:请|就)?(?:在|于|定于)?[\s,:]*$")
# 8:00-12:00 is when the water is off, not when to tell.
RANGE = re.compile(r"^\s*(?:[-~—–]|到|至)\s*\d")
# 2月30日8:00: the hour is not part of what is to be said.
CLOCK = re.compile(r"^(?:[上下]午|早上|晚上|中午)?\d{1,2}(?::\d{2}|点半?)\s*")
# What to do when the program was down at that minute.
LATE = re.compile(
    r"^\(?(?:(?P<never>过[时点](?:就)?不(?:再|用)?发|晚了(?:就)?不发)"
    r"|最多晚 ?(?P<n>\d{1,4}) ?(?P<unit>分钟|小时))\)?[\s,:;。]*"
)
PUNCTUAL = 5
"""Minutes that 过时不发 still lets pass: the clock may be a moment late."""
LONGEST_LATE = 10_080
# 明天25点: the impossible part may stand behind a day.
NEAR = 6


@dataclass(frozen=True)
class Planned:
    """When to send, and the words behind. `readings`: more than one means ask. `late`: minutes."""

    at: datetime
    words: str
    tail: str
    recurrence: Recurrence | None = None
    readings: tuple[datetime, ...] = ()
    late: int | None = None

    @property
    def immediate(self) -> bool:
        """Sent as soon as it is confirmed."""
        return self.words in NOW


def at_once(ctx: Context) -> Planned:
    """As soon as it is confirmed."""
    return Planned(ctx.now, "立即", "")


def time_in_front(ctx: Context, rest: str) -> Planned | str:
    """The time that a text begins with; or the sentence that says what is wrong with it."""
    found = find_time(rest, ctx.now, ctx.knowledge.calendar)
    if found is None:
        return say.how_often(rest) if rest.startswith("每") else say.when(rest)
    late, tail = _lateness(rest[found.end :].lstrip(" ,:;。、"))
    if isinstance(found, Unclear) and found.start <= NEAR:
        return say.unclear(found.why, CLOCK.sub("", tail))
    if not BEFORE_TIME.match(rest[: found.start]) or RANGE.match(rest[found.end :]):
        return say.when(rest)
    return _planned(ctx, found, rest[found.start : found.end], tail, late) or say.when(rest)


def _planned(
    ctx: Context, found: Moment | Again | Unclear, words: str, tail: str, late: int | None
) -> Planned | str:
    """When that is; "" when the words name no one moment."""
    match found:
        case Again(recurrence=recurrence):
            times = ctx.notices.times(recurrence)
            if not times:
                return say.never(words)
            return Planned(times[0], words, tail, recurrence, late=late)
        case Moment(until=None, at=at, alternatives=readings):
            if is_long_past(at, words, ctx.now):
                at = at.replace(year=at.year - 1)
            return Planned(at, words, tail, readings=readings, late=late)
        case _:
            return ""


def _lateness(tail: str) -> tuple[int | None, str]:
    """After how many minutes it is not sent any more, if that is said; and the words behind."""
    found = LATE.match(tail)
    if found is None:
        return None, tail
    if found["never"]:
        return PUNCTUAL, tail[found.end() :]
    minutes = int(found["n"]) * (60 if found["unit"] == "小时" else 1)
    return min(minutes, LONGEST_LATE), tail[found.end() :]
