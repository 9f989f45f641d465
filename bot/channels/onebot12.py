"""OneBot v12: as v11, with ids that are strings, events that have ids, and one bearer for all.

Source: botuniverse/onebot d533f0f.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.guards import bearer, near_faults, same
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.onebot_channel import TEXT_LIMIT_BYTES, OnebotChannel, fresh, is_id
from bot.channels.onebot_message import Segment, understand
from bot.channels.onebot_wire import Action, Result, Wire, host_of
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Attachment, Carries, File, Image, Incoming, Outgoing
from bot.ports import Answer, CallbackRequest, Clock, Fetched

_VERSION: Final = "12"
_MOST_CHATS: Final = 4096


class Onebot12Settings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator writes here and into the client's settings."""

    access_token: str
    api_url: str = ""
    media_hosts: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"Onebot12Settings(api_url={self.api_url!r})"

    def faults(self, full: str) -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        found = []
        if not self.access_token:
            found.append(
                f"设置「{full}.access_token」没有填，请写一串随机字符，和 OneBot 客户端里的一样。"
            )
        if self.api_url:
            found += near_faults(f"{full}.api_url", self.api_url, "http://127.0.0.1:6700")
        return found

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=TEXT_LIMIT_BYTES, pictures=True, files=True)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.access_token,)


class Own(Struct, frozen=True):
    """The account that an event is about."""

    platform: str = ""
    user_id: str = ""


class Event(Struct):
    """An event, as far as it matters here."""

    id: str
    time: float
    type: str
    detail_type: str
    sub_type: str = ""
    own: Own = field(default_factory=Own, name="self")
    message_id: str = ""
    message: list[Segment] = field(default_factory=list)
    group_id: str = ""
    user_id: str = ""
    user_name: str = field(default="", name="qq.nickname")


class Onebot12Channel(OnebotChannel[Event]):
    """One client. Raises `ConfigError` for wrong settings."""

    event = Event
    shown = (Image, File)

    def __init__(self, name: str, settings: Onebot12Settings, clock: Clock) -> None:
        faults = settings.faults(f"channels.{name.replace('/', '.')}")
        if faults:
            raise ConfigError(faults)
        wire = Wire(settings.api_url, settings.access_token, by_path=False)
        super().__init__(name, clock, wire, [*settings.media_hosts, host_of(settings.api_url)])
        self._settings = settings
        # The account that an action must name when the client has several, by group or person.
        self._owns: dict[str, dict[str, str]] = {}
        self._last: dict[str, str] = {}

    def answer(
        self, request: CallbackRequest, incoming: Incoming | None, said: Sequence[Outgoing]
    ) -> Answer:
        """All replies as a list of actions."""
        if not said:
            return Answer()
        actions = [
            Action("send_message", _params(row, row.text), own=self._own(row)) for row in said
        ]
        carried = tuple(row.id for row in said)
        return Answer(msgspec.json.encode(actions), "application/json", carried)

    def admit(self, request: CallbackRequest) -> str:
        """Who connects must know the token; the subprotocol is `12.IMPL`. Raises `BadCallback`."""
        self.check_post(request)
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        protocols = [each.strip() for each in offered.split(",") if each.strip()]
        ours = [each for each in protocols if each.partition(".")[0] == _VERSION]
        if protocols and not ours:
            raise BadCallback("不是 OneBot 12", 400)
        return ours[0] if ours else ""

    def takes_calls(self, request: CallbackRequest) -> bool:
        """Every connection takes actions."""
        return True

    async def say(self, outgoing: Outgoing, part: str) -> str:
        """Raises a `SendError`."""
        params = _params(outgoing, part)
        return _message_id(await self.wire.call("send_message", params, self._own(outgoing)))

    async def show(self, outgoing: Outgoing, rich: Image | File) -> str:
        """The client takes the bytes first, and is then told to send them. Raises a `SendError`."""
        data = await self.files.read(rich.ref)
        name = rich.name if isinstance(rich, File) else f"{rich.ref[:16]}.jpg"
        params = {"type": "data", "name": name, "data": base64.b64encode(data).decode()}
        try:
            result = await self.wire.call("upload_file", params, self._own(outgoing))
        except SendUncertain:
            raise SendDeferred("OneBot 没有收下文件") from None  # nobody has seen anything yet
        found = result.data if isinstance(result.data, dict) else {}
        if result.status != "ok" or not isinstance(found.get("file_id"), str):
            raise SendRefused(f"OneBot 不收这个文件（{result.retcode}）")
        kind = "file" if isinstance(rich, File) else "image"
        segment = {"type": kind, "data": {"file_id": found["file_id"]}}
        message = {**_where(outgoing), "message": [segment]}
        return _message_id(await self.wire.call("send_message", message, self._own(outgoing)))

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """A file by its id: the client says where it is. Raises `SendRefused`, `SendDeferred`."""
        params = {"file_id": attachment.ref, "type": "url"}
        try:
            result = await self.wire.call("get_file", params, self._last)
        except SendUncertain:
            raise SendDeferred("OneBot 没有说文件在哪里") from None
        data = result.data if isinstance(result.data, dict) else {}
        url = data.get("url")
        if result.status != "ok" or not isinstance(url, str):
            raise SendRefused("OneBot 没有给出这个文件")
        return await super().fetch(msgspec.structs.replace(attachment, ref=url), limit)

    def check_post(self, request: CallbackRequest) -> None:
        """By the token."""
        if not same(bearer(request.headers, request.query), self._settings.access_token):
            raise BadCallback("access_token 不对", 401)
        if request.headers.get("X-OneBot-Version", _VERSION) != _VERSION:
            raise BadCallback("不是 OneBot 12", 400)

    def read(self, event: Event) -> Incoming | None:
        """A message; None for meta events, notices, requests, and what bots say."""
        if event.type != "message" or event.detail_type not in {"group", "private"}:
            return None
        if event.user_id == event.own.user_id or event.user_id in self._settings.ignore:
            return None
        if not is_id(event.id) or not is_id(event.user_id):
            raise BadCallback("消息没有合格的账号或编号", 400)
        if event.detail_type == "group" and not is_id(event.group_id):
            raise BadCallback("群消息没有群号", 400)
        self._remember(event)
        said = understand(event.message, event.own.user_id)
        return Incoming(
            channel=self.name,
            chat=event.group_id if event.detail_type == "group" else "",
            sender=event.user_id,
            sender_name=event.user_name,
            message_id=event.id,
            text=said.text,
            sent_at=fresh(event.time, self.clock),
            mentioned=said.mentioned,
            kind=said.kind,
            attachments=said.attachments,
        )

    def _remember(self, event: Event) -> None:
        if len(self._owns) >= _MOST_CHATS:
            self._owns.clear()
        self._last = {"platform": event.own.platform, "user_id": event.own.user_id}
        self._owns[event.group_id or event.user_id] = self._last

    def _own(self, outgoing: Outgoing) -> dict[str, str]:
        return self._owns.get(outgoing.chat or outgoing.user, self._last)


