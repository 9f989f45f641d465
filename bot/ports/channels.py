"""Ways to hear and to speak."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct

from bot.models import Incoming, Outgoing


class Rate(Struct, frozen=True):
    """At most `count` messages in any `seconds` to one receiver."""

    count: int
    seconds: float


class Channel(Protocol):
    """A way to speak. `name` is the configured instance: `sandbox`, `wecom_app/main`.

    `rate` is what the platform permits to one receiver; None when it sets no limit.
    """

    name: str
    rate: Rate | None

    async def start(self) -> None:
        """Open what sending needs."""

    async def stop(self) -> None:
        """Close it again."""

    async def send(self, outgoing: Outgoing) -> str:
        """Hand one message to the platform and return its id there ("" when it has none).

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`, nothing else.
        """


class CallbackChannel(Channel, Protocol):
    """A channel whose platform calls us over HTTP."""

    def verify(self, query: Mapping[str, str]) -> str:
        """Answer the platform's URL check. Raises `BadCallback`."""

    def parse(self, query: Mapping[str, str], body: bytes) -> Incoming | None:
        """Turn a request into a message; None when there is nothing to store.

        Raises `BadCallback` for everything that is forged, broken or too large.
        """
