"""How patient the long connection is, and when it tries again."""

from __future__ import annotations

import random
from typing import Final

from msgspec import Struct


class Timing(Struct, frozen=True, kw_only=True):
    """All in seconds. The defaults are those of the platform's own clients.

    `silence`: after so long without a single message the subscription is renewed, because
    connections were seen that answered pings and brought nothing any more. `steady`: a connection
    that lasted so long starts the waiting anew. `ready`: how long a send waits for a connection.
    """

    connect: float = 10.0
    heartbeat: float = 30.0
    missed: int = 2
    acknowledge: float = 5.0
    first_wait: float = 1.0
    longest_wait: float = 30.0
    silence: float = 3600.0
    steady: float = 30.0
    ready: float = 5.0
    refusals: int = 5
    alarm_after: int = 8

    def wait(self, failures: int) -> float:
        """Seconds before the next try: 1, 2, 4 … 30, with a jitter of up to a fifth."""
        base = min(self.longest_wait, self.first_wait * 2.0 ** min(failures, 16))
        return base * random.uniform(0.8, 1.0)


DEFAULT: Final = Timing()
