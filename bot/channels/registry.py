"""All platforms that can be configured. A new one is one file and one line here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.channels import (
    official_account,
    onebot11,
    onebot12,
    wcferry,
    webhook,
    wechatbot,
    wecom_aibot,
    wecom_app,
    wecom_robot,
)
from bot.channels.kind import ChannelKind

KINDS: Final[Mapping[str, ChannelKind]] = {
    kind.name: kind
    for kind in (
        wecom_app.KIND,
        wecom_robot.KIND,
        wecom_aibot.KIND,
        official_account.KIND,
        onebot11.KIND,
        onebot12.KIND,
        wechatbot.KIND,
        wcferry.KIND,
        webhook.KIND,
    )
}
