"""Whether the settings about hours and terms make sense."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.models import Standing
from bot.rules.deadlines import Span
from bot.rules.standing import Timetable, read_hour

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def hours_faults(section: str, first: tuple[str, str], last: tuple[str, str]) -> list[str]:
    """Two times of a day, each as (key, value), the first before the last."""
    faults = [
        f"设置「{section}.{key}」的值是「{value}」，应写成 08:30 这样的时间。"
        for key, value in (first, last)
        if not _CLOCK.fullmatch(value)
    ]
    if not faults and first[1] >= last[1]:
        faults.append(
            f"设置「{section}.{last[0]}」的值是「{last[1]}」，应晚于「{section}.{first[0]}」的"
            f"「{first[1]}」。"
        )
    return faults


def standing_faults(hours: Mapping[Standing, str]) -> Iterator[str]:
    """Times of standing messages, by day; an empty one is not told."""
    for standing, value in hours.items():
        usual = Timetable().hour(standing)
        if not value or usual is None:
            continue
        try:
            read_hour(value, standing, usual)
        except ValueError:
            key, example = standing.name.lower(), str(usual)
            yield (
                f"设置「standing.{key}」的值是「{value}」，应写成 {example} 这样的时间，"
                "在7点到21点之间，不要就留空。"
            )


def quiet_faults(section: str, since: str, until: str) -> list[str]:
    """Two times of a day with a night between them; both empty: there are none."""
    if not since and not until:
        return []
    return [
        f"设置「{section}.{key}」的值是「{value}」，应写成 21:30 这样的时间，"
        "两个都空着就是不分昼夜。"
        for key, value in (("quiet_from", since), ("quiet_until", until))
        if not _CLOCK.fullmatch(value)
    ]


def ladder_faults(section: str, rungs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Terms after a deadline, each longer than the one before; an empty one is left out."""
    longest: tuple[float, str] | None = None
    for key, value in rungs:
        if not value:
            continue
        try:
            span = Span.parse(value)
        except ValueError:
            yield f"设置「{section}.{key}」的值是「{value}」，应写成 4h 或 1wd，不用就留空。"
            continue
        length = span.amount * (9.0 if span.in_days else 1.0)
        if longest is not None and length <= longest[0]:
            yield f"设置「{section}.{key}」的值是「{value}」，应比「{section}.{longest[1]}」长。"
        longest = (length, key)
