"""What the bot tells whoever looks after the machine, or the stewards' group."""

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


FLOWING = "积压的消息发出去了，恢复正常。"


def stalled(minutes: int) -> str:
    """Nothing gets out."""
    return (
        f"要发的消息积压了{minutes}分钟，一条也没发出去。\n"
        "请看一下服务器能不能上网，再运行 haitang doctor；恢复后会自己接着发。"
    )


def silent(channel: str, hours: int) -> str:
    """A channel that was heard today, or lately, is not heard any more."""
    return (
        f"通道 {channel} 白天已经{hours}个小时没收到一条消息，可能听不见了。\n"
        "在群里 @ 它试一句；没有反应就运行 haitang doctor。"
    )


def heard(channel: str) -> str:
    """The all-clear."""
    return f"通道 {channel} 又收到消息了，恢复正常。"


def no_backup(why: str) -> str:
    """The night's backup is missing."""
    return f"昨夜的备份没有做成：{why}\n腾出磁盘空间后会自己再试；也可以手动 haitang backup。"


ROOMY = "磁盘空间够用了，恢复正常。"


def full(mebibytes: int) -> str:
    """Soon nothing can be stored any more."""
    return (
        f"服务器的磁盘只剩 {mebibytes} MiB，满了以后居民的话就收不下了。\n"
        "请清理磁盘或移走旧备份，至少留 1 GiB。"
    )


WATCH = (stalled, FLOWING, silent, heard, no_backup, full, ROOMY)
