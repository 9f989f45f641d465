"""How a matter went: one line a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot import FLOW, Act, Appeal, Ear, Event, presentable, read_time, say_day, say_when

LONGEST = 40
_NAMES = {"unit": "负责单位", "level": "层级", "claimant": "认领单位", "summary": "摘要"}
_DAYS = {"due_at": "期限", "parked_until": "挂到", "recheck_at": "回头看"}
_KNOWN = frozenset(Act)


def told(appeal: Appeal, lines: Sequence[str], more: int) -> str:
    """The whole story, or its end."""
    head = f"{appeal.short}号（{appeal.number}）的经过"
    if more:
        head += f"，最近{len(lines)}步，全部私聊看"
    return "\n".join([head + "：", *lines])


def line(event: Event, who: str, inside: bool) -> str:
    """Who did what when; for staff also why, and what it was before and after."""
    first = f"{say_when(event.at)} {who or '到时自动'} {event.action}"
    if event.action == Act.UNDO and event.reason:
        return f"{first}「{event.reason}」"
    reason = presentable(event.reason, LONGEST) if inside or _open(event) else ""
    changed = "，".join(_changes(event)) if inside else ""
    return first + (f"：{reason}" if reason else "") + (f"（{changed}）" if changed else "")


def is_public(event: Event) -> bool:
    """Whether the one who asked may read of it: not what stays among staff."""
    return event.action not in {Act.NOTE, Act.URGE} and event.reason != Act.NOTE


def _open(event: Event) -> bool:
    """Whether the reason was said to the group or the asker when it happened."""
    if event.action not in _KNOWN or Act(event.action) not in FLOW:
        return False
    return bool(FLOW[Act(event.action)].tells & {Ear.GROUP, Ear.ASKER})


def _changes(event: Event) -> list[str]:
    if not event.before:
        return []
    found = [_pair("state", "", event.before, event.after)]
    found += [_pair(name, word, event.before, event.after) for name, word in _NAMES.items()]
    for name, word in _DAYS.items():
        if name in event.after:
            found.append(f"{word} {_day(event.before[name])}→{_day(event.after[name])}")
    return [words for words in found if words]


def _pair(name: str, word: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    old, new = before.get(name, ""), after.get(name, "")
    if old == new:
        return ""
    return f"{word} {presentable(old, 20) or '无'}→{presentable(new, 20) or '无'}".strip()


def _day(text: str) -> str:
    return say_day(read_time(text)) if text else "无"
