"""Words of taking a step back."""

from __future__ import annotations

from bot import Appeal, Urgency

NOTHING = "5分钟内没有可以撤销的操作。"
NOTICE = "好，这条通知不发了。"
TOO_LATE = "通知已经发出，收不回来了。要更正请再发布一条。"


def back_to(appeal: Appeal) -> str:
    """The state it stands in again."""
    return f"恢复为「{appeal.state}」"


def restored(appeal: Appeal) -> str:
    """A step was taken back."""
    return f"已撤销：{appeal.short}号{back_to(appeal)}。"


def taken_back(appeal: Appeal, act: str) -> str:
    """A step that left the state alone was taken back."""
    return f"已撤销：{appeal.short}号的「{act}」不算了。"


def told_taken_back(appeal: Appeal, act: str) -> str:
    """To those who had been told of the step."""
    return f"{appeal.number}（{appeal.short}号）的「{act}」撤销了，不用再看。"


def withdrawn(appeal: Appeal) -> str:
    """The appeal itself was taken back."""
    return f"已撤回 {appeal.short}号：{appeal.summary}。"


def withdrawn_quietly(told: bool) -> str:
    """The same for what a group must not hear of."""
    return "已撤回，也告诉值守人员了。" if told else "已撤回。"


def told_withdrawn(who: str, appeal: Appeal) -> str:
    """To those who had been told of it; a withdrawn alarm may still be one."""
    check = "，请再核实一下" if appeal.urgency is Urgency.P0 else ""
    return f"{who} 撤回了 {appeal.number}{check}。"


def not_yours_lately(appeal: Appeal) -> str:
    """Staff who want to undo what they did not just do."""
    return (
        f"5分钟内您没有动过{appeal.short}号，撤销不了。\n整条不办了请回复「撤回 {appeal.short}」。"
    )
