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
    return f"{appeal.short}号：{appeal.summary}，{_told(appeal)}"


def _told(appeal: Appeal) -> str:
    """Where it stands, in a resident's words."""
    until = f"最迟{say_day(appeal.due_at)}前。"
    ends = {
        State.PENDING: f"已登记，等{appeal.unit}接手，{until}",
        State.NEEDS_INFO: _missing(appeal),
        State.WORKING: f"{appeal.unit}正在办理，{until}",
        State.PARKED: f"暂时办不了，先挂账，{_again(appeal)}",
        State.DECLINED: f"不属于这里办理的范围：{_said(appeal)}",
        State.MERGED: "和另一件同样的事合在一起办了。",
        State.WITHDRAWN: "已经撤回了。",
    }
    return ends.get(appeal.state) or _done(appeal)


def _missing(appeal: Appeal) -> str:
    place = appeal.place.building or appeal.place.spot
    return "还差一点情况，请补充。" if place else "还差地点，请说一下是几幢附近。"


def _again(appeal: Appeal) -> str:
    return f"{say_day(appeal.parked_until or appeal.due_at)}再看。"


def _done(appeal: Appeal) -> str:
    done = f"{say_day(appeal.closed_at or appeal.due_at)}{outcome(appeal)}"
    told = _said(appeal)
    return f"{done}：{told}" if told else f"{done}。"


def _said(appeal: Appeal) -> str:
    return sentence(presentable(appeal.result, LONGEST_RESULT))


def own(appeals: Sequence[Appeal]) -> str:
    """A resident's own open appeals."""
    return "\n".join(standing(appeal) for appeal in appeals)
