"""Wrong settings are told with the key and the mend."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.registry import KINDS
from bot.channels.wecom_aibot import (
    KIND,
    CallbackModeChannel,
    LongConnectionChannel,
    WecomAibotSettings,
)
from bot.errors import ConfigError
from bot.ports import ListeningChannel, MediaChannel, WatchedChannel
from tests.channels.wecom_aibot.kit import Hands

CONNECTION: dict[str, Any] = {"bot_id": "aib1", "secret": "s"}
CALLBACK: dict[str, Any] = {"mode": "callback", "token": "t", "encoding_aes_key": "a" * 43}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "bot_id」没有填，请从企业微信管理后台复制"),
        ({"bot_id": "aib1"}, "secret」没有填"),
        (CONNECTION | {"secret": "a b"}, "secret」里有空格"),
        ({"mode": "webhook"}, "长连接写 connection"),
        ({"mode": "callback"}, "encoding_aes_key」没有填"),
        (CALLBACK | {"encoding_aes_key": "a" * 42}, "现在是 42 位"),
        (CONNECTION | {"base_url": "http://example.cn"}, "base_url」的值是「http://example.cn」"),
        (CONNECTION | {"connection_url": "ws://example.cn"}, "应以 wss:// 开头"),
        (CONNECTION | {"media_origins": ["ftp://x"]}, "media_origins」的值是「ftp://x」"),
    ],
)
def test_wrong_settings_are_explained(values: dict[str, Any], sentence: str) -> None:
    settings = WecomAibotSettings(**values)
    faults = settings.faults("channels.wecom_aibot.main")
    assert any(sentence in fault for fault in faults)
    assert all("channels.wecom_aibot.main." in fault for fault in faults)
    with pytest.raises(ConfigError):
        KIND.build("wecom_aibot/main", settings, Hands())


def test_the_mode_decides_what_is_built() -> None:
    assert KINDS["wecom_aibot"] is KIND
    connection = KIND.build("wecom_aibot/a", WecomAibotSettings(**CONNECTION), Hands())
    callback = KIND.build("wecom_aibot/b", WecomAibotSettings(**CALLBACK), Hands())
    assert isinstance(connection, LongConnectionChannel)
    assert isinstance(callback, CallbackModeChannel)
    for port in (ListeningChannel, MediaChannel, WatchedChannel):
        assert isinstance(connection, port)
    assert not isinstance(callback, ListeningChannel)


def test_secrets_are_named_and_not_shown() -> None:
    settings = WecomAibotSettings(secret="s1", token="t1", encoding_aes_key="k1")
    assert settings.secrets() == ("s1", "t1", "k1")
    assert not {"s1", "t1", "k1"} & set(repr(settings).replace("'", " ").split())
