"""A sliding window of times for several sends at once; what failed counts too."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Final

# Sums of floats may fall short of what was waited for.
_HAIR: Final = 1e-6


class Window:
    """At most `count` in any `seconds`, by a steady clock."""

    def __init__(
        self, count: int, seconds: float, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.count = count
        self._seconds = seconds
        self._monotonic = monotonic
        self._times: deque[float] = deque()

    def wait(self, places: int) -> float:
        """Seconds until so many places will be free; 0.0 when they are. Takes none."""
        now = self._monotonic()
        while self._times and self._times[0] + self._seconds <= now + _HAIR:
            self._times.popleft()
        short = len(self._times) + min(places, self.count) - self.count
        return 0.0 if short <= 0 else self._times[short - 1] + self._seconds - now

    def take(self) -> None:
        """Something is being sent."""
        self._times.append(self._monotonic())
