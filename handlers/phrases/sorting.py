"""Words of sorting a matter anew."""

from __future__ import annotations

from collections.abc import Sequence

from bot import Appeal, Audience, Track, say_day

WHICH = {
    "分类": "改哪一条？例：分类 12 消防通道",
    "现场处置": "哪一条当场办？例：现场处置 12",
    "列入清单": "哪一条列入清单？例：列入清单 12",
}


def to_what(number: int) -> str:
    """A command without a kind."""
    return f"{number}号归哪一类？例：分类 {number} 消防通道"


def unknown(words: str, names: Sequence[str]) -> str:
    """No kind is called so."""
    return f"没有「{words}」这一类。有：{'、'.join(names)}。"


def already(appeal: Appeal, category: str) -> str:
    """It is of that kind."""
    return f"{appeal.short}号本来就是「{category}」。"


def sorted_anew(appeal: Appeal, category: str, estimated: bool) -> str:
    """Another kind; what follows from it. A group reads no more than it may."""
    if appeal.audience is not Audience.PUBLIC:
        return "改好了，这条以后不在群里说。"
    until = say_day(appeal.due_at) + ("（暂估）" if estimated else "")
    return f"{appeal.short}号改为「{category}」：{appeal.unit}负责，最迟{until}前。"


def tracked(appeal: Appeal) -> str:
    """On the other track."""
    if appeal.track is Track.SPOT:
        return f"{appeal.short}号改为现场处置，办好回复「办结 {appeal.short} 说明」。"
    return f"{appeal.short}号列入清单，逐项销号。"
