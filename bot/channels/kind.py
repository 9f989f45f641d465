"""What a platform's file tells the rest: its settings, and how a channel is made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from msgspec import Struct

from bot.channels.capabilities import Capabilities
from bot.models import Carries, Group
from bot.ports import Channel, Clock


class ChannelSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator writes below `[channels.KIND.NAME]`.

    `area` is where people belong whom nobody has placed yet.
    """

    needs_area: ClassVar[bool] = True

    area: str = ""

    def faults(self, full: str) -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        raise NotImplementedError(full)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        raise NotImplementedError

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries()

    def groups(self, channel: str) -> tuple[Group, ...]:
        """Groups that exist because they are written down here; `channel` is `KIND/NAME`."""
        return ()


class ChannelKind(Struct, frozen=True):
    """One platform. `build(name, settings, clock)` makes the channel `KIND/NAME`.

    It raises `ConfigError` for settings that have faults. `capabilities` is its line in the table
    of channels (`haitang channels`, docs/channels.md).
    """

    name: str
    settings: type[ChannelSettings]
    build: Callable[[str, Any, Clock], Channel]
    capabilities: Capabilities
