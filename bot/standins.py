"""WeCom's side of the sandbox, served by ourselves: one self-built app and one AI bot.

Everything between them and the bot is real: encrypted callbacks, tokens, frames, acknowledgements.
"""

from __future__ import annotations

import asyncio
from typing import Final

from aiohttp import ClientSession, ClientTimeout, web

from bot import demo
from bot.channels.wecom_aibot import LongConnectionChannel
from bot.channels.wecom_app import WecomAppChannel
from bot.community import DEFAULT_CHANNEL, Community
from bot.models import Group, Listen
from bot.ports import Channel, Clock, Store
from bot.testing.wecom import FakeAibot, FakeWecom

APP: Final = "wecom_app/demo"
AIBOT: Final = "wecom_aibot/demo"
CHAT: Final = "wrDemoGroup"
CHAT_NAME: Final = "企业微信机器人群（模拟）"
_CONNECTED_WITHIN: Final = 5.0


class StandIns:
    """`base_url` is where this very service listens; `name` is what the bot is called."""

    def __init__(self, base_url: str, name: str, community: Community, clock: Clock) -> None:
        self.app = FakeWecom()
        self.aibot = FakeAibot(name=name)
        self._base_url = base_url
        self._community = community
        self._clock = clock
        self._http: ClientSession | None = None
        self._aibot_app = self.aibot.app(f"{base_url}/sandbox/aibot")
        self.aibot.open_chat(CHAT)

    @property
    def area(self) -> str:
        """Where strangers belong."""
        return f"{self._community.community.street}/{self._community.community.name}"

    def channels(self) -> dict[str, Channel]:
        """The channels that talk to them."""
        app = self.app.settings(f"{self._base_url}/sandbox/wecom")
        return {
            APP: WecomAppChannel(APP, app, self._clock),
            AIBOT: LongConnectionChannel(AIBOT, self.aibot.settings(area=self.area), self._clock),
        }

    def mount(self, app: web.Application) -> None:
        """Serve them."""
        app.add_subapp("/sandbox/wecom", self.app.app())
        app.add_subapp("/sandbox/aibot", self._aibot_app)

    def seed(self, store: Store) -> None:
        """Residents may write to the app; the AI bot has one group, and everybody is in it.

        There a person is the one whom the sandbox knows, or staff would be told everything twice.
        """
        demo.mirror_residents(store, DEFAULT_CHANNEL, APP)
        store.people.save_group(
            Group(
                id=f"{AIBOT}:{CHAT}",
                channel=AIBOT,
                chat=CHAT,
                name=CHAT_NAME,
                area=self.area,
                listen=Listen.MENTION,
            )
        )
        for person in self._community.people:
            if person.channel == DEFAULT_CHANNEL:
                store.people.join_also(f"{DEFAULT_CHANNEL}:{person.user}", AIBOT, person.user)

    async def say_to_app(self, user: str, text: str, message_id: str) -> None:
        """Write as a member: a signed, encrypted callback over HTTP."""
        if self._http is None:
            self._http = ClientSession(timeout=ClientTimeout(total=10))
        callback = self.app.callback(user, text, message_id)
        await self.app.post_callback(self._http, f"{self._base_url}/callback/{APP}", callback)

    async def say_to_aibot(self, user: str, text: str, message_id: str) -> None:
        """Mention the bot in its group: a frame over the long connection."""
        for _ in range(int(_CONNECTED_WITHIN * 50)):
            if self.aibot.live is not None:
                break
            await asyncio.sleep(0.02)
        await self.aibot.push(self.aibot.message(user, text, chat=CHAT, msgid=message_id))

    async def hang_up(self) -> None:
        """End the long connection from this side: the server would wait for it."""
        await self.aibot.cut()

    async def close(self) -> None:
        """Close what talking needed."""
        if self._http is not None:
            await self._http.close()
