"""Everything that is configured below `[channels]`, as channels, groups and areas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.channels.files import Files, FileSender
from bot.channels.kind import ChannelSettings
from bot.channels.pool import SHARED_CONNECTIONS, Pool, Sharing
from bot.channels.registry import KINDS
from bot.models import Carries, Group
from bot.ports import Channel, Clock

Configured = Mapping[str, Mapping[str, ChannelSettings]]


def build(configured: Configured, clock: Clock, files: Files) -> dict[str, Channel]:
    """A channel for each instance, under `KIND/NAME`."""
    found: dict[str, Channel] = {}
    pools: defaultdict[str, Pool] = defaultdict(lambda: Pool(SHARED_CONNECTIONS))
    for key, settings in instances(configured):
        channel = KINDS[key.partition("/")[0]].build(key, settings, clock)
        if isinstance(channel, FileSender):
            channel.files = files
        if isinstance(channel, Sharing):
            channel.share(pools[channel.address])
        found[key] = channel
    return found


def groups(configured: Configured) -> Iterator[Group]:
    """Groups that exist because they are written down in the settings."""
    for key, settings in instances(configured):
        yield from settings.groups(key)


def areas(configured: Configured) -> dict[str, str]:
    """Where strangers on each channel belong."""
    return {key: settings.area for key, settings in instances(configured)}


def carries(configured: Configured) -> dict[str, Carries]:
    """What goes through each channel of a notice, by `KIND/NAME`."""
    return {key: settings.carries() for key, settings in instances(configured)}


def instances(configured: Configured) -> Iterator[tuple[str, ChannelSettings]]:
    """`KIND/NAME` and what is set for it."""
    for kind, named in configured.items():
        for name, settings in named.items():
            yield f"{kind}/{name}", settings
