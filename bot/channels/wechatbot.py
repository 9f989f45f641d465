"""wechatbot-webhook: an unofficial web client of personal WeChat that posts forms to us.

It posts to `/callback/wechatbot/NAME/SECRET`: nothing is signed, so the address is the secret.
There are no message ids and its own ids change at each login, so messages are known by a hash,
groups by their topic and people by the remark that the account's owner gave them, else by their
nickname.
Source: danni-cool/wechatbot-webhook fcd7b47.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

import msgspec
import structlog
from msgspec import Struct, field

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.guards import near_faults, read_json, require_path_secret, secret_faults
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.line import Call, Line
from bot.channels.multipart import Part, read_form
from bot.channels.onebot_channel import PERSONAL_RATE
from bot.channels.parts import say_in_parts
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Carries, Incoming, Outgoing
from bot.ports import CallbackRequest, Clock, Rate, Trouble

log = structlog.get_logger()

TEXT_LIMIT_BYTES: Final = 2000
WINDOW_SECONDS: Final = 60.0
REMARK: Final = "备注:"
NICKNAME: Final = "昵称:"
_MAX_NAME: Final = 100
_MAX_RECENT: Final = 10_000
_SYSTEM: Final = "system_event_"
_LOGIN: Final = "system_event_login"
_ALARMS: Final = frozenset({"system_event_logout", "system_event_error"})


class WechatbotSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator writes here and into the client's environment."""

    secret: str
    token: str
    api_url: str = "http://127.0.0.1:3001"

    def __repr__(self) -> str:
        return f"WechatbotSettings(api_url={self.api_url!r})"

    def faults(self, full: str) -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        found = secret_faults(f"{full}.secret", self.secret)
        if not self.token:
            found.append(f"设置「{full}.token」没有填，请抄 wechatbot-webhook 启动时打印的 token。")
        return found + near_faults(f"{full}.api_url", self.api_url, "http://127.0.0.1:3001")

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=TEXT_LIMIT_BYTES)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.token)


class Payload(Struct, frozen=True):
    """What is known of a person or a group."""

    topic: str = ""
    name: str = ""
    alias: str = ""


class Party(Struct, frozen=True):
    """A person or a group; its id is good for one login only."""

    topic: str = ""
    payload: Payload = field(default_factory=Payload)

    @property
    def group(self) -> str:
        """The group's topic."""
        return self.payload.topic or self.topic


class Source(Struct, frozen=True):
    """Where a message comes from. Absent parties are `""` in the documents and `{}` in fact."""

    room: Party | str = ""
    sender: Party | str = field(default="", name="from")


class Task(Struct, frozen=True):
    """What became of the items of a send, in the platform's spelling."""

    failedCount: int = 0
    notFound: list[Any] = field(default_factory=list)


class Sent(Struct, frozen=True):
    """The answer to a send; `success` is also said of a half one."""

    success: bool = False
    task: Task = field(default_factory=Task)


class Echoes:
    """Tells a second delivery of the same form from somebody who says the same thing again.

    The first delivery fixes the minute that goes into the id; what comes within a minute after it
    gets the same one. After a restart the calendar's minute stands in.
    """

    def __init__(self) -> None:
        self._first: dict[str, float] = {}

    def name(self, digest: str, now: float) -> str:
        """The id of a message with this content that came now (seconds)."""
        first = self._first.get(digest)
        if first is None or not 0 <= now - first < WINDOW_SECONDS:
            self._forget(now)
            first = self._first[digest] = now
        return f"{digest}-{int(first // WINDOW_SECONDS)}"

    def _forget(self, now: float) -> None:
        if len(self._first) >= _MAX_RECENT:
            self._first = {k: at for k, at in self._first.items() if now - at < WINDOW_SECONDS}


