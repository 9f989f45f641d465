"""The desk: moving an appeal along, each step through the one table, each with a line of history.

One method a step; each returns the appeal as it is then and raises `NotAllowed`, `NotPossible` or
`Faulty` before anything is changed.
"""

from __future__ import annotations

from bot.services.desk.claims import Claims
from bot.services.desk.ending import Ending
from bot.services.desk.handling import Handling
from bot.services.desk.passing import Passing
from bot.services.desk.relating import Relating
from bot.services.desk.sorting import Sorting
from bot.services.desk.steps import CLOCK
from bot.services.desk.undoing import Undoing

__all__ = ["CLOCK", "DeskService"]


class DeskService(Handling, Passing, Claims, Ending, Relating, Sorting, Undoing):
    """Steps on appeals within one transaction."""
