"""Small words: thanks, greetings, help, and politely saying no."""

from __future__ import annotations

WELCOME = "不客气，有事您说。"
HERE = "我在。问事情直接问；报修说哪一幢、什么问题。\n回复「帮助」看我能做什么。"

RESIDENT_HELP = (
    "有问题直接问，例：居住证怎么续签\n"
    "报修或反映：登记 3幢楼道灯不亮\n"
    "查进度：进度 12；说错了：撤销\n"
    "火警119，急救120，报警110，先打电话。"
)
VOLUNTEER_HELP = RESIDENT_HELP.replace("查进度：进度 12", "看有哪些：清单；查进度：进度 12")
HANDLING = (
    "看有哪些：清单",
    "看一件：详情 12",
    "接手：受理 12",
    "转出去：转办 12 物业",
    "办好了：办结 12 已换灯泡",
    "代居民登记：登记 3幢楼道灯不亮",
)
ANNOUNCING = ("发通知：发布 明天8:00 停水通知：…", "看排好的通知：通知清单")
UNDOING = ("做错了，5分钟内：撤销",)
WORKER_HELP = "\n".join(HANDLING + UNDOING)
STAFF_HELP = "\n".join(HANDLING + ANNOUNCING + UNDOING)
# A group has no room for a manual.
STAFF_HELP_IN_GROUP = (
    "看有哪些：清单\n办好了：办结 12 已换灯泡\n做错了，5分钟内：撤销\n全部指令私聊我发「帮助」。"
)


def meant(typed: str, command: str) -> str:
    """A command that is not one."""
    return f"没有「{typed}」这个指令，是「{command}」吗？"
