"""An Official Account 公众号: followers write to it privately, the reply travels in the response.

The platform waits five seconds and brings a message up to three times; whatever is not in that
response needs the right to customer-service messages (`customer_service`). Without it, words wait
in the ledger and ride along with the reply to that person's next message.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from typing import Final

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.line import is_safe_base
from bot.channels.official_api import OfficialApi
from bot.channels.official_media import OfficialMedia
from bot.channels.probing import probed
from bot.channels.wechat_callbacks import (
    attachments_of,
    identity_of,
    instant_of,
    menu_of,
    required,
    seal_of,
    sender_of,
)
from bot.channels.wecom_crypto import CallbackCrypto, check_age, decode_key
from bot.channels.wecom_xml import WecomMessage, parse_envelope, parse_message, write_xml
from bot.errors import BadCallback, ConfigError, SendDeferred, SendError, SendRefused, SendUncertain
from bot.language.splitting import numbered, split_text
from bot.models import Attachment, Carries, Finding, Grade, Incoming, Outgoing
from bot.ports import Answer, CallbackRequest, Clock, Fetched, Rate

TEXT_BYTES: Final = 2048
RIDE_SECONDS: Final = 6 * 3600.0
NOTHING: Final = b"success"
_CUT: Final = "\n（后面还有，太长了，请向社区要全文。）"


class OfficialAccountSettings(
    ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the operator copies from mp.weixin.qq.com.

    Without `encoding_aes_key` the account is in plain mode, where the platform signs no body.
    """

    app_id: str
    token: str
    encoding_aes_key: str = ""
    secret: str = ""
    customer_service: bool = False
    base_url: str = "https://api.weixin.qq.com"

    def __repr__(self) -> str:
        return f"OfficialAccountSettings(app_id={self.app_id!r})"

    def faults(self, full: str = "channels.official_account.*") -> list[str]:
        """What is wrong, one Chinese sentence each."""
        found = []
        for name in ("app_id", "token", "encoding_aes_key", "secret"):
            value = getattr(self, name)
            if not value and name in {"app_id", "token"}:
                found.append(f"设置「{full}.{name}」没有填，请从公众平台「设置与开发」里复制。")
            elif value != "".join(value.split()):
                found.append(f"设置「{full}.{name}」里有空格或换行，请重新复制，不要多选。")
        if self.customer_service and not self.secret:
            found.append(
                f"设置「{full}.secret」没有填，开了 customer_service 就要 AppSecret，"
                "请从公众平台「设置与开发」里复制。"
            )
        if not is_safe_base(self.base_url):
            found.append(
                f"设置「{full}.base_url」的值是「{self.base_url}」，应以 https:// 开头，"
                "不走代理就删掉这一行。"
            )
        if self.encoding_aes_key and not any("encoding_aes_key" in fault for fault in found):
            found += _key_faults(f"{full}.encoding_aes_key", self.encoding_aes_key)
        return found

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=TEXT_BYTES)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.token, self.encoding_aes_key)


