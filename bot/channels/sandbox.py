"""The sandbox as a channel like any other: what is sent is shown to whoever is looking."""

from __future__ import annotations

from collections.abc import Callable

from bot.models import Outgoing
from bot.ports import Rate

NAME = "sandbox"


class SandboxChannel:
    """Hands messages to the listeners of the simulator. Never fails."""

    def __init__(self, name: str = NAME) -> None:
        self.name = name
        self.rate: Rate | None = None
        self.on_sent: Callable[[Outgoing], None] = lambda outgoing: None

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str:
        """Show it."""
        self.on_sent(outgoing)
        return outgoing.id
