"""When: 明天8点, 下周三晚7点半, 11月22日, 2小时后, 每周一8:30. Rules of our own.

`find_when` gives the first instant that a text names and takes the likeliest reading; `find_time`
gives everything: stretches, deadlines, recurrences, other readings, and why a time cannot be.
Texts are already normalised (NFKC, one kind of blank). All days are days in Asia/Shanghai.
"""

from __future__ import annotations

from bot.language.dates.again import Again, find_again
from bot.language.dates.again_words import say_again
from bot.language.dates.choices import Calendar, Moment
from bot.language.dates.clock import DEFAULT_HOUR
from bot.language.dates.moments import find_time
from bot.language.dates.unclear import Unclear
from bot.language.dates.when import When, find_when, say_day, say_when

__all__ = [
    "DEFAULT_HOUR",
    "Again",
    "Calendar",
    "Moment",
    "Unclear",
    "When",
    "find_again",
    "find_time",
    "find_when",
    "say_again",
    "say_day",
    "say_when",
]
