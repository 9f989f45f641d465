"""The WeCom group robot: one address, one group, words in one direction.

Its address is its only secret and it hears nothing. The platform takes 20 messages a minute and
says 45009 to more; whether that minute slides is nowhere written, so ours does, with a guard.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from bot.channels import robot_bodies as bodies
from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.files import NO_FILES, Files
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.line import is_safe_base
from bot.channels.pool import MAX_CONNECTIONS, Pool
from bot.channels.probing import probed
from bot.channels.robot_api import RobotApi
from bot.channels.window import Window, places_of
from bot.errors import ConfigError, SendError, SendNotYet, SendRefused, SendUncertain
from bot.models import Carries, File, Finding, Group, Image, Listen, Outgoing, Voice
from bot.models.rich import FILE_BYTES, VOICE_BYTES
from bot.ports import Clock, Rate

MESSAGES_A_MINUTE: Final = 18
WINDOW_SECONDS: Final = 63.0
_KEY: Final = re.compile(r"[0-9A-Za-z-]{8,64}\Z")


class WecomRobotSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator copies from the group's robot. `key` may be its whole address."""

    needs_area: ClassVar[bool] = False

    key: str
    group: str
    base_url: str = "https://qyapi.weixin.qq.com"

    def __repr__(self) -> str:
        return f"WecomRobotSettings(group={self.group!r}, area={self.area!r})"

    @property
    def bare_key(self) -> str:
        """The key alone."""
        if "key=" not in self.key:
            return self.key.strip()
        try:
            return parse_qs(urlsplit(self.key.strip()).query).get("key", [""])[0]
        except ValueError:
            return ""

    def faults(self, full: str = "channels.wecom_robot.*") -> list[str]:
        """What is wrong, one Chinese sentence each."""
        found = []
        if not _KEY.match(self.bare_key):
            found.append(
                f"设置「{full}.key」没有填或不完整，请在群的「消息推送」里复制 Webhook 地址，"
                "整条贴进来就行。"
            )
        if not self.group.strip():
            found.append(f"设置「{full}.group」没有填，请写这个群的名字，发通知时用它找群。")
        if not self.area.strip("/ "):
            found.append(
                f"设置「{full}.area」没有填，请写这个群属于哪个网格，"
                "如「海棠街道/春晓社区/第3微网格」。"
            )
        if not is_safe_base(self.base_url):
            found.append(
                f"设置「{full}.base_url」的值是「{self.base_url}」，应以 https:// 开头，"
                "不是私有部署就删掉这一行。"
            )
        return found

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=bodies.TEXT_BYTES, pictures=True, files=True)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.key, self.bare_key)

    def groups(self, channel: str) -> tuple[Group, ...]:
        """The one group behind the address, which can be announced to and is never heard."""
        chat = channel.partition("/")[2]
        return (
            Group(
                id=f"{channel}:{chat}",
                channel=channel,
                chat=chat,
                name=self.group.strip(),
                area=self.area.strip("/ "),
                listen=Listen.NONE,
            ),
        )


class WecomRobotChannel:
    """One group robot as a `Channel`. Raises `ConfigError` for wrong settings."""

    def __init__(
        self,
        name: str,
        settings: WecomRobotSettings,
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        faults = settings.faults()
        if faults:
            raise ConfigError(faults)
        self.name = name
        # Long texts are several messages: the window below counts those, not rows.
        self.rate: Rate | tuple[Rate, ...] | None = None
        self.files: Files = NO_FILES
        self._chat = name.partition("/")[2]
        self.address = settings.base_url
        self.in_flight = MAX_CONNECTIONS
        self.pool = Pool()
        self._key = settings.bare_key
        self._monotonic = monotonic
        self._api = RobotApi(self.address, self._key, monotonic=monotonic, pool=self.pool)
        self._window = Window(MESSAGES_A_MINUTE, WINDOW_SECONDS, monotonic)
        # Two calls at once with one key are answered 45033.
        self._one_at_a_time = asyncio.Lock()

    def share(self, pool: Pool) -> None:
        """Speak over connections that other robots use too. Before it is started."""
        self.pool, self.in_flight = pool, pool.limit
        self._api = RobotApi(self.address, self._key, monotonic=self._monotonic, pool=pool)

    async def start(self) -> None:
        """Open what sending needs."""
        await self._api.open()

    async def stop(self) -> None:
        """Close it again."""
        await self._api.close()

    @property
    def memory(self) -> float:
        """Seconds that count."""
        return WINDOW_SECONDS

    def remember(self, outgoing: Outgoing, ago: float) -> None:
        """What was said before this start takes its places too."""
        self._window.remember(ago, places_of(outgoing, bodies.worded_bodies))

    async def send(self, outgoing: Outgoing) -> str:
        """Say it in the group, a long text as several messages. The platform gives no ids.

        Raises `SendRefused`, `SendDeferred`, `SendNotYet` or `SendUncertain`. When a later part
        fails it is always the last: sending all again would say the first part twice.
        """
        if outgoing.user or outgoing.chat != self._chat:
            raise SendRefused("群机器人只能在它自己的群里说话")
        async with self._one_at_a_time:
            parts = await self._bodies(outgoing)
            self._wait_for(len(parts))
            for number, body in enumerate(parts, start=1):
                await self._post(outgoing, body, number, len(parts))
        return ""

    async def probe(self) -> list[Finding]:
        """Whether the key is good. It costs one place in the minute."""
        async with self._one_at_a_time:
            self._window.take()
            return await probed(self.name, self._api.line, self._api.probe)

    def _wait_for(self, parts: int) -> None:
        if not 0 < parts <= bodies.MAX_PARTS:
            raise SendRefused("消息内容是空的" if parts == 0 else "消息太长，请缩短后再发")
        wait = self._window.wait(parts)
        if wait > 0:
            raise SendNotYet("这个群一分钟内说得够多了", wait)

    async def _post(self, outgoing: Outgoing, body: bodies.Body, number: int, of: int) -> None:
        self._window.take()
        try:
            await self._api.post(body, outgoing.attempts)
        except SendError as error:
            if number == 1:
                raise
            reason = f"共{of}段，第{number}段起没有确认送达：{error}"
            raise SendUncertain(reason) from None

    async def _bodies(self, outgoing: Outgoing) -> list[bodies.Body]:
        match outgoing.rich:
            case Image() as rich:
                return [bodies.image_body(await self.files.read(rich.ref))]
            case File() as rich:
                return [await self._uploaded("file", rich.ref, rich.name, FILE_BYTES)]
            case Voice() as rich:
                return [await self._uploaded("voice", rich.ref, "voice.amr", VOICE_BYTES)]
        return bodies.worded_bodies(outgoing)

    async def _uploaded(self, kind: str, ref: str, name: str, limit: int) -> bodies.Body:
        self._wait_for(1)
        data = await self.files.read(ref)
        if not 5 < len(data) <= limit:
            raise SendRefused(f"文件要大于5个字节、不超过{limit // 1024 // 1024}MB")
        return bodies.media_body(kind, await self._api.upload(kind, ref, name, data))


KIND: Final = ChannelKind(
    "wecom_robot",
    WecomRobotSettings,
    WecomRobotChannel,
    Capabilities(
        title="企业微信群机器人（消息推送）",
        title_en="WeCom group robot",
        group_hears=Hears.NOTHING,
        group_speaks=Speaks.FREELY,
        private_hears=False,
        private_speaks=Speaks.NEVER,
        residents=False,
        limits="每群每分钟20条，只限内部群",
        limits_en="20 a minute a group, internal groups only",
    ),
)