def _params(outgoing: Outgoing, part: str) -> dict[str, Any]:
    message: list[dict[str, Any]] = [
        {"type": "mention", "data": {"user_id": user}} for user in outgoing.mentions
    ]
    message.append({"type": "text", "data": {"text": part}})
    return {**_where(outgoing), "message": message}


def _where(outgoing: Outgoing) -> dict[str, Any]:
    if outgoing.chat:
        return {"detail_type": "group", "group_id": outgoing.chat}
    return {"detail_type": "private", "user_id": outgoing.user}


def _message_id(result: Result) -> str:
    """Codes: 1xxxx the request, 2xxxx the handler, 3xxxx while doing it, 36xxx 'I am tired'."""
    if result.status == "ok" and result.retcode == 0:
        data = result.data if isinstance(result.data, dict) else {}
        return str(data.get("message_id", ""))
    match result.retcode // 1000:
        case 36:
            raise SendDeferred(f"OneBot 请稍后再发（{result.retcode}）", after=60.0)
        case 33 | 34:
            raise SendUncertain(f"OneBot 与平台之间出错（{result.retcode}）")
        case _:
            raise SendRefused(f"OneBot 拒绝了这条消息（{result.retcode}）")


CAPABILITIES: Final = Capabilities(
    title="OneBot v12 网桥",
    title_en="OneBot v12 bridge",
    group_hears=Hears.EVERYTHING,
    group_speaks=Speaks.FREELY,
    private_hears=True,
    private_speaks=Speaks.FREELY,
    residents=True,
    official=False,
    limits="要非官方客户端，账号随时可能被封；每分钟最多 20 条，条与条之间停顿",
    limits_en="An unofficial client, the account may be banned any day; 20 a minute, with pauses",
)
KIND: Final = ChannelKind("onebot12", Onebot12Settings, Onebot12Channel, CAPABILITIES)
