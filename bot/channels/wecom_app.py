"""The WeCom self-built app: members write to it privately, it answers them.

The platform hands such an app no group messages and takes none for groups it did not create.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from bot.channels.app_bodies import TEXT_BYTES, Body, address, media_body, worded_bodies
from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.fetched import as_fetched
from bot.channels.files import NO_FILES, Files
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.member_names import MemberNames
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
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_crypto import CallbackCrypto, decode_key
from bot.channels.wecom_xml import WecomMessage, parse_envelope, parse_message
from bot.channels.window import Window, places_of
from bot.errors import (
    BadCallback,
    ConfigError,
    SendError,
    SendNotYet,
    SendRefused,
    SendUncertain,
)
from bot.models import Attachment, Carries, File, Finding, Image, Incoming, Outgoing, Voice
from bot.models.rich import FILE_BYTES, IMAGE_BYTES, VOICE_BYTES
from bot.ports import CallbackRequest, Clock, Fetched, Rate

# The platform takes 30 a minute and 1,000 an hour for one member and drops the rest without a word.
# The distance leaves room for long texts, which count once here and several times there.
MEMBER_RATES: Final = (Rate(25, 60.0), Rate(900, 3600.0))
# A member may hear 200 a minute and 10,000 a day from one app's groups, the rest is dropped
# silently. Nobody hears more than the app says in all its groups together.
GROUPS_A_MINUTE: Final = 180
GROUPS_A_DAY: Final = 9_500
MINUTE_SECONDS, DAY_SECONDS = 63.0, 86_400.0
# https://developer.work.weixin.qq.com/document/path/98152 and /91022
_SCAN: Final = "https://login.work.weixin.qq.com/wwlogin/sso/login"
_INSIDE: Final = "https://open.weixin.qq.com/connect/oauth2/authorize"
_UPLOAD_BYTES: Final = {"image": IMAGE_BYTES, "file": FILE_BYTES, "voice": VOICE_BYTES}
_FROM: Final = {
    "corp_id": "「我的企业」",
    "secret": "应用详情",
    "token": "应用「接收消息」",
    "encoding_aes_key": "应用「接收消息」",
}


class WecomAppSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator copies from the WeCom console.

    `names`: ask for members' names, which needs the right to read the address book.
    """

    corp_id: str
    agent_id: int
    secret: str
    token: str
    encoding_aes_key: str
    names: bool = False
    base_url: str = "https://qyapi.weixin.qq.com"

    def __repr__(self) -> str:
        return f"WecomAppSettings(corp_id={self.corp_id!r}, agent_id={self.agent_id})"

    def faults(self, full: str = "channels.wecom_app.*") -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        found = []
        for name, where in _FROM.items():
            value = getattr(self, name)
            if not value:
                found.append(f"设置「{full}.{name}」没有填，请从企业微信后台的{where}复制。")
            elif value != "".join(value.split()):
                found.append(f"设置「{full}.{name}」里有空格或换行，请重新复制，不要多选。")
        if self.agent_id <= 0:
            value = f"的值是「{self.agent_id}」" if self.agent_id else "没有填"
            found.append(f"设置「{full}.agent_id」{value}，请填应用详情里的 AgentId（正整数）。")
        if not self.base_url.startswith(("https://", "http://")):
            found.append(
                f"设置「{full}.base_url」的值是「{self.base_url}」，应以 https:// 开头，"
                "不是私有部署就删掉这一行。"
            )
        key = self.encoding_aes_key
        if key and not any("encoding_aes_key" in fault for fault in found):
            found += _key_faults(f"{full}.encoding_aes_key", key)
        return found

    def carries(self) -> Carries:
        """What goes through of a notice."""
        return Carries(text_bytes=TEXT_BYTES, pictures=True, files=True)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.token, self.encoding_aes_key)


