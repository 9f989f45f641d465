"""The WeCom AI bot 智能机器人: the one official bot that hears a group, when it is mentioned.

Two ways of connecting it: `long_connection` (a WebSocket of ours, may push) and `callback_mode`
(WeCom calls us). What is said is the same JSON in both.
Sources: developer.work.weixin.qq.com/document/path/100719, 101027, 101031, 101033, 101463.
"""

from __future__ import annotations

from typing import Final

from bot.channels.capabilities import Capabilities, Hears, Speaks
from bot.channels.kind import ChannelKind
from bot.channels.wecom_aibot.callback_mode import CallbackModeChannel
from bot.channels.wecom_aibot.long_connection import LongConnectionChannel
from bot.channels.wecom_aibot.settings import CALLBACK, WecomAibotSettings
from bot.errors import ConfigError
from bot.ports import Channel, Clock

__all__ = ["KIND", "CallbackModeChannel", "LongConnectionChannel", "WecomAibotSettings"]


def build(name: str, settings: WecomAibotSettings, clock: Clock) -> Channel:
    """A channel of the mode that is set. Raises `ConfigError` for wrong settings."""
    faults = settings.faults()
    if faults:
        raise ConfigError(faults)
    if settings.mode == CALLBACK:
        return CallbackModeChannel(name, settings, clock)
    return LongConnectionChannel(name, settings, clock)


KIND: Final = ChannelKind(
    "wecom_aibot",
    WecomAibotSettings,
    build,
    Capabilities(
        title="企业微信智能机器人",
        title_en="WeCom AI bot",
        group_hears=Hears.MENTIONS,
        group_speaks=Speaks.AFTER_TALK,
        private_hears=True,
        private_speaks=Speaks.AFTER_TALK,
        residents=False,
        limits="每群每分钟30条、每小时1000条；URL 回调方式只能回话，外部群官方没有写支持",
        limits_en="30 a minute and 1,000 an hour a chat; callback mode only replies; groups with "
        "WeChat users are not documented",
    ),
)
