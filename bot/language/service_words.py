"""What volunteers did, as they report it: `6人 2小时 清理楼道` in any order."""

from __future__ import annotations

import re

from msgspec import Struct

from bot.language.numbers import parse_number

_NUMBER = r"\d{1,4}|[一二两三四五六七八九十百]{1,4}"
_PEOPLE = re.compile(rf"(?P<n>{_NUMBER})\s*(?:个)?(?:人|名|位)(?!次)(?:志愿者|队员|居民|党员)?")
_HOURS = re.compile(
    rf"(?:每人|各)?\s*(?P<n>\d{{1,2}}(?:\.\d{{1,2}})?|{_NUMBER}|半)\s*个?(?P<half>半)?"
    r"(?P<unit>小时|钟头|h|分钟)(?P<more>半)?",
    re.IGNORECASE,
)
_EDGES = " ,，。;；、:："


class Work(Struct, frozen=True):
    """How many people, for how long each, at what."""

    people: int
    minutes: int
    what: str


def find_work(text: str) -> Work | None:
    """None when people, time or deed is missing. A normalised text."""
    people, hours = _PEOPLE.search(text), _HOURS.search(text)
    if people is None or hours is None:
        return None
    number, minutes = parse_number(people["n"]), _minutes(hours)
    first, second = sorted((people.span(), hours.span()))
    what = text[: first[0]] + " " + text[first[1] : second[0]] + " " + text[second[1] :]
    words = " ".join(part.strip(_EDGES) for part in what.split() if part.strip(_EDGES))
    if not number or not minutes or not words:
        return None
    return Work(number, minutes, words)


def _minutes(hours: re.Match[str]) -> int:
    """半小时 30, 一个半小时 90, 1.5小时 90, 40分钟 40."""
    told = hours["n"]
    if told == "半":
        return 30
    amount = float(told) if told[0].isdecimal() else float(parse_number(told) or 0)
    if hours["half"] or hours["more"]:
        amount += 0.5
    return round(amount) if hours["unit"] == "分钟" else round(amount * 60)