class WecomAppChannel:
    """One self-built app as a `CallbackChannel`. Raises `ConfigError` for wrong settings."""

    def __init__(
        self,
        name: str,
        settings: WecomAppSettings,
        clock: Clock,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        faults = settings.faults()
        if faults:
            raise ConfigError(faults)
        self.name = name
        self.rate: Rate | tuple[Rate, ...] | None = MEMBER_RATES
        self.files: Files = NO_FILES
        self.agent_id = settings.agent_id
        self._clock = clock
        self._crypto = CallbackCrypto(
            settings.token, settings.encoding_aes_key, settings.corp_id, clock=clock
        )
        self._ours = {"ToUserName": settings.corp_id, "AgentID": str(settings.agent_id)}
        self.api = WecomApi(settings.base_url, settings.corp_id, settings.secret)
        self._names = MemberNames(self.api.name_of) if settings.names else None
        self._group_minute = Window(GROUPS_A_MINUTE, MINUTE_SECONDS, monotonic)
        self._group_day = Window(GROUPS_A_DAY, DAY_SECONDS, monotonic)

    async def start(self) -> None:
        """Open what sending needs."""
        await self.api.open()

    async def stop(self) -> None:
        """Close it again."""
        if self._names is not None:
            await self._names.stop()
        await self.api.close()

    def scan_page(self, back: str, state: str, *, inside: bool) -> str:
        """Where somebody scans; inside WeCom, where they are told at once who they are."""
        asked = {"appid": self._ours["ToUserName"], "agentid": str(self.agent_id)}
        if inside:
            asked |= {"redirect_uri": back, "response_type": "code", "scope": "snsapi_base"}
            return f"{_INSIDE}?{urlencode(asked | {'state': state})}#wechat_redirect"
        asked |= {"login_type": "CorpApp", "redirect_uri": back, "state": state}
        return f"{_SCAN}?{urlencode(asked)}"

    async def member(self, code: str) -> str:
        """Who came back from there with this code."""
        return await self.api.member(code)

    def verify(self, request: CallbackRequest) -> str:
        """The bare text that answers the platform's URL check. Raises `BadCallback`."""
        return self._crypto.verify(*seal_of(request), required(request, "echostr"))

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a request; None for what is only acknowledged. Raises `BadCallback`."""
        encrypt = parse_envelope(request.body, expect=self._ours)
        xml = self._crypto.decrypt(*seal_of(request), encrypt)
        message = parse_message(xml)
        self._check_ours(message.fields)
        sender, sent_at = sender_of(message.fields), instant_of(message.fields)
        kind, text = meaning_of(message)
        if not kind:
            return None
        return Incoming(
            channel=self.name,
            chat=self.chat_of(message),
            sender=sender,
            message_id=identity_of(message, xml),
            text=text,
            sent_at=sent_at,
            mentioned=True,
            sender_name="" if self._names is None else self._names.get(sender),
            kind=kind,
            attachments=attachments_of(message),
        )

    def _check_ours(self, fields: Mapping[str, str]) -> None:
        agent_id = self._ours["AgentID"]
        if fields.get("ToUserName") != self._ours["ToUserName"]:
            raise BadCallback("消息的 ToUserName 不是本企业")
        if fields.get("AgentID", agent_id) != agent_id:
            raise BadCallback("消息的 AgentID 不是本应用")

    def chat_of(self, message: WecomMessage) -> str:
        """Always a private chat: the platform hands a self-built app no group messages."""
        return ""

    @property
    def memory(self) -> float:
        """Seconds that count: the day of its groups."""
        return DAY_SECONDS

    def remember(self, outgoing: Outgoing, ago: float) -> None:
        """What was said in its groups before this start takes its places too."""
        if not outgoing.chat:
            return
        places = places_of(outgoing, worded_bodies)
        self._group_day.remember(ago, places)
        if ago < MINUTE_SECONDS:
            self._group_minute.remember(ago, places)

    async def send(self, outgoing: Outgoing) -> str:
        """Send to one member, or into a group that this app created, a long text as several
        messages; their ids, joined by commas.

        Raises `SendRefused`, `SendDeferred`, `SendNotYet` or `SendUncertain`. When a later part
        fails it is always the last of these: sending all again would say the first part twice.
        """
        whom = address(outgoing, self.agent_id)
        parts = await self._bodies(outgoing)
        if not parts:
            raise SendRefused("消息内容是空的")
        if outgoing.chat:
            self._wait_for(len(parts))
        ids: list[str] = []
        for number, part in enumerate(parts, start=1):
            if outgoing.chat:
                self._group_minute.take()
                self._group_day.take()
            try:
                ids.append(await self.api.send_message(whom | part))
            except SendError as error:
                if number == 1:
                    raise
                reason = f"共{len(parts)}段，第{number}段起没有确认送达：{error}"
                raise SendUncertain(reason) from None
        return ",".join(filter(None, ids))

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """What a member sent, by its id from the platform itself."""
        if "://" in attachment.ref:
            raise SendRefused("这个文件没有编号，不取")
        return as_fetched(await self.api.media(attachment.ref, limit), attachment.name)

    async def create_group(self, chat: str, name: str, owner: str, members: Sequence[str]) -> None:
        """A group of members that this app may speak in. Raises a `SendError`."""
        await self.api.create_group(chat, name, owner, members)

    async def push_menu(self, words: Sequence[str]) -> None:
        """One button a word; a click says it. Raises a `SendError`."""
        await self.api.push_menu(self.agent_id, menu_of(words))

    async def probe(self) -> list[Finding]:
        """The token, and whether the platform takes calls from here."""
        return await probed(self.name, self.api.line, self._ask)

    async def _ask(self) -> str:
        networks = await self.api.callback_addresses()
        shown = "、".join(networks[:3]) + (" 等" if len(networks) > 3 else "")
        return f"密钥和出口 IP 都对；平台从 {shown} 回调，防火墙要放行。"

    def rehearsal(self) -> tuple[CallbackRequest, str]:
        """The platform's URL check as it would come, and its right answer."""
        words, nonce = secrets.token_hex(8), secrets.token_hex(8)
        stamp = str(int(self._clock.now().timestamp()))
        sealed = self._crypto.encrypt(words, stamp, nonce)
        query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce}
        return CallbackRequest(query | {"echostr": sealed.encrypt}), words

    def _wait_for(self, parts: int) -> None:
        wait = max(self._group_minute.wait(parts), self._group_day.wait(parts))
        if wait > 0:
            raise SendNotYet("本应用在群里说得够多了", wait)

    async def _bodies(self, outgoing: Outgoing) -> list[Body]:
        match outgoing.rich:
            case Image() as rich:
                return [await self._uploaded("image", rich.ref, "image.png")]
            case File() as rich:
                return [await self._uploaded("file", rich.ref, rich.name)]
            case Voice() as rich:
                return [await self._uploaded("voice", rich.ref, "voice.amr")]
        return worded_bodies(outgoing)

    async def _uploaded(self, kind: str, ref: str, name: str) -> Body:
        data = await self.files.read(ref)
        if not 5 < len(data) <= _UPLOAD_BYTES[kind]:
            raise SendRefused("文件太小或太大，平台不收")
        return media_body(kind, await self.api.upload(kind, name, data))


