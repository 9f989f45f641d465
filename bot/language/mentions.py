"""Whether `@name` in a text is the bot, and the text without it.

A client ends the @ that it makes with U+2005, so before that sign the name must be whole. What is
typed by hand may run on without a blank (`@海棠管家停水了`): there the words behind decide whether
they go on talking or belong to somebody's longer name (`@海棠管家2号`, `@海棠苑小李`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.language.text import half_width

_AT = re.compile("[@＠﹫]")
_CLIENT_END = "\u2005"
_LONG_NAME = 4
# What may stand between a bot's name and a client's end sign when both belong to another's name.
_LONGER = re.compile(rf"[^{_CLIENT_END}@,，.。!！?？:：;；、\n]{{1,12}}{_CLIENT_END}")
# Signs that people put into their names; every other sign ends ours.
_JOINING = "-_·.~&+|'\"([{（【「《"
_LAUNCH = re.compile(r"\d{1,4}(?:号楼|号门|幢|栋|楼|单元|室|月|点|:\d)")
_SERIES = r"[一二三四五六七八九十两]{1,3}号(?![楼幢栋门线])|号(?!楼)"
_OTHER_LONG = re.compile(_SERIES + r"|们|助手|助理|小号|群|团队|分队|粉丝")
_OTHER_SHORT = re.compile(
    _SERIES
    + r"|们|助手|助理|群|管家|物业|社区|业委|苑|园|城|街|店|村|湾|府|庭|阁|轩|人|总|阿"
    + r"|花(?![坛草园池盆])|路(?![灯面上口边牌])|家(?![里门中的])|里(?!面)|居(?![住民])"
    + r"|小(?![区孩学偷狗猫广水])|[老大]?[姐哥妹弟妈爸爷奶叔姨婶嫂伯]|老(?:师|板)|先生|女士"
    + r"|主任|书记|经理|[\u4e00-\u9fff]{1,2}(?:老师|阿姨|先生|女士|医生|师傅)"
)
# A few signs and a blank: a longer name, by a bridge that makes the client's sign a plain blank.
_NICKNAME = re.compile(r"[^\s,，。！？!?：:；;、@]{1,4}\s+\S")
_BEHIND = re.compile(r"\s*[,，:：、]?\s*")


def strip_mentions(text: str, names: Sequence[str]) -> tuple[str, bool]:
    """Take every `@name` of the bot out; returns the rest and whether there was one.

    An @ within a token (an e-mail address) is none, nor is one of somebody whose name only begins
    like ours. Full-width letters and every kind of blank match their plain forms.
    """
    if _AT.search(text) is None:
        return text, False
    pattern = _mention(tuple(names))
    if pattern is None:
        return text, False
    folded = half_width(text)
    kept, start = [], 0
    for match in pattern.finditer(folded):
        if _is_ours(text, folded, match.end(), len(match.group()) - 1):
            kept.append(text[start : match.start()])
            behind = _BEHIND.match(text, match.end())
            start = behind.end() if behind else match.end()
    return ("".join([*kept, text[start:]]).strip(), True) if kept else (text, False)


@lru_cache(maxsize=256)
def _mention(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """One pattern for all names, the longest first; None when there is no name."""
    known = {" ".join(half_width(name).split()) for name in names} - {""}
    if not known:
        return None
    longest_first = sorted(known, key=lambda name: (-len(name), name))
    bodies = "|".join(r"\s+".join(map(re.escape, name.split(" "))) for name in longest_first)
    return re.compile(rf"(?<![A-Za-z0-9._%+-])@(?:{bodies})", re.IGNORECASE)


def _is_ours(text: str, folded: str, end: int, length: int) -> bool:
    """Whether the name of this length that ends here is whole."""
    if end == len(text) or text[end] == _CLIENT_END:
        return True
    if _LONGER.match(text, end):
        return False
    following = folded[end]
    if following.isalnum():
        return _goes_on_talking(folded, end, length)
    is_address = following == "." and folded[end + 1 : end + 2].isalnum()
    return not is_address and (following == "." or following not in _JOINING)


def _goes_on_talking(folded: str, end: int, length: int) -> bool:
    """Whether words without a blank behind the name are no part of a name."""
    if folded[end].isascii():
        return folded[end].isdigit() and _LAUNCH.match(folded, end) is not None
    if length >= _LONG_NAME:
        return _OTHER_LONG.match(folded, end) is None
    return _OTHER_SHORT.match(folded, end) is None and _NICKNAME.match(folded, end) is None
