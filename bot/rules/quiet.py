"""The hours of a night in which nobody is disturbed by what can wait."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from msgspec import Struct

from bot.models import SHANGHAI


class QuietHours(Struct, frozen=True):
    """From `since` in the evening to `until` in the morning, in Asia/Shanghai; the same: never."""

    since: time = time(21, 30)
    until: time = time(7)

    @property
    def kept(self) -> bool:
        """Whether there are any."""
        return self.since != self.until

    def after(self, at: datetime) -> datetime:
        """`at` itself when people may be disturbed then, else the end of these hours."""
        local = at.astimezone(SHANGHAI)
        clock, day = local.time(), local.date()
        over_midnight = self.since > self.until
        evening = self.since <= clock and (over_midnight or clock < self.until)
        morning = clock < self.until and (over_midnight or self.since <= clock)
        if not self.kept or not (evening or morning):
            return at
        if not morning:
            day += timedelta(days=1)
        return datetime.combine(day, self.until, SHANGHAI)
