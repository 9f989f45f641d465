"""The signed webhook: our own channel for anything that can post JSON.

Messages come to `/callback/webhook/NAME`, what the bot says goes to one fixed address, both signed
as Standard Webhooks. The shapes stand in `docs/reference/webhook.openapi.yaml`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct, field

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.guards import near_faults, read_json
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.line import Call, Line
from bot.channels.onebot_wire import fetch_from, host_of
from bot.channels.standard_webhooks import check, decode_secret, sign
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused
from bot.models import Attachment, Incoming, MediaKind, Outgoing
from bot.ports import CallbackRequest, Clock, Fetched, Rate

WEBHOOK_RATE: Final = Rate(60, 60.0)
MAX_ID: Final = 128
MAX_TEXT: Final = 20_000
MAX_ATTACHMENTS: Final = 9
_ALREADY: Final = 409
_SLOW_DOWN: Final = 429


class WebhookSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The secret is shared by both directions; `callback_url` is where the bot's words go."""

    secret: str
    callback_url: str
    media_hosts: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"WebhookSettings(callback_url={self.callback_url!r})"

    def faults(self, full: str) -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        found = []
        if decode_secret(self.secret) is None:
            found.append(
                f"设置「{full}.secret」不对，应是 whsec_ 加至少24字节的 base64，"
                "请用 echo whsec_$(openssl rand -base64 32) 生成。"
            )
        example = "https://example.com/haitang"
        return found + near_faults(f"{full}.callback_url", self.callback_url, example)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.secret.removeprefix("whsec_"))


class File(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that came along, at an address on one of the permitted hosts."""

    kind: Literal["image", "file", "voice", "video"]
    url: str
    name: str = ""


class Said(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message as it is posted to us. `chat` empty or absent: private."""

    sender: str
    text: str
    chat: str = ""
    chat_name: str = ""
    sender_name: str = ""
    sent_at: datetime | None = None
    mentioned: bool = False
    attachments: list[File] = field(default_factory=list)


class Says(Struct, frozen=True, kw_only=True):
    """What the bot says, as it is posted to the callback address. `chat` or `user` is empty."""

    id: str
    chat: str
    user: str
    text: str
    kind: str
    mentions: tuple[str, ...]


class WebhookChannel:
    """One peer. Raises `ConfigError` for wrong settings."""

    def __init__(self, name: str, settings: WebhookSettings, clock: Clock) -> None:
        faults = settings.faults(f"channels.{name.replace('/', '.')}")
        key = decode_secret(settings.secret)
        if faults or key is None:
            raise ConfigError(faults)
        self.name = name
        self.rate: Rate | None = WEBHOOK_RATE
        self._key = key
        self._clock = clock
        parts = urlsplit(settings.callback_url)
        self._line = Line(f"{parts.scheme}://{parts.netloc}", "对方")
        self._path = parts.path.lstrip("/")
        hosts = [*settings.media_hosts, host_of(settings.callback_url)]
        self._hosts = frozenset(host.lower() for host in hosts if host)

    async def start(self) -> None:
        """Open what sending needs."""
        await self._line.open()

    async def stop(self) -> None:
        """Close it again."""
        await self._line.close()

    def verify(self, request: CallbackRequest) -> str:
        """There is no URL check."""
        raise BadCallback("请用 POST", 405)

    def parse(self, request: CallbackRequest) -> Incoming:
        """A message whose signature, age and shape are right. Raises `BadCallback`.

        `webhook-id` is the idempotency key: the same one again is acknowledged and does nothing.
        """
        now = self._clock.now()
        message_id = check(self._key, request.headers, request.body, now)
        said = read_json(request.body, Said)
        _check_shape(said)
        return Incoming(
            channel=self.name,
            chat=said.chat,
            chat_name=said.chat_name,
            sender=said.sender,
            sender_name=said.sender_name,
            message_id=message_id,
            text=said.text,
            sent_at=said.sent_at or now,
            mentioned=said.mentioned,
            kind="text" if said.text or not said.attachments else said.attachments[0].kind,
            attachments=tuple(
                Attachment(kind=MediaKind(file.kind), ref=file.url, name=file.name)
                for file in said.attachments
            ),
        )

    async def send(self, outgoing: Outgoing) -> str:
        """Post it, signed; the row's id is the idempotency key, so a lost answer is tried again."""
        body = msgspec.json.encode(
            Says(
                id=outgoing.id,
                chat=outgoing.chat,
                user=outgoing.user,
                text=outgoing.text.encode("utf-8", "replace").decode(),
                kind=outgoing.kind,
                mentions=outgoing.mentions,
            )
        )
        headers = sign(self._key, outgoing.id, self._clock.now(), body)
        call = Call("POST", self._path, {}, lost=SendDeferred, body=body, headers=headers)
        reply = await self._line.exchange(call)
        if 200 <= reply.status < 300 or reply.status == _ALREADY:
            return outgoing.id
        if reply.status == _SLOW_DOWN or reply.status >= 500:
            raise SendDeferred(f"对方返回 HTTP {reply.status}")
        raise SendRefused(f"对方拒绝了这条消息（HTTP {reply.status}）")

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """From a permitted host only. Raises `SendRefused` or `SendDeferred`."""
        return await fetch_from(attachment.ref, self._hosts, limit)


def _check_shape(said: Said) -> None:
    """Bounds that the types do not say. Raises `BadCallback`."""
    if not said.sender.strip() or len(said.sender) > MAX_ID or len(said.chat) > MAX_ID:
        raise BadCallback("sender 是空的，或 sender、chat 太长", 400)
    if len(said.text) > MAX_TEXT or len(said.attachments) > MAX_ATTACHMENTS:
        raise BadCallback("text 或 attachments 太长", 413)
    if said.sent_at is not None and said.sent_at.tzinfo is None:
        raise BadCallback("sent_at 没有时区", 400)


CAPABILITIES: Final = Capabilities(
    title="签名 webhook",
    title_en="Signed webhook",
    group_hears=Hears.EVERYTHING,
    group_speaks=Speaks.FREELY,
    private_hears=True,
    private_speaks=Speaks.FREELY,
    residents=True,
    official=True,
    limits="能做什么看对方那一头；每个会话每分钟最多 60 条",
    limits_en="What it can do is up to the other side; 60 a minute a chat",
)
KIND: Final = ChannelKind("webhook", WebhookSettings, WebhookChannel, CAPABILITIES)
