"""Words about what was volunteered after a notice: numbers only, nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import Delivered, Notice, Progress, Replies, Reply, ReplyKind, say_when
from handlers.phrases.notices import name

NOTHING_SENT = "您还没有发出过通知。"


def counted(notice: Notice, replies: Sequence[Reply]) -> str:
    """To the one who told, in private."""
    parts = {
        ReplyKind.GROUPS: "转发{}个群",
        ReplyKind.HOUSEHOLDS: "转达{}户",
    }
    told = [parts[one.kind].format(one.number) for one in replies if one.kind in parts]
    return f"记下了，{name(notice)}{'、'.join(told)}。辛苦您。" if told else "好的，记下了。"


def report(
    notice: Notice,
    at: datetime,
    progress: Progress,
    replies: Replies,
    failed: Sequence[Delivered],
) -> str:
    """How a notice went: the ledger's counts, then what people said of their own accord."""
    counts = f"已送达 {progress.sent}/{progress.total}"
    rest = [
        f"{word} {number}"
        for word, number in (
            ("失败", progress.failed),
            ("不确定", progress.uncertain),
            ("在发", progress.waiting),
        )
        if number
    ]
    lines = [f"{name(notice)}（{say_when(at)}）：{'，'.join([counts, *rest])}。"]
    if failed:
        why = "；".join(f"{row.name}（{row.error}）" for row in failed)
        lines.append(f"没送到：{why}")
    lines.append(_volunteered(replies))
    return "\n".join(lines)


def _volunteered(replies: Replies) -> str:
    parts = [
        f"「收到」{replies.received}人" if replies.received else "",
        f"回数字的{replies.numbers}人，合计{replies.total}" if replies.numbers else "",
        f"转发{replies.groups}个群" if replies.groups else "",
        f"转达{replies.households}户" if replies.households else "",
    ]
    told = "，".join(filter(None, parts))
    return f"自愿回的：{told}。没回的不统计。" if told else "还没有人回「收到」，不回也没关系。"
