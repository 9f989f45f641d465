"""The console as a channel: what a page does with a matter is said as a command, by the same way as
in the chat, so that the same rules hold and the same people hear of it.
"""

from __future__ import annotations

from bot.channels.stash import Stash
from bot.models import CONSOLE, Attachment, MediaKind, Outgoing
from bot.ports import Fetched, Rate


class ConsoleChannel:
    """Replies travel in the page that asked; pictures wait in the stash until a job takes them."""

    def __init__(self, stash: Stash, name: str = CONSOLE) -> None:
        self.name = name
        self.rate: Rate | None = None
        self._stash = stash

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str:
        """A page that was closed before its answer came: nobody is there to read it."""
        return outgoing.id

    async def put(self, data: bytes, name: str, kind: MediaKind) -> Attachment:
        """Keep what was uploaded until it is fetched."""
        return await self._stash.put(data, name, kind)

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes that were put. Raises `SendRefused`."""
        return await self._stash.fetch(attachment, limit)
