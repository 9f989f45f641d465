"""Connections to one platform: of one line, or of many that speak to the same address.

Ten thousand robots live at one address. With connections of their own each would shake hands for
its one message, and hold ten thousand sockets open.
"""

from __future__ import annotations

from typing import Final, Protocol, runtime_checkable

import aiohttp

MAX_CONNECTIONS: Final = 30
SHARED_CONNECTIONS: Final = 100
"""With a tenth of a second to the platform and back that is a thousand messages a second."""
IDLE_SECONDS: Final = 10.0


class Pool:
    """At most `limit` connections. Whoever opens it closes it; the last one to do so ends it."""

    def __init__(self, limit: int = MAX_CONNECTIONS) -> None:
        self.limit = limit
        self._users = 0
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> aiohttp.ClientSession:
        """The session, made when nobody has it yet. Needs a running loop."""
        self._users += 1
        if self._session is None:
            # Idle connections go early: one that the platform closed under a POST would leave
            # the message's fate unknown. No platform of ours speaks by cookies.
            connector = aiohttp.TCPConnector(limit=self.limit, keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def close(self) -> None:
        """One user less."""
        self._users -= 1
        if self._users == 0 and self._session is not None:
            session, self._session = self._session, None
            await session.close()


@runtime_checkable
class Sharing(Protocol):
    """A channel of which there are many at one `address`."""

    address: str

    def share(self, pool: Pool) -> None:
        """Use these connections from now on. Before it is started."""
