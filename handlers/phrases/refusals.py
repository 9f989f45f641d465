"""Saying no: what cannot be done, and what can, with the person's own values."""

from __future__ import annotations

from collections.abc import Sequence

OFFERED = 4
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


def ambiguous(command: str, numbers: Sequence[str], rest: str) -> str:
    """The short number fits several."""
    examples = [f"{command} {number} {rest}".strip() for number in numbers[:3]]
    return "有几条同号，请用全号，例：\n" + "\n".join(examples)


def not_possible(number: str, reason: str, possible: Sequence[str]) -> str:
    """The step does not fit the state: what would; or a reason that says it all."""
    if reason.endswith("。") or not number:
        return reason
    if not possible:
        return f"{name(number)}{reason}，不用再点了。"
    offered = [act for act in possible if act != "补充"][:OFFERED]
    acts = "、".join(f"{act} {number}" for act in offered)
    return f"{name(number)}现在是「{reason}」，可以：{acts}"
