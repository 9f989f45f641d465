"""Words of the steward's desk: lists, details, steps."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, State, Urgency, presentable, say_day, sentence

EMPTY = "现在没有未办结的诉求。"
WHICH = {
    "详情": "看哪一条？例：详情 12",
    "受理": "受理哪一条？例：受理 12",
    "办结": "哪一条办好了？例：办结 12 已换灯泡",
    "转办": "哪一条转给谁？例：转办 12 物业",
    "登记": "请把事情写在后面，例：登记 3幢楼道灯不亮",
    "发布": "什么时候发什么？例：发布 明天8:00 停水通知：…",
}
LONGEST_RESULT = 60


def standing(appeal: Appeal) -> str:
    """The state's name; what is missing when it is the place."""
    known = appeal.place.building or appeal.place.spot
    return f"{appeal.state}地点" if appeal.state is State.NEEDS_INFO and not known else appeal.state


def result(appeal: Appeal) -> str:
    """What was done, as a sentence that a group may read; empty when nothing was said."""
    return sentence(presentable(appeal.result, LONGEST_RESULT))


def to_whom(appeal: Appeal) -> str:
    """A transfer without a unit."""
    return f"{appeal.short}号转给谁？例：转办 {appeal.short} 物业"


def row(appeal: Appeal) -> str:
    """One line of a list."""
    state = standing(appeal)
    return f"{appeal.short}号 {appeal.summary}（{state}，{say_day(appeal.due_at)}前）"


def listing(where: str, appeals: Sequence[Appeal], more: int, private: bool) -> str:
    """The open appeals of a group or an area, the most urgent first."""
    head = f"{where} 未办结{len(appeals) + more}件"
    if more:
        head += f"，先看最急的{len(appeals)}件" + ("" if private else "，私聊发「清单」看全部")
    return "\n".join([head + "：", *(row(appeal) for appeal in appeals)])


def only_in_private(appeal: Appeal) -> str:
    """Details of a private matter, asked for in a group."""
    return f"这条不便在群里看，请私聊我发「详情 {appeal.short}」。"


def details(appeal: Appeal, category: str, handler: str) -> str:
    """What a group may read."""
    doing = f"，{handler}在办" if handler and appeal.state is State.WORKING else ""
    lines = [
        f"{appeal.short}号（{appeal.number}）：{appeal.summary}",
        f"{category}，{appeal.unit}负责，{standing(appeal)}{doing}，{say_day(appeal.due_at)}前",
    ]
    if appeal.result:
        lines.append(f"结果：{result(appeal)}")
    return "\n".join(lines)


def full_details(appeal: Appeal, category: str, handler: str, reporter: str) -> str:
    """What the staff in charge may read in private."""
    place = appeal.place.full or "没有说地点"
    return (
        details(appeal, category, handler)
        + f"\n反映人：{reporter}，地点：{place}\n原话：「{appeal.text}」"
    )


def started(appeal: Appeal, who: str) -> str:
    """Somebody took it."""
    return f"{appeal.short}号已由{who}接手：{sentence(appeal.summary)}\n{until(appeal)}。"


def started_private(appeal: Appeal, who: str) -> str:
    """To the asker alone."""
    return f"您反映的事（{appeal.short}号）已由{who}接手，{until(appeal)}。"


def transferred(appeal: Appeal) -> str:
    """It went to another unit."""
    first = f"{appeal.short}号已转给{appeal.unit}：{sentence(appeal.summary)}"
    return f"{first}\n{until(appeal)}。"


def transferred_private(appeal: Appeal) -> str:
    """To the asker alone."""
    return f"您反映的事（{appeal.short}号）已转给{appeal.unit}，{until(appeal)}。"


def closed(appeal: Appeal) -> str:
    """It is done."""
    first = f"{appeal.short}号{outcome(appeal)}：{sentence(appeal.summary)}"
    return f"{first}\n{result(appeal)}".rstrip()


def closed_private(appeal: Appeal) -> str:
    """To the asker alone."""
    head = f"您反映的事（{appeal.short}号）{outcome(appeal)}"
    return f"{head}：{result(appeal)}" if appeal.result else f"{head}。"


def until(appeal: Appeal) -> str:
    """By when; a suggestion is owed an answer, no works."""
    what = "答复" if appeal.urgency is Urgency.P3 else "办好"
    return f"最迟{say_day(appeal.due_at)}前{what}"


def outcome(appeal: Appeal) -> str:
    """How a matter ends: works are done, a suggestion has its answer."""
    return "有结果了" if appeal.urgency is Urgency.P3 else "已办好"


def noted(appeal: Appeal, done: str, told: str) -> str:
    """To the one who did it, when the others were told elsewhere (or nobody was)."""
    return f"{appeal.short}号{done}，{told}。" if told else f"{appeal.short}号{done}。"
