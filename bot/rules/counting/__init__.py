"""PURE: how the ledger is counted: periods, rates with their denominators, cells that are hidden,
and the sentence that newspapers print. The decisions stand in docs/adr (口径).
"""

from __future__ import annotations

from bot.rules.counting.heat import Heat, heat_of, hidden
from bot.rules.counting.periods import Period, day, month, month_after, week
from bot.rules.counting.rates import FAIR_WEIGHT, LEAST, Names, Rate, rates
from bot.rules.counting.sentence import caliber, draft, sentence

__all__ = [
    "FAIR_WEIGHT",
    "LEAST",
    "Heat",
    "Names",
    "Period",
    "Rate",
    "caliber",
    "day",
    "draft",
    "heat_of",
    "hidden",
    "month",
    "month_after",
    "rates",
    "sentence",
    "week",
]
