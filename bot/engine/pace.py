"""How fast a channel may speak: a sliding window of send times, and quiet between messages."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Hashable

from bot.ports import Rate


class Pace:
    """Remembers when each receiver was last spoken to. Times are seconds of any steady clock.

    With several rates all of them hold; `longest` is the longest of their windows.
    """

    def __init__(self, rate: Rate | tuple[Rate, ...]) -> None:
        self._rates = rate if isinstance(rate, tuple) else (rate,)
        self.longest = max(each.seconds for each in self._rates)
        self._times: dict[Hashable, deque[float]] = {}
        self._quiet_until = float("-inf")

    def wait(self, receiver: Hashable, now: float) -> float:
        """Take a place in the window: 0.0 when free, else the seconds until one will be."""
        if now < self._quiet_until:
            return self._quiet_until - now
        times = self._times.setdefault(receiver, deque())
        while times and times[0] + self.longest <= now:
            times.popleft()
        seconds = max(_until_free(times, rate, now) for rate in self._rates)
        if seconds > 0:
            return seconds
        times.append(now)
        gap = max(rate.gap for rate in self._rates)
        if gap:
            self._quiet_until = now + random.uniform(1.0, 2.0) * gap
        return 0.0

    def remember(self, receiver: Hashable, at: float) -> None:
        """A message of an earlier life of the process; told in the order of their times."""
        self._times.setdefault(receiver, deque()).append(at)


def _until_free(times: deque[float], rate: Rate, now: float) -> float:
    if len(times) < rate.count:
        return 0.0
    return times[-rate.count] + rate.seconds - now
