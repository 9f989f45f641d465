"""WeChatFerry through wcfhttp: an unofficial hook into WeChat 3.9 for Windows, no longer cared for.

It posts to `/callback/wcferry/NAME/SECRET`: nothing is signed, so the address is the secret. Its
own API answers anybody who can reach it, so it must listen on loopback only.
Source: PyPI wcferry 39.6, wcfhttp 39.0.10.
"""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import Struct

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.guards import near_faults, read_json, require_path_secret, secret_faults
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.line import Call, Line
from bot.channels.onebot_channel import PERSONAL_RATE, fresh, is_id
from bot.channels.parts import say_in_parts
from bot.errors import BadCallback, ConfigError, SendRefused
from bot.models import Carries, Incoming, Outgoing
from bot.ports import CallbackRequest, Clock, Rate

TEXT_LIMIT_BYTES: Final = 2000
_TEXT: Final = 1
_ROOM: Final = "@chatroom"


class WcferrySettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator writes here; the secret goes into the address after `--cb`."""

    secret: str
    api_url: str = "http://127.0.0.1:9999"

    def __repr__(self) -> str:
        return f"WcferrySettings(api_url={self.api_url!r})"

    def faults(self, full: str) -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        found = secret_faults(f"{full}.secret", self.secret)
        return found + near_faults(f"{full}.api_url", self.api_url, "http://127.0.0.1:9999")

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=TEXT_LIMIT_BYTES)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret,)


class Message(Struct, frozen=True):
    """A posted message, as far as it matters here."""

    id: int | str
    type: int
    sender: str
    content: str
    roomid: str = ""
    ts: int = 0
    is_at: bool = False
    is_self: bool = False


class Sent(Struct, frozen=True):
    """The answer to a send: 0 is well."""

    status: int


class WcferryChannel:
    """One logged-in account. Raises `ConfigError` for wrong settings."""

    def __init__(self, name: str, settings: WcferrySettings, clock: Clock) -> None:
        faults = settings.faults(f"channels.{name.replace('/', '.')}")
        if faults:
            raise ConfigError(faults)
        self.name = name
        self.rate: Rate | None = PERSONAL_RATE
        self._settings = settings
        self._clock = clock
        self._line = Line(settings.api_url, "wcfhttp")

    async def start(self) -> None:
        """Open what sending needs."""
        await self._line.open()

    async def stop(self) -> None:
        """Close it again."""
        await self._line.close()

    def verify(self, request: CallbackRequest) -> str:
        """The client knows no URL check."""
        raise BadCallback("wcfhttp 不用 GET", 405)

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a request; None for what is no text of somebody else's."""
        require_path_secret(request.tail, self._settings.secret)
        message = read_json(request.body, Message)
        if message.type != _TEXT or message.is_self:
            return None
        if message.roomid and not message.roomid.endswith(_ROOM):
            raise BadCallback("群号不合格", 400)
        if not is_id(message.sender) or not is_id(f"{message.roomid}-"):
            raise BadCallback("消息没有合格的账号", 400)
        return Incoming(
            channel=self.name,
            chat=message.roomid,
            sender=message.sender,
            message_id=str(message.id),
            text=message.content,
            sent_at=fresh(message.ts, self._clock) if message.ts else self._clock.now(),
            mentioned=message.is_at,
        )

    async def send(self, outgoing: Outgoing) -> str:
        """Say it in a group or to one person. The platform gives no id."""
        receiver = outgoing.chat or outgoing.user
        if not receiver:
            raise SendRefused("没有收信人")

        async def say(part: str) -> str:
            body = msgspec.json.encode({"msg": part, "receiver": receiver, "aters": ""})
            sent = await self._line.ask(Call("POST", "text", {}, body=body), Sent)
            if sent.status != 0:
                raise SendRefused(f"wcfhttp 没有发出去（{sent.status}）")
            return ""

        return await say_in_parts(outgoing.text, TEXT_LIMIT_BYTES, say)


CAPABILITIES: Final = Capabilities(
    title="WeChatFerry 网桥",
    title_en="WeChatFerry bridge",
    group_hears=Hears.EVERYTHING,
    group_speaks=Speaks.FREELY,
    private_hears=True,
    private_speaks=Speaks.FREELY,
    residents=True,
    official=False,
    limits="挂钩旧版 Windows 微信，作者已停止维护，账号随时可能被封；每分钟最多 20 条",
    limits_en="A hook into an old WeChat for Windows, unmaintained, risks a ban; 20 a minute",
)
KIND: Final = ChannelKind("wcferry", WcferrySettings, WcferryChannel, CAPABILITIES)
