"""When a matter is due: `5wd` counts working days, `24h` counts plain clock hours."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

from msgspec import Struct

from bot.models import SHANGHAI
from bot.rules.workdays import WorkCalendar

_RULE = re.compile(r"([1-9][0-9]{0,3})(wd|h)")


class OfficeHours(Struct, frozen=True):
    """When the office opens and closes, Shanghai wall time. Raises ValueError when reversed."""

    opens: time = time(8, 30)
    closes: time = time(17, 30)

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin."""
        if self.opens >= self.closes:
            raise ValueError(f"office hours end before they begin: {self.opens}-{self.closes}")


def due_at(start: datetime, rule: str, calendar: WorkCalendar, hours: OfficeHours) -> datetime:
    """The last moment in time for something that began at `start`, in Asia/Shanghai.

    `5wd` is closing time on the fifth working day after the day of `start`: that day itself is not
    counted, as in 民法典 第二百零一条.
    Raises ValueError for a naive `start` and for a rule that is neither `<n>wd` nor `<n>h`.
    """
    if start.tzinfo is None:
        raise ValueError("a deadline needs an aware start")
    match = _RULE.fullmatch(rule)
    if match is None:
        raise ValueError(f"not a deadline rule: {rule!r}")
    amount, unit = int(match[1]), match[2]
    if unit == "h":
        # Through UTC: wall-clock arithmetic would be wrong across a change of offset.
        return (start.astimezone(UTC) + timedelta(hours=amount)).astimezone(SHANGHAI)
    day = start.astimezone(SHANGHAI).date()
    return datetime.combine(calendar.add_workdays(day, amount), hours.closes, SHANGHAI)
