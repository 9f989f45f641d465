"""OneBot v11: an unofficial client of a personal messenger, by HTTP or by its WebSocket to us.

The only quick operation that is ever used is `reply`.
Source: botuniverse/onebot-11 d4456ee.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.guards import bearer, near_faults, same
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.onebot_channel import TEXT_LIMIT_BYTES, OnebotChannel, fresh, is_id
from bot.channels.onebot_message import Segment, understand
from bot.channels.onebot_wire import Result, Wire, host_of
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Carries, File, Image, Incoming, Outgoing
from bot.ports import Answer, CallbackRequest, Clock

_DIGITS: Final = 19
_TIRED: Final = frozenset({-1, 429, 1429})


class Onebot11Settings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator writes here and into the client's settings."""

    secret: str = ""
    access_token: str = ""
    api_url: str = ""
    media_hosts: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Onebot11Settings(api_url={self.api_url!r})"

    def faults(self, full: str) -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        found = []
        if not self.secret and not self.access_token:
            found.append(
                f"设置「{full}.secret」和「{full}.access_token」都没有填，谁都能冒充客户端，"
                "请至少填一个，和 OneBot 客户端里写的一样。"
            )
        if self.api_url:
            found += near_faults(f"{full}.api_url", self.api_url, "http://127.0.0.1:5700")
        return found

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=TEXT_LIMIT_BYTES, pictures=True)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.access_token)


class Sender(Struct):
    """Who spoke, as the client knows them."""

    nickname: str | None = ""
    card: str | None = ""


class Event(Struct):
    """An event, as far as it matters here."""

    time: int
    self_id: int | str
    post_type: str
    message_type: str = ""
    sub_type: str = ""
    message_id: int | str = ""
    user_id: int | str = ""
    group_id: int | str = ""
    group_name: str | None = None
    anonymous: Any = None
    message: list[Segment] | str = ""
    sender: Sender = field(default_factory=Sender)