class OfficialAccountChannel:
    """One account as a callback channel that answers. Raises `ConfigError` for wrong settings."""

    def __init__(self, name: str, settings: OfficialAccountSettings, clock: Clock) -> None:
        faults = settings.faults()
        if faults:
            raise ConfigError(faults)
        self.name = name
        self.rate: Rate | tuple[Rate, ...] | None = None
        self.rides_along = not settings.customer_service
        self._settings = settings
        self._clock = clock
        self._crypto = (
            CallbackCrypto(settings.token, settings.encoding_aes_key, settings.app_id, clock=clock)
            if settings.encoding_aes_key
            else None
        )
        self.api = OfficialApi(settings.base_url, settings.app_id, settings.secret)
        self._media = OfficialMedia(self.api)

    async def start(self) -> None:
        """Open what sending needs."""
        await self.api.open()
        await self._media.open()

    async def stop(self) -> None:
        """Close it again."""
        await self.api.close()
        await self._media.close()

    def verify(self, request: CallbackRequest) -> str:
        """The `echostr` as it came, once its signature is right. Raises `BadCallback`."""
        self._check_plain(request)
        return required(request, "echostr")

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a request; None for what is only acknowledged. Raises `BadCallback`."""
        xml = self._opened(request)
        message = parse_message(xml)
        sender, sent_at = sender_of(message.fields), instant_of(message.fields)
        kind, text = meaning_of(message)
        if not kind:
            return None
        return Incoming(
            channel=self.name,
            chat="",
            sender=sender,
            message_id=identity_of(message, xml),
            text=text,
            sent_at=sent_at,
            mentioned=True,
            kind=kind,
            attachments=attachments_of(message),
            reply_token=message.fields.get("ToUserName", "")[:128],
            answerable=True,
        )

    def answer(
        self, request: CallbackRequest, incoming: Incoming | None, said: Sequence[Outgoing]
    ) -> Answer:
        """As many of the replies as one passive message holds, else `success`."""
        if incoming is None or not said:
            return Answer(NOTHING)
        rows, text = fitting(said, cut=self.rides_along)
        if not rows:
            return Answer(NOTHING)
        xml = write_xml(
            {
                "ToUserName": incoming.sender,
                "FromUserName": incoming.reply_token,
                "CreateTime": str(int(self._clock.now().timestamp())),
                "MsgType": "text",
                "Content": text,
            }
        )
        body = xml if self._crypto is None else self._sealed(xml, self._crypto)
        return Answer(body.encode(), "text/xml", tuple(row.id for row in rows))

    async def send(self, outgoing: Outgoing) -> str:
        """A customer-service message, where the account may send such.

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`.
        """
        if outgoing.chat or not outgoing.user:
            raise SendRefused("公众号没有群，只能回复关注的人")
        if not self._settings.customer_service:
            raise SendDeferred("公众号不能主动说话，等他下次来说话时一起带上", after=RIDE_SECONDS)
        parts = numbered(outgoing.text.encode("utf-8", "replace").decode(), TEXT_BYTES)
        if not parts:
            raise SendRefused("消息内容是空的")
        for number, part in enumerate(parts, start=1):
            body = {"touser": outgoing.user, "msgtype": "text", "text": {"content": part}}
            try:
                await self.api.post("message/custom/send", body)
            except SendError as error:
                if number == 1:
                    raise
                reason = f"共{len(parts)}段，第{number}段起没有确认送达：{error}"
                raise SendUncertain(reason) from None
        return ""

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """What somebody sent, from the platform's own hosts only."""
        return await self._media.fetch(attachment, limit)

    async def push_menu(self, words: Sequence[str]) -> None:
        """One button a word; a click says it. Raises a `SendError`."""
        if not self._settings.secret:
            raise SendRefused("推菜单要 AppSecret，请填 secret")
        await self.api.post("menu/create", menu_of(words))

    async def probe(self) -> list[Finding]:
        """The token, and whether the platform takes calls from here."""
        found = []
        if self._crypto is None:
            found.append(
                Finding(
                    Grade.WARN,
                    self.name,
                    "用的是明文模式，内容没有签名，请在公众平台改成安全模式，"
                    "再填 encoding_aes_key。",
                )
            )
        if not self._settings.secret:
            return [*found, Finding(Grade.OK, self.name, "没有填 secret，只回话，不调用接口。")]
        return found + await probed(self.name, self.api.line, self._ask)

    async def _ask(self) -> str:
        networks = await self.api.callback_addresses()
        return f"密钥和 IP 白名单都对；平台从 {len(networks)} 个地址回调，防火墙要放行。"

    def rehearsal(self) -> tuple[CallbackRequest, str]:
        """The platform's URL check as it would come, and its right answer."""
        words, nonce = secrets.token_hex(8), secrets.token_hex(8)
        stamp = str(int(self._clock.now().timestamp()))
        signature = self._signature(stamp, nonce)
        query = {"signature": signature, "timestamp": stamp, "nonce": nonce, "echostr": words}
        return CallbackRequest(query), words

    def _opened(self, request: CallbackRequest) -> str:
        """The XML that can be trusted. With a key, only what was encrypted: the rest of the body
        is signed by nobody, also where the platform sends both (compatible mode)."""
        if self._crypto is None:
            self._check_plain(request)
            return _text(request.body)
        return self._crypto.decrypt(*seal_of(request), parse_envelope(request.body))

    def _check_plain(self, request: CallbackRequest) -> None:
        timestamp = required(request, "timestamp")
        expected = self._signature(timestamp, required(request, "nonce"))
        given = required(request, "signature").encode("utf-8", "surrogatepass")
        if not hmac.compare_digest(expected.encode(), given):
            raise BadCallback("签名不对")
        check_age(timestamp, self._clock)

    def _signature(self, timestamp: str, nonce: str) -> str:
        parts = "".join(sorted((self._settings.token, timestamp, nonce)))
        octets = parts.encode("utf-8", "surrogatepass")
        return hashlib.sha1(octets, usedforsecurity=False).hexdigest()

    def _sealed(self, xml: str, crypto: CallbackCrypto) -> str:
        timestamp, nonce = str(int(self._clock.now().timestamp())), secrets.token_hex(8)
        sealed = crypto.encrypt(xml, timestamp, nonce)
        return write_xml(
            {
                "Encrypt": sealed.encrypt,
                "MsgSignature": sealed.signature,
                "TimeStamp": timestamp,
                "Nonce": nonce,
            }
        )


def meaning_of(message: WecomMessage) -> tuple[str, str]:
    """Kind and words of a message; an empty kind for what is only acknowledged."""
    if not message.is_event:
        heard = message.fields.get("Recognition", "").strip() if message.type == "voice" else ""
        return message.type, heard or message.text
    event = message.fields.get("Event", "").lower()
    key = message.fields.get("EventKey", "")
    match event:
        case "subscribe":
            return "event:subscribe", ""
        case "scan":  # somebody who follows already came by a QR code
            return "event:enter_agent", ""
        case "click" if key.strip():  # our menus carry the command itself
            return "click", key
    return "", ""


def fitting(said: Sequence[Outgoing], *, cut: bool) -> tuple[list[Outgoing], str]:
    """The first rows that fit into one message together, and that message.

    A row that is too long alone is `cut` where nothing else could bring the rest.
    """
    rows: list[Outgoing] = []
    text = ""
    for row in said:
        longer = f"{text}\n\n{row.text}".strip()
        if len(longer.encode("utf-8", "replace")) > TEXT_BYTES:
            break
        rows.append(row)
        text = longer
    if not rows and cut:
        room = TEXT_BYTES - len(_CUT.encode())
        return [said[0]], split_text(said[0].text, room)[0] + _CUT
    return rows, text.encode("utf-8", "replace").decode()


def _text(body: bytes) -> str:
    if len(body) > 64 * 1024:
        raise BadCallback("请求体太大", 413)
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise BadCallback("请求体不是 UTF-8", 400) from None


def _key_faults(full: str, key: str) -> list[str]:
    try:
        decode_key(key)
    except ConfigError as error:
        return [
            f"设置「{full}」不对：{fault.replace('企业微信后台', '公众平台')}"
            for fault in error.faults
        ]
    return []


KIND: Final = ChannelKind(
    "official_account",
    OfficialAccountSettings,
    OfficialAccountChannel,
    Capabilities(
        title="微信公众号",
        title_en="WeChat Official Account",
        group_hears=Hears.NOTHING,
        group_speaks=Speaks.NEVER,
        private_hears=True,
        private_speaks=Speaks.AFTER_TALK,
        residents=True,
        limits="5秒内回一条；认证号另有客服消息，他说话后48小时内几条",
        limits_en="one reply within 5 s; verified accounts also a few within 48 h of a message",
    ),
)
