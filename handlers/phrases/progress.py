"""How an appeal stands, for the one who asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, State, presentable, say_day, sentence
from handlers.phrases.desk import outcome

NONE = "您没有正在办理的诉求。有事直接说，例：登记 3幢楼道灯不亮"
LONGEST_RESULT = 60


def in_private(appeal: Appeal) -> str:
    """A private matter, asked after in a group."""
    return f"这条的进展会私下告诉您，也可以私聊我发「进度 {appeal.short}」。"


def standing(appeal: Appeal) -> str:
    """One appeal in one sentence."""
    head = f"{appeal.short}号：{appeal.summary}，"
    until = f"最迟{say_day(appeal.due_at)}前。"
    match appeal.state:
        case State.PENDING:
            return head + f"已登记，等{appeal.unit}接手，{until}"
        case State.NEEDS_INFO:
            return head + "还差地点，请说一下是几幢附近。"
        case State.WORKING:
            return head + f"{appeal.unit}正在办理，{until}"
        case State.DONE:
            done = f"{say_day(appeal.closed_at or appeal.due_at)}{outcome(appeal)}"
            told = sentence(presentable(appeal.result, LONGEST_RESULT))
            return head + (f"{done}：{told}" if told else f"{done}。")
        case State.WITHDRAWN:
            return head + "已经撤回了。"


def own(appeals: Sequence[Appeal]) -> str:
    """A resident's own open appeals."""
    return "\n".join(standing(appeal) for appeal in appeals)
