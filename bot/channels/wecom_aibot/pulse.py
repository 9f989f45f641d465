"""What the long connection is doing, why one ended, and whether anybody is still there."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from bot.channels.wecom_aibot.timing import Timing


class State(StrEnum):
    """What the connection is doing."""

    OFF = "off"
    TRYING = "trying"
    LIVE = "live"
    KICKED = "kicked"
    REFUSED = "refused"


DOWN: Final = frozenset({State.KICKED, State.REFUSED})


class End(StrEnum):
    """Why a connection ended."""

    UNREACHABLE = "unreachable"
    CLOSED = "closed"
    DEAD = "dead"
    SILENT = "silent"
    BUSY = "busy"
    REFUSED = "refused"
    KICKED = "kicked"


class Pulse:
    """Whether somebody is still there: pings that were not answered, and how long it was silent."""

    def __init__(self, now: float, timing: Timing) -> None:
        self.due = now + timing.heartbeat
        self.steady = False
        self._timing = timing
        self._since = self._last_message = now
        self._missed = 0

    def heard(self, now: float, *, is_message: bool) -> None:
        """Any frame shows that the other side lives; only messages show that it still tells."""
        self._missed = 0
        self.steady = now - self._since >= self._timing.steady
        if is_message:
            self._last_message = now

    def beat(self, now: float) -> End | None:
        """It is time to ping; or to give up."""
        if self._missed >= self._timing.missed:
            return End.DEAD
        if now - self._last_message >= self._timing.silence:
            return End.SILENT
        self._missed += 1
        self.due = now + self._timing.heartbeat
        return None
