"""A sliding window of times for several sends at once; what failed counts too."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from bot.errors import SendError
from bot.models import File, Image, Outgoing, Voice

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

    def remember(self, ago: float, places: int = 1) -> None:
        """Sent so many seconds ago, before this start; told in the order of times."""
        self._times.extend([self._monotonic() - ago] * places)

    def take(self) -> None:
        """Something is being sent."""
        self._times.append(self._monotonic())


def places_of(outgoing: Outgoing, worded: Callable[[Outgoing], Sequence[object]]) -> int:
    """How many messages a row was; one for files and for what could not be said."""
    if isinstance(outgoing.rich, Image | File | Voice):
        return 1
    try:
        return max(1, len(worded(outgoing)))
    except SendError:
        return 1
