"""How fast a channel may speak: a sliding window of send times."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable

from bot.ports import Rate


class Pace:
    """Remembers when each receiver was last spoken to. Times are seconds of any steady clock."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._times: dict[Hashable, deque[float]] = {}

    def wait(self, receiver: Hashable, now: float) -> float:
        """Take a place in the window: 0.0 when free, else the seconds until one will be."""
        times = self._times.setdefault(receiver, deque())
        while times and times[0] + self._rate.seconds <= now:
            times.popleft()
        if len(times) >= self._rate.count:
            return times[0] + self._rate.seconds - now
        times.append(now)
        return 0.0
