"""Words of partner units that take matters on, and of what was brought up."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, say_day, sentence
from handlers.phrases.steps import Said, short

NOTHING_UP = "现在没有上报出去的事。"
NOTHING_OPEN = "现在没有您单位能帮的事。"


def claimed(appeal: Appeal) -> str:
    """To the unit."""
    return f"{appeal.short}号记下了：{appeal.claimant}认领，等社区确认。"


def told_claimed(appeal: Appeal) -> str:
    """To the community."""
    number = appeal.short
    return (
        f"{appeal.claimant} 认领 {appeal.number}（{number}号）：{sentence(appeal.summary)}\n"
        f"同意回复「确认认领 {number}」，不合适回复「退回认领 {number} 原因」。"
    )


def confirmed(appeal: Appeal) -> Said:
    """确认认领."""
    return Said(
        f"{appeal.short}号由{appeal.claimant}认领办理：{sentence(appeal.summary)}",
        f"您反映的事（{appeal.short}号）由{appeal.claimant}认领办理。",
        f"已确认由{appeal.claimant}认领",
    )


def told_confirmed(appeal: Appeal) -> str:
    """To the unit."""
    return (
        f"{appeal.number}（{appeal.short}号）社区已确认由贵单位办理：{sentence(appeal.summary)}\n"
        f"最迟{say_day(appeal.due_at)}前，办好请告诉社区。"
    )


def returned(appeal: Appeal, unit: str) -> str:
    """To the one who sent it back."""
    return f"{appeal.short}号的认领退回了，已告诉{unit}。"


def told_returned(appeal: Appeal, reason: str) -> str:
    """To the unit."""
    return f"{appeal.number}（{appeal.short}号）这次不麻烦贵单位了：{short(reason)}。谢谢。"


def brought_up(where: str, appeals: Sequence[Appeal], more: int) -> str:
    """上报清单."""
    head = f"{where} 上报{len(appeals) + more}件" + (f"，先看最近{len(appeals)}件" if more else "")
    return "\n".join([head + "：", *(_row(appeal) for appeal in appeals)])


def _row(appeal: Appeal) -> str:
    sent = say_day(appeal.escalated_at or appeal.created_at)
    if appeal.answered_at is None:
        told = "等答复"
    else:
        told = f"{say_day(appeal.answered_at)}答复：{short(appeal.answer)}"
    return f"{appeal.short}号 {appeal.summary}（{appeal.venue}，{sent}上报，{told}）"
