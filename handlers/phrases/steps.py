"""Words of every step on an appeal: for its group, for the one who asked, for the one who acted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot import Appeal, State, presentable, say_day, sentence
from handlers.phrases.desk import until

LONGEST = 60


class Said(NamedTuple):
    """One step in three voices."""

    public: str
    private: str
    done: str


def short(text: str) -> str:
    """A reason as a group may read it, without its full stop."""
    return presentable(text, LONGEST).rstrip("。.!！；; ")


def assigned(appeal: Appeal, whom: str) -> Said:
    """分派."""
    first = f"{appeal.short}号分派给{whom}：{sentence(appeal.summary)}"
    mine = f"您反映的事（{appeal.short}号）由{whom}办理，{until(appeal)}。"
    return Said(f"{first}\n{until(appeal)}。", mine, f"已分派给{whom}")


def told_assignee(appeal: Appeal) -> str:
    """To the person it was assigned to."""
    return (
        f"{appeal.number}（{appeal.short}号）分派给您：{sentence(appeal.summary)}\n{until(appeal)}。\n"
        f"办好回复「办结 {appeal.short} 说明」，办不了回复「上报 {appeal.short} 原因」。"
    )


def asked(appeal: Appeal, what: str) -> Said:
    """要求补充."""
    wanted = short(what).rstrip("?？")
    reply = f"请回复「补充 {appeal.short} …」，说清楚就接着办。"
    return Said(
        f"{appeal.short}号还差一点情况：{wanted}？\n反映的邻居{reply}",
        f"您反映的事（{appeal.short}号）还差一点情况：{wanted}？\n{reply}",
        "已请反映的人补充",
    )


def supplied(appeal: Appeal) -> str:
    """To the one who told what was missing."""
    return f"收到，补进{appeal.short}号了，{until(appeal)}。"


def told_supplied(appeal: Appeal, what: str) -> str:
    """To those in charge."""
    return f"{appeal.number}（{appeal.short}号）补充了：「{what}」"


def parked(appeal: Appeal, reason: str) -> Said:
    """挂账."""
    day = say_day(appeal.parked_until or appeal.due_at)
    return Said(
        f"{appeal.short}号一时办不了，先挂账：{sentence(appeal.summary)}\n"
        f"原因：{short(reason)}。{day}再看。",
        f"您反映的事（{appeal.short}号）一时办不了：{short(reason)}。\n{day}再看，到时给您回话。",
        f"挂账到{day}",
    )


def resumed(appeal: Appeal) -> Said:
    """恢复."""
    return Said(
        f"{appeal.short}号接着办：{sentence(appeal.summary)}\n{until(appeal)}。",
        f"您反映的事（{appeal.short}号）接着办了，{until(appeal)}。",
        f"已恢复办理，{until(appeal)}",
    )


def extended(appeal: Appeal, reason: str) -> Said:
    """延期."""
    day = say_day(appeal.due_at)
    return Said(
        f"{appeal.short}号延到{day}：{sentence(appeal.summary)}\n原因：{short(reason)}。",
        f"您反映的事（{appeal.short}号）要晚一点，延到{day}。\n原因：{short(reason)}。",
        f"已延到{day}",
    )


def escalated(appeal: Appeal, to: str, reason: str) -> Said:
    """上报."""
    return Said(
        f"{appeal.short}号已上报{to}：{sentence(appeal.summary)}\n原因：{short(reason)}。",
        f"您反映的事（{appeal.short}号）已上报{to}，有答复就告诉您。",
        f"已上报{to}",
    )


def told_above(who: str, appeal: Appeal, to: str, reason: str) -> str:
    """To the next in charge."""
    act = "受理" if appeal.state is State.PENDING else "答复" if appeal.venue else "转办"
    tail = {"受理": "", "答复": " 内容", "转办": " 单位"}[act]
    return (
        f"{who} 上报{to} {appeal.number}（{appeal.short}号）：{sentence(appeal.summary)}\n"
        f"原因：{short(reason)}。\n"
        f"接手回复「{act} {appeal.short}{tail}」，看全文回复「详情 {appeal.short}」。"
    )


def answered(appeal: Appeal) -> Said:
    """答复."""
    told = sentence(short(appeal.answer))
    return Said(
        f"{appeal.short}号有答复了（{appeal.venue}）：{told}",
        f"您反映的事（{appeal.short}号），{appeal.venue}答复：{told}",
        "的答复记下了",
    )


def urged(appeal: Appeal, who: str) -> str:
    """To the one who urged."""
    whom = who or "值守的人"
    return f"已提醒{whom}，{appeal.short}号{until(appeal)}。"


def told_urged(appeal: Appeal, who: str) -> str:
    """To the one in charge."""
    first = f"{who} 催办 {appeal.number}（{appeal.short}号）：{sentence(appeal.summary)}"
    return f"{first}\n{until(appeal)}。"


def urged_already(appeal: Appeal) -> str:
    """A second time on one day."""
    return f"{appeal.short}号今天已经催过了，{until(appeal)}。"


def declined(appeal: Appeal, reason: str, instead: str) -> Said:
    """不受理: says who is responsible."""
    turn = f"\n这类事由{instead}负责，可以直接联系。" if instead else ""
    return Said(
        f"{appeal.short}号不在社区办理的范围：{sentence(short(reason))}{turn}",
        f"您反映的事（{appeal.short}号）不在社区办理的范围：{sentence(short(reason))}{turn}",
        "不受理，原因已告知",
    )


def struck(appeal: Appeal) -> Said:
    """销号."""
    text = f"{appeal.short}号已销号：{sentence(appeal.summary)}"
    return Said(text, text, "已销号")


def reopened(appeal: Appeal, reason: str) -> Said:
    """重开."""
    return Said(
        f"{appeal.short}号重新办理：{sentence(appeal.summary)}\n原因：{short(reason)}。{until(appeal)}。",
        f"您反映的事（{appeal.short}号）重新办理，{until(appeal)}。",
        "已重新办理",
    )


def told_reopened(appeal: Appeal, reason: str) -> str:
    """To the one in charge."""
    first = f"{appeal.number}（{appeal.short}号）重开了：{sentence(appeal.summary)}"
    return f"{first}\n原因：{short(reason)}。"


def rechecking(appeal: Appeal) -> str:
    """回头看 on a day."""
    day = say_day(appeal.recheck_at or appeal.due_at)
    return (
        f"{appeal.short}号{day}回头看：{sentence(appeal.summary)}\n"
        f"看过回复「回头看 {appeal.short} 情况」；又犯了回复「重开 {appeal.short} 原因」。"
    )


def rechecked(appeal: Appeal, found: str) -> str:
    """It was looked at again."""
    return f"{appeal.short}号回头看记下了：{sentence(short(found))}"


def merged(appeal: Appeal, into: Appeal, households: int) -> Said:
    """合并."""
    return Said(
        f"{appeal.short}号和{into.short}号是同一件事，合在{into.short}号一起办。\n"
        f"{into.short}号：{sentence(into.summary)}一共{households}户反映。",
        f"您反映的事（{appeal.short}号）和{into.short}号是同一件，合在一起办，进展用"
        f"「进度 {into.short}」看。",
        f"已并到{into.short}号（共{households}户）",
    )


def split(appeal: Appeal, others: Sequence[Appeal]) -> Said:
    """拆分."""
    lines = [f"{each.short}号 {each.summary}" for each in (appeal, *others)]
    numbers = "、".join(f"{each.short}号" for each in others)
    return Said(
        f"{appeal.short}号是几件事，分开办：\n" + "\n".join(lines),
        f"您反映的事（{appeal.short}号）分成{len(lines)}件来办，新的是{numbers}。",
        f"分成{len(lines)}件，新的是{numbers}",
    )


def swept(appeal: Appeal, others: Sequence[Appeal]) -> Said:
    """同类排查."""
    where = "、".join(f"{each.place.public}（{each.short}号）" for each in others)
    text = f"和{appeal.short}号同样的问题，再查{len(others)}处：{where}。"
    return Said(text, text, f"同类排查{len(others)}处：{where}")


def noted(appeal: Appeal) -> str:
    """备注."""
    return f"{appeal.short}号的备注记下了，只有工作人员看得到。"


def in_private_only(appeal: Appeal, command: str) -> str:
    """What a group must not read along."""
    return f"请私聊我发「{command} {appeal.short}」，群里不说这些。"


def joined(appeal: Appeal, households: int) -> str:
    """附议."""
    return f"记下了，{appeal.short}号已有{households}户反映，一起办。"


def joined_before(appeal: Appeal) -> str:
    """附议, again."""
    return f"您已经在{appeal.short}号里了，有进展会说。"


def lately(who: str, minute: str, act: str) -> str:
    """To the second of two who act at once."""
    return f"（{who} {minute}刚{act}过，现在以您这次为准）"
