"""Saying no: what cannot be done, and what can, with the person's own values."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal

OFFERED = 4
_COMMANDS = {"确认": "销号"}
MAY_NOT_ANNOUNCE = "发通知要由这个群的管家或社区来发。有事您可以直接跟我说。"


def name(number: str) -> str:
    """`12号`, or the full number as it is."""
    return number if number.startswith("SQ") else f"{number}号"


def not_allowed(act: str, number: str) -> str:
    """Not with this role: who may, and what this person can do instead."""
    instead = f"您可以回复「进度 {number}」看到哪一步了。" if number else "有事您可以直接跟我说。"
    return f"{act}要由管家来点。{instead}"


def not_own(number: str) -> str:
    """Taking back what somebody else has asked for."""
    return f"{name(number)}不是您反映的，撤回要由反映的人或管家来。"


def other_area(number: str) -> str:
    """Staff, but of another micro-grid."""
    what = name(number) if number else "这个群"
    return f"{what}不在您负责的网格，请找本网格的管家。"


def not_found(number: str, group: bool, staff: bool) -> str:
    """No such appeal here; where to look."""
    where = "这个群" if group else "您这里"
    look = "回复「清单」看有哪些。" if staff else "回复「进度」看看您自己的。"
    return f"{where}没有{name(number)}，{look}"


def which_one(lines: Sequence[str]) -> str:
    """The number, or the description, fits several."""
    return "\n".join([f"有{len(lines)}件对得上，是哪一件？回复数字就好：", *lines])


def candidate(index: int, appeal: Appeal, group: str) -> str:
    """One of them."""
    return f"{index} {group} {appeal.short}号 {appeal.summary}".replace("  ", " ")


def several_called(names: Sequence[str]) -> str:
    """A name that fits several people."""
    return f"有几位都叫这个名字：{'、'.join(names[:5])}，请写全名。"


def not_mine_to_decide(command: str, number: str) -> str:
    """Staff of the right area whose role is too small."""
    if command == "认领":
        return f"认领是共建单位的事，您直接回复「受理 {number}」。"
    if command == "附议":
        return f"您可以直接回复「受理 {number}」。"
    return f"{command}要由网格长或社区来定，您可以回复「上报 {number} 原因」。"


def not_of_your_kind(number: str) -> str:
    """A partner unit, and a matter that is not of its kinds."""
    return f"{name(number)}不在您单位能认领的范围，回复「清单」看有哪些。"


def done_by(who: str, when: str, act: str) -> str:
    """What brought a matter into its state."""
    return f"已由{who}{when}{act}"


def not_possible(number: str, reason: str, possible: Sequence[str], done: str = "") -> str:
    """The step does not fit the state: who did what before, and what would; or a full reason."""
    if reason.endswith("。") or not number:
        return reason
    if not possible:
        return f"{name(number)}{done or reason}，不用再点了。"
    offered = [_COMMANDS.get(act, act) for act in possible if act != "补充"][:OFFERED]
    acts = "、".join(f"{act} {number}" for act in offered)
    told = f"{done}，" if done else ""
    return f"{name(number)}{told}现在是「{reason}」，可以：{acts}"
