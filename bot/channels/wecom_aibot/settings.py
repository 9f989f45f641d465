"""What the operator copies from the page of an AI bot (智能机器人) in WeCom."""

from __future__ import annotations

import re
from typing import Final

from msgspec import field

from bot.channels.kind import ChannelSettings
from bot.channels.line import is_safe_base
from bot.channels.wecom_aibot.words import LIMIT_BYTES
from bot.channels.wecom_crypto import decode_key
from bot.errors import ConfigError
from bot.models import Carries

CONNECTION: Final = "connection"
CALLBACK: Final = "callback"
OFFICIAL: Final = "https://qyapi.weixin.qq.com"
OFFICIAL_CONNECTION: Final = "wss://openws.work.weixin.qq.com"
_NEEDED: Final = {
    CONNECTION: ("bot_id", "secret"),
    CALLBACK: ("token", "encoding_aes_key"),
}
_WORDS: Final = {
    "bot_id": "机器人的「Bot ID」",
    "secret": "机器人的「Secret」",
    "token": "机器人的「Token」",
    "encoding_aes_key": "机器人的「EncodingAESKey」",
}
_HERE: Final = re.compile(r"ws://(?:127\.\d+\.\d+\.\d+|localhost|\[::1\])(?::\d+)?(?:/|\Z)")


class WecomAibotSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`mode` is how the bot is connected: by a long connection of ours, or by callbacks.

    `names` are what it is called in WeCom; `media_origins` permits addresses such as
    `https://files.example.cn` where attachments of a private deployment lie.
    """

    mode: str = CONNECTION
    bot_id: str = ""
    secret: str = ""
    token: str = ""
    encoding_aes_key: str = ""
    names: list[str] = field(default_factory=list)
    base_url: str = OFFICIAL
    connection_url: str = OFFICIAL_CONNECTION
    media_origins: list[str] = field(default_factory=list)

    def __repr__(self) -> str:
        return f"WecomAibotSettings(mode={self.mode!r}, bot_id={self.bot_id!r})"

    def carries(self) -> Carries:
        """What goes through of a notice."""
        able = self.mode == CONNECTION
        return Carries(text_bytes=LIMIT_BYTES, pictures=able, files=able)

    def secrets(self) -> tuple[str, ...]:
        """Values that no log, trace or error may show."""
        return (self.secret, self.token, self.encoding_aes_key)

    def faults(self, full: str = "channels.wecom_aibot.*") -> list[str]:
        """What is wrong, one Chinese sentence each with its key below `full` and the mend."""
        if self.mode not in _NEEDED:
            return [
                f"设置「{full}.mode」的值是「{self.mode}」，"
                "长连接写 connection，URL 回调写 callback。"
            ]
        found = [fault for name in _NEEDED[self.mode] for fault in self._value_faults(full, name)]
        return found + self._address_faults(full)

    def _value_faults(self, full: str, name: str) -> list[str]:
        value = getattr(self, name)
        if not value:
            where = _WORDS[name]
            return [f"设置「{full}.{name}」没有填，请从企业微信管理后台复制{where}。"]
        if value != "".join(value.split()):
            return [f"设置「{full}.{name}」里有空格或换行，请重新复制，不要多选。"]
        if name == "encoding_aes_key":
            try:
                decode_key(value)
            except ConfigError as error:
                return [f"设置「{full}.{name}」不对：{fault}" for fault in error.faults]
        return []

    def _address_faults(self, full: str) -> list[str]:
        found = [
            f"设置「{full}.{key}」的值是「{value}」，应以 https:// 开头，不是私有部署就删掉这一行。"
            for key, value in (
                ("base_url", self.base_url),
                *(("media_origins", origin) for origin in self.media_origins),
            )
            if not is_safe_base(value)
        ]
        if not (self.connection_url.startswith("wss://") or _HERE.match(self.connection_url)):
            found.append(
                f"设置「{full}.connection_url」的值是「{self.connection_url}」，"
                "应以 wss:// 开头，不是私有部署就删掉这一行。"
            )
        return found
