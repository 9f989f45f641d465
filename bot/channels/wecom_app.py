"""The WeCom self-built app: members write to it privately, it answers them.

The platform hands such an app no group messages and takes none for groups it did not create.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.kind import ChannelKind, ChannelSettings
from bot.channels.splitting import split_text
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_crypto import CallbackCrypto, decode_key
from bot.channels.wecom_xml import WecomMessage, parse_envelope, parse_message
from bot.errors import BadCallback, ConfigError, SendError, SendRefused, SendUncertain
from bot.models import Incoming, Outgoing
from bot.ports import CallbackRequest, Clock, Rate

TEXT_LIMIT_BYTES: Final = 2048
# The platform takes 30 a minute for one member and drops the rest without a word. The distance
# leaves room for long texts, which count once here and several times there.
MEMBER_RATE: Final = Rate(25, 60.0)
_FROM: Final = {
    "corp_id": "「我的企业」",
    "secret": "应用详情",
    "token": "应用「接收消息」",
    "encoding_aes_key": "应用「接收消息」",
}
_MAX_SENDER: Final = 128
_MAX_SECONDS_DIGITS: Final = 11


class WecomAppSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator copies from the WeCom console."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    encoding_aes_key: str
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

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.token, self.encoding_aes_key)


class WecomAppChannel:
    """One self-built app as a `CallbackChannel`. Raises `ConfigError` for wrong settings."""

    def __init__(self, name: str, settings: WecomAppSettings, clock: Clock) -> None:
        faults = settings.faults()
        if faults:
            raise ConfigError(faults)
        self.name = name
        self.rate: Rate | None = MEMBER_RATE
        self._settings = settings
        self._crypto = CallbackCrypto(
            settings.token, settings.encoding_aes_key, settings.corp_id, clock=clock
        )
        self._ours = {"ToUserName": settings.corp_id, "AgentID": str(settings.agent_id)}
        self._api = WecomApi(settings.base_url, settings.corp_id, settings.secret)

    async def start(self) -> None:
        """Open what sending needs."""
        await self._api.open()

    async def stop(self) -> None:
        """Close it again."""
        await self._api.close()

    def verify(self, request: CallbackRequest) -> str:
        """The bare text that answers the platform's URL check. Raises `BadCallback`."""
        query = request.query
        return self._crypto.verify(*_seal_of(query), _required(query, "echostr"))

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The message in a request; None for events, which are only acknowledged."""
        encrypt = parse_envelope(request.body, expect=self._ours)
        xml = self._crypto.decrypt(*_seal_of(request.query), encrypt)
        message = parse_message(xml)
        fields = message.fields
        self._check_ours(fields)
        sender = fields.get("FromUserName", "")
        if not 0 < len(sender) <= _MAX_SENDER:
            raise BadCallback("消息没有合格的 FromUserName", 400)
        sent_at = _instant(fields.get("CreateTime", ""))
        if message.is_event:
            return None
        return Incoming(
            channel=self.name,
            chat=self.chat_of(message),
            sender=sender,
            message_id=fields.get("MsgId") or _made_up_id(message, xml),
            text=message.text,
            sent_at=sent_at,
            mentioned=True,
            kind=message.type,
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

    async def send(self, outgoing: Outgoing) -> str:
        """Send to one member, a long text as several messages; their ids, joined by commas.

        Raises `SendRefused`, `SendDeferred` or `SendUncertain`. When a later part fails it is
        always the last of these: sending all again would say the first part twice.
        """
        user = _receiver(outgoing)
        # Half a surrogate pair cannot be sent; a question mark in its place can.
        text = outgoing.text.encode("utf-8", "replace").decode()
        parts = split_text(text, TEXT_LIMIT_BYTES)
        if not parts:
            raise SendRefused("消息内容是空的")
        ids: list[str] = []
        for number, part in enumerate(parts, start=1):
            try:
                ids.append(await self._api.send_text(self._settings.agent_id, user, part))
            except SendError as error:
                if number == 1:
                    raise
                reason = f"共{len(parts)}段，第{number}段起没有确认送达：{error}"
                raise SendUncertain(reason) from None
        return ",".join(filter(None, ids))


KIND: Final = ChannelKind(
    "wecom_app",
    WecomAppSettings,
    WecomAppChannel,
    Capabilities(
        title="企业微信自建应用",
        title_en="WeCom self-built app",
        group_hears=Hears.NOTHING,
        group_speaks=Speaks.NEVER,
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


def _seal_of(query: Mapping[str, str]) -> tuple[str, str, str]:
    return (
        _required(query, "msg_signature"),
        _required(query, "timestamp"),
        _required(query, "nonce"),
    )


def _required(query: Mapping[str, str], name: str) -> str:
    value = query.get(name, "")
    if not value:
        raise BadCallback(f"请求缺少参数 {name}", 400)
    return value


def _instant(create_time: str) -> datetime:
    if not 0 < len(create_time) <= _MAX_SECONDS_DIGITS:
        raise BadCallback("消息没有合格的 CreateTime", 400)
    return datetime.fromtimestamp(int(create_time), UTC)


def _made_up_id(message: WecomMessage, xml: str) -> str:
    digest = hashlib.sha256(xml.encode()).hexdigest()[:16]
    return f"{message.fields['FromUserName']}-{message.fields['CreateTime']}-{digest}"


def _receiver(outgoing: Outgoing) -> str:
    if outgoing.chat:
        raise SendRefused("企业微信自建应用不能往这个群里发消息")
    # `@all` and `a|b` mean many people here; an outbox row has one receiver.
    if not outgoing.user or "|" in outgoing.user or outgoing.user.startswith("@"):
        raise SendRefused("收信人不是一个成员账号")
    return outgoing.user
