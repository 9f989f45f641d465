"""This bot as it runs in production, with one channel more that brings group talk.

The self-built app of WeCom hands over private chats only. `GroupTalk` reads the group from a
`ChatId` element, which the real platform does not send, and only counts what it is to say in a
group, which the real platform would not take. Everything else is the code that `haitang run` runs:
signature, cipher, parser, engine, handlers, the ledger, one transaction a message.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from msgspec import structs

from benchmarks.talk import AREAS, GROUPS
from bot import logs, serve
from bot.app import DATA, Service
from bot.channels.wecom_app import WecomAppChannel, WecomAppSettings
from bot.channels.wecom_xml import WecomMessage
from bot.config import load
from bot.models import Incoming, Outgoing
from bot.ports import CallbackRequest, Channel, Clock
from bot.testing.wecom import FakeWecom

GROUP_CHANNEL = "wecom_app/group"
PRIVATE_CHANNEL = "wecom_app/private"
_COMMUNITY = "海棠街道/春晓社区"


class GroupTalk(WecomAppChannel):
    """A made-up app that hears groups. What it says is counted, without the platform's limit."""

    def __init__(self, name: str, settings: WecomAppSettings, clock: Clock) -> None:
        super().__init__(name, settings, clock)
        self.rate = None
        self.said = 0

    def chat_of(self, message: WecomMessage) -> str:
        """The group that the callback names."""
        return message.fields["ChatId"]

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """As in private, but the bot is spoken to only where the text says so."""
        incoming = super().parse(request)
        return None if incoming is None else structs.replace(incoming, mentioned=False)

    async def send(self, outgoing: Outgoing) -> str:
        """Count it."""
        self.said += 1
        return str(self.said)


class BenchmarkService(Service):
    """The service with the made-up channel in the place of the first one."""

    def _channels(self) -> dict[str, Channel]:
        found = super()._channels()
        settings = self.config.channels["wecom_app"]["group"]
        assert isinstance(settings, WecomAppSettings)
        found[GROUP_CHANNEL] = GroupTalk(GROUP_CHANNEL, settings, self.clock)
        return found


def write_settings(folder: Path, platform: str) -> Path:
    """Settings, groups and stewards in a fresh folder; the path of the settings."""
    community = folder / "community.toml"
    community.write_text("\n".join(_community()), "utf-8")
    settings = folder / "config.toml"
    settings.write_text("\n".join(_settings(folder, community, platform)), "utf-8")
    return settings


def _settings(folder: Path, community: Path, platform: str) -> Iterator[str]:
    fake = FakeWecom()
    yield f'[bot]\ncommunity = "{community}"\nfaq = "{DATA / "demo" / "faq.csv"}"'
    yield '[server]\nhost = "127.0.0.1"\nport = 0'
    yield f'[storage]\npath = "{folder / "haitang.db"}"'
    yield "[sandbox]\nenabled = false"
    for name in ("group", "private"):
        yield f'[channels.wecom_app.{name}]\ncorp_id = "{fake.corp_id}"\nsecret = "{fake.secret}"'
        yield f'agent_id = {fake.agent_id}\ntoken = "{fake.token}"\narea = "{_COMMUNITY}"'
        yield f'encoding_aes_key = "{fake.encoding_aes_key}"\nbase_url = "{platform}"'


def _community() -> Iterator[str]:
    yield '[community]\nname = "春晓社区"\nstreet = "海棠街道"'
    for number in range(GROUPS):
        yield f'[[groups]]\nchat = "group-{number}"\nname = "{number + 1}群"'
        yield f'area = "{_COMMUNITY}/第{number % AREAS + 1}微网格"\nchannel = "{GROUP_CHANNEL}"'
    for number in range(AREAS):
        yield f'[[people]]\nuser = "steward-{number}"\nname = "管家{number + 1}"\nrole = "steward"'
        yield f'area = "{_COMMUNITY}/第{number + 1}微网格"\nchannel = "{GROUP_CHANNEL}"'


def main() -> None:
    """Serve with the settings of a folder; print the port when it listens."""
    config = load(Path(sys.argv[1]) / "config.toml", {})
    logs.configure(config.log.level)
    with mock.patch.object(serve, "Service", BenchmarkService):
        asyncio.run(serve.serve(config, lambda url, _: print(url.rpartition(":")[2], flush=True)))


if __name__ == "__main__":
    main()
