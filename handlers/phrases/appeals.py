"""Words around recording an appeal."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, Urgency, say_day, say_when

MANY = "您这一小时说的事比较多，都记下了，不再一条条回。查进度回复「进度」。"
DROPPED = "好的，这条不登记了。"


def deadline(appeal: Appeal, by_day: bool, estimated: bool) -> str:
    """`11月26日` for working days, day and hour for hours; 暂估 beyond the holiday table."""
    until = say_day(appeal.due_at) if by_day else say_when(appeal.due_at)
    return f"{until}（暂估）" if estimated else until


def receipt(appeal: Appeal, category: str, *, by_day: bool, estimated: bool, private: bool) -> str:
    """The receipt: number, matter, who, by when, how to ask."""
    number = f"{appeal.number}（{appeal.short}号）" if private else f"{appeal.short}号"
    where = "会告诉您" if private else "会在群里告诉您"
    until = deadline(appeal, by_day, estimated)
    what = f"答复，有结果{where}" if appeal.urgency is Urgency.P3 else f"处理，办好{where}"
    return (
        f"已登记 {number}：{appeal.summary}（{category}）。\n"
        f"{appeal.unit}最迟{until}前{what}。\n"
        f"查进度回复「进度 {appeal.short}」。"
    )


def receipts(appeals: Sequence[Appeal], missing: Appeal | None) -> str:
    """Several matters of one message in one receipt."""
    told = "；".join(f"{appeal.short}号{appeal.summary}" for appeal in appeals)
    head = f"已登记{len(appeals)}件：{told}。" if len(appeals) > 1 else f"已登记 {told}。"
    if missing is None:
        return f"{head}\n查进度回复「进度 {appeals[0].short}」这样的编号。"
    return f"{head}\n{missing.short}号是几幢附近？"


def perhaps_the_same(appeal: Appeal, twin: Appeal) -> str:
    """To those on duty: a neighbour told what is on the list already, as it seems."""
    return (
        f"{appeal.short}号疑似重复 {twin.number}（{twin.short}号）：{twin.summary}\n"
        f"是一件就回复「合并 {twin.short} {appeal.short}」。"
    )


def which_building(summary: str) -> str:
    """The one question."""
    return f"收到，{summary}。是几幢附近？"


def in_confidence(number: str, told: bool) -> str:
    """A matter that a group must not hear of; `number` in private only."""
    first = f"已收到（{number}）" if number else "已收到"
    if not told:
        return first + "。这里暂时没有值守的人，请直接打社区电话说。"
    quiet = "" if number else "，群里不再细说"
    return f"{first}，工作人员会私下联系您{quiet}。"


def told_in_private(where: str, who: str, appeal: Appeal) -> str:
    """What those on duty read about a matter that a group must not."""
    first = f"{where} {who} 反映了一件不便公开的事（{appeal.number}）："
    return f"{first}\n「{appeal.text}」\n请私下联系。"


def told_elsewhere(who: str, appeal: Appeal) -> str:
    """What those on duty read about an appeal that nobody else saw."""
    return (
        f"{who} 私聊登记了 {appeal.number}（{appeal.short}号）：{appeal.summary}\n"
        f"接手回复「受理 {appeal.short}」，看全文回复「详情 {appeal.short}」。"
    )
