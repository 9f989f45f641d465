"""How fast a channel may speak: a sliding window of send times, and quiet between messages."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Hashable

from bot.ports import Rate


class Pace:
    """Remembers when each receiver was last spoken to. Times are seconds of any steady clock."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._times: dict[Hashable, deque[float]] = {}
        self._quiet_until = float("-inf")

    def wait(self, receiver: Hashable, now: float) -> float:
        """Take a place in the window: 0.0 when free, else the seconds until one will be."""
        if now < self._quiet_until:
            return self._quiet_until - now
        times = self._times.setdefault(receiver, deque())
        while times and times[0] + self._rate.seconds <= now:
            times.popleft()
        if len(times) >= self._rate.count:
            return times[0] + self._rate.seconds - now
        times.append(now)
        if self._rate.gap:
            self._quiet_until = now + random.uniform(1.0, 2.0) * self._rate.gap
        return 0.0