class WechatbotChannel:
    """One logged-in account. Raises `ConfigError` for wrong settings."""

    def __init__(self, name: str, settings: WechatbotSettings, clock: Clock) -> None:
        faults = settings.faults(f"channels.{name.replace('/', '.')}")
        if faults:
            raise ConfigError(faults)
        self.name = name
        self.rate: Rate | None = PERSONAL_RATE
        self._settings = settings
        self._clock = clock
        self._line = Line(settings.api_url, "wechatbot-webhook")
        self._echoes = Echoes()
        self._in_trouble = False
        self.on_trouble: Callable[[Trouble], None] = lambda trouble: None
        self.on_connected: Callable[[bool], None] = lambda connected: None
        self.on_refused: Callable[[], None] = lambda: None

    async def start(self) -> None:
        """Open what sending needs."""
        await self._line.open()

    async def stop(self) -> None:
        """Close it again."""
        await self._line.close()

    def resume(self) -> None:
        """The login is the client's affair; the next loss of it is told again."""
        self._in_trouble = False

    def verify(self, request: CallbackRequest) -> str:
        """The client knows no URL check."""
        raise BadCallback("wechatbot-webhook 不用 GET", 405)

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a form; None for what is only noted. Raises `BadCallback`.

        The response stays empty whatever it was: `success` would accept a friend request.
        """
        require_path_secret(request.tail, self._settings.secret)
        form = read_form(request.headers.get("Content-Type", ""), request.body)
        kind = _text(form, "type")
        if kind.startswith(_SYSTEM):
            self._note(kind)
            return None
        self._is_up()
        if kind not in {"text", "file", "urlLink"} or _text(form, "isMsgFromSelf", "0") == "1":
            return None
        return self._message(kind, form)

    async def send(self, outgoing: Outgoing) -> str:
        """Say it in a group by its topic, or to one person by remark or nickname."""
        receiver = _receiver(outgoing)

        async def say(part: str) -> str:
            await self._say({**receiver, "data": {"type": "text", "content": part}})
            return ""

        return await say_in_parts(outgoing.text, TEXT_LIMIT_BYTES, say)

    async def _say(self, item: dict[str, Any]) -> None:
        query = {"token": self._settings.token}
        call = Call("POST", "webhook/msg/v2", query, body=msgspec.json.encode(item))
        reply = await self._line.exchange(call)
        if reply.status == 401:
            raise SendRefused("wechatbot-webhook 说 token 不对")
        if reply.status != 200:
            raise SendDeferred(f"wechatbot-webhook 返回 HTTP {reply.status}")
        try:
            sent = msgspec.json.decode(reply.body, type=Sent)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise SendUncertain("wechatbot-webhook 的回答看不懂") from None
        if sent.task.notFound:
            raise SendRefused("微信里找不到这个群或人，可能改了名，或有重名")
        if not sent.success or sent.task.failedCount:
            raise SendRefused("wechatbot-webhook 没有发出去，请看它的日志")

    def _message(self, kind: str, form: dict[str, Part]) -> Incoming | None:
        source = read_json(_text(form, "source"), Source)
        room = source.room if isinstance(source.room, Party) else Party()
        sender = source.sender if isinstance(source.sender, Party) else Party()
        in_group = _has_room(_text(form, "source"))
        if in_group and not room.group:
            log.warning("group without a name", channel=self.name)
            return None
        user = _user(sender.payload)
        if not user or len(room.group) > _MAX_NAME:
            raise BadCallback("消息没有合格的发言人或群名", 400)
        text, what = _words(kind, form)
        now = self._clock.now()
        facts = msgspec.json.encode([kind, room.group, user, text, _digest(form["content"].value)])
        return Incoming(
            channel=self.name,
            chat=room.group,
            chat_name=room.group,
            sender=user,
            sender_name=sender.payload.name,
            message_id=self._echoes.name(_digest(facts), now.timestamp()),
            text=text,
            sent_at=now,
            mentioned=_text(form, "isMentioned", "0") == "1",
            kind=what,
        )

    def _note(self, kind: str) -> None:
        if kind == _LOGIN:
            self._is_up()
        if kind not in _ALARMS:
            log.info("bridge says", channel=self.name, happened=kind)
            return
        log.error("bridge is down, please log in again", channel=self.name, happened=kind)
        self.on_connected(False)
        if not self._in_trouble:
            self._in_trouble = True
            self.on_trouble(Trouble.LOGGED_OUT)

    def _is_up(self) -> None:
        self._in_trouble = False
        self.on_connected(True)


def _text(form: dict[str, Part], name: str, default: str | None = None) -> str:
    part = form.get(name)
    if part is None:
        if default is None:
            raise BadCallback(f"表单没有 {name}", 400)
        return default
    return part.text


def _words(kind: str, form: dict[str, Part]) -> tuple[str, str]:
    """What to read, and what kind of thing it is."""
    content = form.get("content")
    if content is None:
        raise BadCallback("表单没有 content", 400)
    if kind == "text":
        return content.text, "text"
    if kind == "urlLink":
        link = read_json(content.text, dict[str, Any])
        title = link.get("title")
        return f"[链接]{title if isinstance(title, str) else ''}", "link"
    name = content.filename or ""
    is_picture = name.lower().endswith((".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"))
    return ("[图片]", "image") if is_picture else (f"[文件]{name}", "file")


def _user(payload: Payload) -> str:
    """A remark is the account owner's word, a nickname anybody's."""
    name = f"{REMARK}{payload.alias}" if payload.alias else f"{NICKNAME}{payload.name}"
    is_usable = bool(payload.alias or payload.name) and len(name) <= _MAX_NAME
    return name if is_usable else ""


def _has_room(source: str) -> bool:
    """Whether a group is named at all, with a topic or not."""
    room = read_json(source, dict[str, Any]).get("room")
    return bool(room)


def _receiver(outgoing: Outgoing) -> dict[str, Any]:
    if outgoing.chat:
        return {"to": outgoing.chat, "isRoom": True}
    if outgoing.user.startswith(REMARK):
        return {"to": {"alias": outgoing.user.removeprefix(REMARK)}, "isRoom": False}
    if outgoing.user.startswith(NICKNAME):
        return {"to": outgoing.user.removeprefix(NICKNAME), "isRoom": False}
    raise SendRefused("收信人要写成「备注:…」或「昵称:…」")


def _digest(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()[:24]


CAPABILITIES: Final = Capabilities(
    title="wechatbot-webhook 网桥",
    title_en="wechatbot-webhook bridge",
    group_hears=Hears.EVERYTHING,
    group_speaks=Speaks.FREELY,
    private_hears=True,
    private_speaks=Speaks.FREELY,
    residents=True,
    official=False,
    limits="网页版微信的非官方客户端，大约两天掉线一次，账号随时可能被封；每分钟最多 20 条",
    limits_en="An unofficial web client, drops out every other day, risks a ban; 20 a minute",
)
KIND: Final = ChannelKind("wechatbot", WechatbotSettings, WechatbotChannel, CAPABILITIES)
