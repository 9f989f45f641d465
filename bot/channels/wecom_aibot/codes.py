"""What the errcodes of an AI bot mean for the outbox. The 84xxxx and 85xxxx are in no document:
they were seen in the official clients and in reports."""

from __future__ import annotations

from typing import Final

from bot.errors import SendDeferred, SendRefused

# The reply's own way is closed, the chat is not: invalid req_id, stream over, streams fail here.
STALE: Final = frozenset({846605, 846608, 600039})
_DEFERRED: Final = {
    -1: ("企业微信系统繁忙", None),
    45009: ("发送太频繁，被企业微信限流", 60.0),
    45033: ("同时调用太多，被企业微信限流", 60.0),
}
_REFUSED: Final = {
    40008: "消息类型不被支持",
    40058: "请求的参数不对",
    44004: "消息内容是空的",
    45002: "消息内容太长",
    93006: "没有这个会话，或还没有人在里面跟机器人说过话",
}


def check(errcode: int | None) -> None:
    """Raise what an errcode means; nothing for 0."""
    if errcode == 0:
        return
    if errcode is None:
        raise SendDeferred("企业微信的回答看不懂")
    if errcode in _DEFERRED:
        reason, after = _DEFERRED[errcode]
        raise SendDeferred(f"{reason}（{errcode}）", after=after)
    raise SendRefused(f"{_REFUSED.get(errcode, '企业微信拒绝了这条消息')}（{errcode}）")
