"""One access token a line, renewed once however many ask for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from msgspec import Struct

from bot.errors import SendDeferred, SendError

MARGIN_SECONDS: Final = 300.0
QUIET_SECONDS: Final = 5.0


class Token(Struct, frozen=True):
    """An access token and for how many seconds it is good."""

    value: str
    expires_in: float

    def __repr__(self) -> str:
        return f"Token(expires_in={self.expires_in})"


class TokenKeeper:
    """Keeps one access token; however many ask, at most one fetch is under way.

    A refused token is renewed at once, but not twice within `quiet` seconds, and a failed fetch
    is not repeated within them either: the platform blocks those who ask too often.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        monotonic: Callable[[], float] = time.monotonic,
        margin: float = MARGIN_SECONDS,
        quiet: float = QUIET_SECONDS,
    ) -> None:
        self._fetch = fetch
        self._monotonic = monotonic
        self._margin = margin
        self._quiet = quiet
        self._lock = asyncio.Lock()
        self._value = ""
        self._good_until = 0.0
        self._renew_after = 0.0
        self._fetch_after = 0.0
        self._failure: SendError | None = None

    async def get(self) -> str:
        """A token that should be good. Raises `SendRefused` or `SendDeferred`."""
        if self._is_good():
            return self._value
        async with self._lock:
            if not self._is_good():
                await self._load()
            return self._value

    async def renew(self, refused: str) -> str:
        """Another token than the one the platform refused. Raises as `get` does."""
        async with self._lock:
            if self._is_good() and self._value != refused:
                return self._value
            now = self._monotonic()
            if now < self._renew_after:
                raise SendDeferred("刚换过的 access_token 又被拒绝", after=self._quiet)
            self._renew_after = now + self._quiet
            self._value = ""
            await self._load()
            return self._value

    def _is_good(self) -> bool:
        return bool(self._value) and self._monotonic() < self._good_until

    async def _load(self) -> None:
        now = self._monotonic()
        if self._failure is not None and now < self._fetch_after:
            raise _copy(self._failure)
        try:
            token = await self._fetch()
        except SendError as error:
            self._failure = error
            self._fetch_after = now + self._quiet
            raise
        self._failure = None
        self._value = token.value
        # A very short life is used to its half rather than not at all.
        self._good_until = now + max(token.expires_in - self._margin, token.expires_in / 2)


def _copy(error: SendError) -> SendError:
    # Raising one exception object in several tasks would mix their tracebacks.
    if isinstance(error, SendDeferred):
        return SendDeferred(str(error), after=error.after)
    return type(error)(str(error))
