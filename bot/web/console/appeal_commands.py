"""What a filled-in form says: one line of one command with the full number.

What was typed stands behind the number as words. Line breaks go, so that nothing typed can begin a
command of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from bot.errors import Faulty
from bot.rules.appeal_flow import Act
from bot.web.console.appeal_forms import LOOKED, PHOTOS
from bot.web.console.forms import Form

LONGEST = 200
MOST_PARTS = 20
_OTHER = re.compile(r"(?:SQ\d{8}-\d{1,6}|\d{1,8})号?", re.IGNORECASE | re.ASCII)
Read = Callable[[Form, date], str]


def command(act: str, number: str, form: Form, today: date) -> str:
    """What a filled-in form says. Raises `Faulty` for what is missing."""
    if act == Act.MERGE:
        other = _line(form, "other")
        if not _OTHER.fullmatch(other):
            raise Faulty("另一件的编号", "missing")
        return f"合并 {other.rstrip('号')} {number}"
    word = {LOOKED: Act.RECHECK.value}.get(act, act)
    parts = [read(form, today) for read in _PARTS.get(act, _ONLY_WORDS)]
    return " ".join([word, number, *filter(None, parts)])


def _line(form: Form, name: str) -> str:
    """A field as one line."""
    return " ".join(form.text(name).split())[:LONGEST]


def _words(form: Form, today: date) -> str:
    return _line(form, "words")


def _needed(name: str, label: str) -> Read:
    def read(form: Form, today: date) -> str:
        text = _line(form, name)
        if not text:
            raise Faulty(label)
        return text

    return read


def _day(form: Form, today: date) -> str:
    text = form.text("day")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Faulty("日期", "impossible" if text else "missing") from None
    if day < today:
        raise Faulty("日期", "past")
    return f"{day.year}年{day.month}月{day.day}日"


def _maybe_day(form: Form, today: date) -> str:
    return _day(form, today) if form.text("day") else ""


def _to_whom(form: Form, today: date) -> str:
    who = _line(form, "who") or _line(form, "unit")
    if not who:
        raise Faulty("派给谁")
    return who


def _parts(form: Form, today: date) -> str:
    lines = [" ".join(line.split()) for line in form.text("parts").split("\n")]
    found = [line for line in lines if line]
    if not 2 <= len(found) <= MOST_PARTS:
        raise Faulty("至少两件事（一行一件）")
    return "；".join(found)


_ONLY_WORDS = (_words,)
_PARTS: Mapping[str, Sequence[Read]] = {
    Act.START: (), Act.CONFIRM_CLAIM: (), Act.WITHDRAW: (), Act.UNDO: (),
    Act.SUPPLY: (_needed("words", "问到了什么"),),
    Act.NOTE: (_needed("words", "备注"),),
    Act.ASK: (_needed("words", "要问什么"),),
    Act.ANSWER: (_needed("words", "答复"),),
    Act.REOPEN: (_needed("words", "原因"),),
    Act.DECLINE: (_needed("words", "原因"),),
    Act.REJECT: (_needed("words", "原因"),),
    Act.RETURN_CLAIM: (_needed("words", "原因"),),
    Act.ASSIGN: (_to_whom,),
    Act.TRANSFER: (_needed("unit", "单位"), _maybe_day),
    Act.PARK: (_day, _needed("words", "原因")),
    Act.EXTEND: (_day, _needed("words", "原因")),
    Act.ESCALATE: (_needed("to", "上报到哪里"), _needed("words", "原因")),
    Act.SORT: (_needed("category", "类别"),),
    Act.SPLIT: (_parts,),
    Act.SWEEP: (_needed("places", "地点"),),
    Act.RECHECK: (_day,),
    LOOKED: (_needed("words", "情况"),),
    PHOTOS: (lambda form, today: _line(form, "role"),),
}  # fmt: skip
