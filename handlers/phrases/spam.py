"""Words about adverts and fraud: one calm warning for the group, one line for those on duty."""

from __future__ import annotations

from bot import SpamKind, presentable

NAMES = {
    SpamKind.OFFICIAL: "冒充工作人员",
    SpamKind.BAIT: "扫码领东西",
    SpamKind.PHISHING: "可疑链接或转账",
}

WARNINGS = {
    SpamKind.OFFICIAL: (
        "上面这条请大家当心：社区、民警、客服都不会在群里要身份证和验证码。\n"
        "不要发，不要转账；已经发了请马上拨 96110 或 110。"
    ),
    SpamKind.BAIT: (
        "上面这条请大家当心：扫码领东西，多半是要您的身份信息和手机号。\n"
        "不要扫，不要填；已经填了请拨 96110 咨询。"
    ),
    SpamKind.PHISHING: (
        "上面这条请大家当心：不要点链接，不要填卡号和验证码，不要转账。\n"
        "已经点了或转了请马上拨 96110 或 110。"
    ),
}


def told(where: str, who: str, words: str, kind: SpamKind | None) -> str:
    """To those on duty: who posted what, and what can be done."""
    what = f"像诈骗（{NAMES[kind]}）" if kind is not None else "像广告"
    said = f"{where} {presentable(who)} 发的{what}：「{presentable(words, 60)}」"
    return f"{said}\n请看一下，要不要移出群。"