class Onebot11Channel(OnebotChannel[Event]):
    """One client. Raises `ConfigError` for wrong settings."""

    event = Event

    def __init__(self, name: str, settings: Onebot11Settings, clock: Clock) -> None:
        faults = settings.faults(f"channels.{name.replace('/', '.')}")
        if faults:
            raise ConfigError(faults)
        wire = Wire(settings.api_url, settings.access_token, by_path=True)
        super().__init__(name, clock, wire, [*settings.media_hosts, host_of(settings.api_url)])
        self._settings = settings

    def answer(
        self, request: CallbackRequest, incoming: Incoming | None, said: Sequence[Outgoing]
    ) -> Answer:
        """All replies as one quick operation: it can carry no more."""
        if not said:
            return Answer()
        quick = {
            "reply": "\n".join(row.text for row in said),
            "auto_escape": True,
            "at_sender": False,
        }
        carried = tuple(row.id for row in said)
        return Answer(msgspec.json.encode(quick), "application/json", carried)

    def admit(self, request: CallbackRequest) -> str:
        """Who connects must know the access token. Raises `BadCallback`."""
        if not same(bearer(request.headers, request.query), self._settings.access_token):
            raise BadCallback("access_token 不对", 401)
        if not request.headers.get("X-Self-ID"):
            raise BadCallback("没有 X-Self-ID", 400)
        return ""

    def takes_calls(self, request: CallbackRequest) -> bool:
        """A client may open two connections: this one, or that for events only."""
        return request.headers.get("X-Client-Role", "").lower() != "event"

    async def say(self, outgoing: Outgoing, part: str) -> str:
        """As segments: nothing in a text can become a code. Raises a `SendError`."""
        message = [{"type": "at", "data": {"qq": user}} for user in outgoing.mentions]
        message.append({"type": "text", "data": {"text": part}})
        return await self._post(outgoing, message)

    async def show(self, outgoing: Outgoing, rich: Image | File) -> str:
        """A picture by its bytes (github.com/botuniverse/onebot-11, message/segment.md). The
        standard has no way to send a file."""
        data = await self.files.read(rich.ref)
        coded = f"base64://{base64.b64encode(data).decode()}"
        return await self._post(outgoing, [{"type": "image", "data": {"file": coded}}])

    async def _post(self, outgoing: Outgoing, message: list[dict[str, Any]]) -> str:
        params: dict[str, Any] = {"message": message, "auto_escape": True}
        if outgoing.chat:
            action, params["group_id"] = "send_group_msg", _number(outgoing.chat)
        else:
            action, params["user_id"] = "send_private_msg", _number(outgoing.user)
        return _message_id(await self.wire.call(action, params, {}))

    def check_post(self, request: CallbackRequest) -> None:
        """By the HMAC of the body, or by the token where no secret is set."""
        secret = self._settings.secret
        if secret:
            digest = hmac.new(secret.encode(), request.body, hashlib.sha1).hexdigest()
            if not same(request.headers.get("X-Signature", ""), f"sha1={digest}"):
                raise BadCallback("签名不对")
        elif not same(bearer(request.headers, request.query), self._settings.access_token):
            raise BadCallback("access_token 不对", 401)

    def read(self, event: Event) -> Incoming | None:
        """A message; None for meta events, notices, requests, and what bots say."""
        speaker = str(event.user_id)
        if event.post_type != "message" or not self._is_person(event, speaker):
            return None
        if not is_id(speaker) or not is_id(f"{event.group_id}-"):
            raise BadCallback("消息没有合格的账号", 400)
        if event.message_type == "group" and str(event.group_id) in {"", "0"}:
            raise BadCallback("群消息没有群号", 400)
        said = understand(event.message, str(event.self_id))
        return Incoming(
            channel=self.name,
            chat=str(event.group_id) if event.message_type == "group" else "",
            chat_name=event.group_name or "",
            sender=speaker,
            sender_name=event.sender.card or event.sender.nickname or "",
            # The numbers are 32 bits and come around again.
            message_id=f"{event.time}-{event.message_id}",
            text=said.text,
            sent_at=fresh(event.time, self.clock),
            mentioned=said.mentioned,
            kind=said.kind,
            attachments=said.attachments,
        )

    def _is_person(self, event: Event, speaker: str) -> bool:
        if event.message_type not in {"group", "private"} or event.anonymous is not None:
            return False
        is_notice = event.message_type == "group" and event.sub_type in {"anonymous", "notice"}
        return not is_notice and speaker not in {str(event.self_id), *self._settings.ignore}


def _number(identity: str) -> int | str:
    """As the standard has it, a 64-bit number; some clients have other ids."""
    is_number = identity.isascii() and identity.isdecimal() and len(identity) < _DIGITS
    return int(identity) if is_number else identity


def _message_id(result: Result) -> str:
    if result.status == "ok" and result.retcode == 0:
        data = result.data if isinstance(result.data, dict) else {}
        return str(data.get("message_id", ""))
    if result.status == "async":
        raise SendUncertain("OneBot 收下了，没有说发没发出去")
    if result.retcode in _TIRED:
        raise SendDeferred(f"OneBot 请稍后再发（{result.retcode}）", after=60.0)
    raise SendRefused(f"OneBot 拒绝了这条消息（{result.retcode}）")


CAPABILITIES: Final = Capabilities(
    title="OneBot v11 网桥",
    title_en="OneBot v11 bridge",
    group_hears=Hears.EVERYTHING,
    group_speaks=Speaks.FREELY,
    private_hears=True,
    private_speaks=Speaks.FREELY,
    residents=True,
    official=False,
    limits="要非官方客户端，账号随时可能被封；每分钟最多 20 条，条与条之间停顿",
    limits_en="An unofficial client, the account may be banned any day; 20 a minute, with pauses",
)
KIND: Final = ChannelKind("onebot11", Onebot11Settings, Onebot11Channel, CAPABILITIES)
