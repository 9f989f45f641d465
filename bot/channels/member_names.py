"""What members are called: asked for in the background, kept, and not asked again when refused."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from bot.errors import SendError, SendRefused

MOST_KEPT: Final = 5000
KEEP_SECONDS: Final = 86_400.0
REST_SECONDS: Final = 3600.0


class MemberNames:
    """`get` never waits: a name that is not there yet is there the next time."""

    def __init__(
        self,
        ask: Callable[[str], Awaitable[str]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._monotonic = monotonic
        self._names: dict[str, tuple[str, float]] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}
        self._rest_until = 0.0

    def get(self, user: str) -> str:
        """The name, or "" while it is unknown."""
        name, until = self._names.get(user, ("", 0.0))
        now = self._monotonic()
        if until <= now and now >= self._rest_until and user not in self._asking:
            self._asking[user] = asyncio.get_running_loop().create_task(self._learn(user))
        return name

    async def stop(self) -> None:
        """Ask no more."""
        for task in list(self._asking.values()):
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    async def _learn(self, user: str) -> None:
        try:
            name = await self._ask(user)
        except SendRefused:  # no right to read names: that does not change by asking
            self._rest_until = self._monotonic() + REST_SECONDS
        except SendError:
            return
        else:
            if len(self._names) >= MOST_KEPT:
                self._names.clear()
            self._names[user] = (name, self._monotonic() + KEEP_SECONDS)
        finally:
            self._asking.pop(user, None)
