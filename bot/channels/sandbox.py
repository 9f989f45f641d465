"""The sandbox as a channel like any other: what is sent is shown to whoever is looking."""

from __future__ import annotations

from collections.abc import Callable

from bot.channels.stash import Stash
from bot.models import Attachment, MediaKind, Outgoing
from bot.ports import Fetched, Rate

NAME = "sandbox"


class SandboxChannel:
    """Hands messages to the listeners of the simulator. Never fails."""

    def __init__(self, stash: Stash, name: str = NAME) -> None:
        self.name = name
        self.rate: Rate | None = None
        self.on_sent: Callable[[Outgoing], None] = lambda outgoing: None
        self._stash = stash

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str:
        """Show it."""
        self.on_sent(outgoing)
        return outgoing.id

    async def put(self, data: bytes, name: str) -> Attachment:
        """Keep a picture that somebody sends, until it is fetched."""
        return await self._stash.put(data, name, MediaKind.IMAGE)

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes that were put. Raises `SendRefused`."""
        return await self._stash.fetch(attachment, limit)
