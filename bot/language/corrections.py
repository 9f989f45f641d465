"""Slips that people take back in the same breath: 3幢，不对，是5幢路灯不亮 → 5幢路灯不亮.

Only places are corrected: what was meant takes the stand of what was said first. NFKC texts. Pure.
"""

from __future__ import annotations

import re
from itertools import pairwise

from bot.language.places import PlaceSpan, find_places

_LONGEST = 500
"""Characters that are read; what stands behind them is kept as it is."""

_SIGN = re.compile(
    r"(?<!是)(?:不对(?!劲|头|称)|不是|说错|写错|打错|搞错|记错|输错|弄错|错了|更正|口误|sorry|而是)"
)
_TAKEN_BACK = re.compile(
    r"(?:^|[,，。 !…~.、(]|[啊呀哦噢呃额诶哎])(?:哦|噢|啊|呃|额|诶|哎|我)?"
    r"(?:不对[,， ]?不对|不对|不是|说错了?|写错了?|打错了?|搞错了?|记错了?|输错了?|弄错了?|错了|"
    r"更正(?:一下|下)?|口误|sorry)[啊呀哦]?"
    r"(?:[,，。:： !…~]*(?:应该是|应为|改成|我说的是|我是说|是在|是))?[,，。:： …~]*$"
)
_DENIED = re.compile(r"^[的]?[,， ]?(?:而是|是在|是)$")


def correct(text: str) -> str:
    """The text with every corrected place set right; the same text when none was."""
    head = text[:_LONGEST]
    if not _SIGN.search(head):
        return text
    said = [match for match in find_places(head) if match.place.building or match.place.unit]
    for first, second in pairwise(said):
        between = head[first.end : second.start]
        if head[: first.start].endswith("不是") and _DENIED.match(between):
            return correct(head[: first.start - 2] + text[second.start :])
        sign = _TAKEN_BACK.search(between)
        if sign is not None:
            return correct(_swap(text, first, second, first.end + sign.start()))
    return text


def _swap(text: str, wrong: PlaceSpan, right: PlaceSpan, until: int) -> str:
    """`right` in the stand of `wrong`, the words up to `until` kept, the slip left out."""
    kept = text[wrong.end : until]
    return text[: wrong.start] + right.text + kept + text[right.end :]
