"""What people answer to a notice of their own accord: 收到, a number, 已转发到5个群，转达3户."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from bot.language.numbers import parse_number
from bot.models import ReplyKind

_THANKS = r"(?:[\s,。!~]*(?:谢谢|感谢|辛苦|好的?|明白|知道)[^\s,。!~]{0,6})?[\s,。!~]*"
_RECEIVED = re.compile(rf"(?:好的?[\s,]*)?(?:已经?)?(?:收到|已阅)(?:了|啦|通知)?{_THANKS}")
_NUMBER = re.compile(r"(?P<n>\d{1,3})(?:个?人|位|户|份|个)?[。!~]?")
_N = r"(?P<n>\d{1,4}|[一二两三四五六七八九十百]{1,5})"
_GROUPS = re.compile(rf"(?:转发?|发)[到给了完至 ]*{_N} ?个?(?:微信|居民|楼道|小区|业主)?群")
_HOUSEHOLDS = re.compile(
    rf"(?:转达|转告|通知|告诉|告知|上门|走访|打电话|电话通知)[到给了完至 ]*{_N} ?(?:户|家)"
    "(?![具电])"
)
_ASKS = re.compile(r"[?？吗呢]|多少|几个|没有?(?:转|通知)|要不要|请|麻烦|帮")
_WHICH = re.compile(r"^n?(?P<number>\d{1,6}) ?号?通知?[\s,:]*(?=已|转|通知|告|上门|走访)")
_LONGEST = 60
_MOST = 500


class Reply(Struct, frozen=True):
    """One thing that was volunteered. `number` is 1 for 收到."""

    kind: ReplyKind
    number: int = 1


def read_replies(text: str) -> Sequence[Reply]:
    """What a message in normal form says about a notice; nothing for all other talk."""
    if len(text) > _LONGEST:
        return ()
    if _RECEIVED.fullmatch(text):
        return (Reply(ReplyKind.RECEIVED),)
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return (Reply(ReplyKind.NUMBER, int(number["n"])),)
    if _ASKS.search(text):
        return ()
    found = ((ReplyKind.GROUPS, _GROUPS), (ReplyKind.HOUSEHOLDS, _HOUSEHOLDS))
    replies = (
        Reply(kind, parse_number(match["n"]) or 0)
        for kind, pattern in found
        if (match := pattern.search(text)) is not None
    )
    return tuple(reply for reply in replies if 0 < reply.number <= _MOST)


def notice_number(text: str) -> str:
    """The notice that it names: `3` of 3号通知已转发到5个群; "" when it names none."""
    found = _WHICH.match(text)
    return found["number"] if found is not None else ""
