"""登录管理台时说的话。"""

from __future__ import annotations

PRIVATELY = "登录链接只能您一个人看，请私聊我说「登录」。"
ONLY_STAFF = "管理台是给社区工作人员用的。您要办的事直接在这里说，我来登记。"
CLOSED = "管理台没有打开。请系统管理员在设置里把 console.enabled 改成 true。"


def link(address: str) -> str:
    """The link, and what to know of it."""
    return f"点这个链接进管理台，10分钟内有效，只能用一次，不要转发：\n{address}"
