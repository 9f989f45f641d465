"""A term in the words behind a command: `到下周三，等业主回来` → Wednesday, 等业主回来.

Texts are already normalised. A day without a clock time ends when the office closes.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from msgspec import Struct

from bot.language.dates import find_when
from bot.language.numbers import parse_number
from bot.models import SHANGHAI

_SPAN = re.compile(
    r"^(?:再|延长|延|推迟|过)?\s*(\d{1,3}|[一二两三四五六七八九十半]{1,3})\s*(个月|个?星期|个?礼拜|周|天|日)"
    r"(?:之后|以后|后|内|再)?(?![一二三四五六日月\d])"
)
_DAYS = {"个月": 30, "周": 7, "天": 1, "日": 1}
_LEAD = re.compile(r"(?:延期|推迟|延迟)?(?:到|至|于|在|截止|期限)?[ :,]*$")
_TRAIL = re.compile(
    r"^(?:之前|以前|前|为止|再说|再看|再办)?[ :,.。,;、]*(?:因为|由于|原因是?:?|理由是?:?)?"
)
_DATE_LIKE = re.compile(
    r"\d{1,4}[年月/.-]\d{1,2}|[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号]"
)


class Term(Struct, frozen=True):
    """The moment that was named (None: none), the words around it, and whether something looked
    like a day that does not exist (2月30日). `span`: it was told as a number of days.
    """

    at: datetime | None
    rest: str
    impossible: bool = False
    span: timedelta | None = None


def find_term(text: str, now: datetime, closes: time) -> Term:
    """The first term in `text`, counted from `now`."""
    span = _SPAN.match(text)
    if span is not None:
        amount = 0 if span[1] == "半" else parse_number(span[1]) or 0
        long = timedelta(days=15 if span[1] == "半" else amount * _unit(span[2]))
        return Term(_closing(now + long, closes), _TRAIL.sub("", text[span.end() :]), span=long)
    when = find_when(text, now)
    if when is None or not (when.dated or when.timed):
        return Term(None, text, impossible=_DATE_LIKE.search(text) is not None)
    before = _LEAD.sub("", text[: when.start])
    rest = f"{before} {_TRAIL.sub('', text[when.end :])}".strip(" ,;、")
    return Term(when.at if when.timed else _closing(when.at, closes), rest)


def _unit(word: str) -> int:
    return _DAYS.get(word, 7)


def _closing(at: datetime, closes: time) -> datetime:
    return datetime.combine(at.astimezone(SHANGHAI).date(), closes, SHANGHAI)
