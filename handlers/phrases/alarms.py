"""What the bot tells whoever looks after the machine, privately and on another channel."""

from __future__ import annotations

TROUBLES = {
    "kicked": (
        "通道 {channel} 断了：同一个机器人在别处登录，这里被顶掉，现在听不到也发不出。\n"
        "停掉另一处，再在服务器上运行 haitang reconnect {channel}。"
    ),
    "refused": (
        "通道 {channel} 连不上：Bot ID 或 Secret 不对，现在听不到也发不出。\n"
        "从企业微信管理后台重新复制，改好设置后重新启动。"
    ),
    "lost": (
        "通道 {channel} 断了几分钟，一直在重连，现在听不到也发不出。\n"
        "请看一下服务器能不能上网；连上以后会自己恢复。"
    ),
    "logged_out": (
        "通道 {channel} 的微信掉线了，现在听不到也发不出。\n"
        "请到 wechatbot-webhook 那边重新扫码登录，登上以后会自己恢复。"
    ),
}


def trouble(kind: str, channel: str) -> str:
    """Why a channel is down, and what to do."""
    return TROUBLES[kind].format(channel=channel)