def meaning_of(message: WecomMessage) -> tuple[str, str]:
    """Kind and words of a message; an empty kind for what is only acknowledged.

    Menus and buttons are ours: their key is the command that they stand for.
    """
    if not message.is_event:
        return message.type, message.text
    event = message.fields.get("Event", "").lower()
    key = message.fields.get("EventKey", "")
    if event in {"subscribe", "enter_agent"}:
        return f"event:{event}", ""
    if event in {"click", "template_card_event"} and key.strip():
        return "click", key
    return "", ""


KIND: Final = ChannelKind(
    "wecom_app",
    WecomAppSettings,
    WecomAppChannel,
    Capabilities(
        title="企业微信自建应用",
        title_en="WeCom self-built app",
        group_hears=Hears.NOTHING,
        group_speaks=Speaks.OWN,
        private_hears=True,
        private_speaks=Speaks.FREELY,
        residents=False,
        limits="每人每分钟30条、每小时1000条，超出的平台不报错、直接丢",
        limits_en="30 a minute and 1,000 an hour a member, more is dropped silently",
    ),
)


def _key_faults(full: str, key: str) -> list[str]:
    try:
        decode_key(key)
    except ConfigError as error:
        return [f"设置「{full}」不对：{fault}" for fault in error.faults]
    return []
