"""Transcripts: what is played by `haitang replay`, one JSON object a line.

Everything is read and checked before anything is played: a bad line is an error that names it,
and nothing is half done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct, field

from bot.errors import TranscriptError
from bot.models import SHANGHAI, Listen, Role
from bot.shapes import explain

_SPAN = re.compile(r"^(\d{1,6})([smhd])$")
EARLIEST = datetime(2000, 1, 1, tzinfo=SHANGHAI)
LATEST = datetime(2100, 1, 1, tzinfo=SHANGHAI)
_TOO_FAR = "时间走得太远，请停在2100年以前"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all lines: unknown keys are errors."""


class GroupLine(Line, frozen=True, kw_only=True):
    """Registers a group; `tags` and `buildings` are what notices may be addressed by."""

    group: str
    area: str = ""
    listen: Listen = Listen.ALL
    tags: list[str] = []
    buildings: list[str] = []


class PersonLine(Line, frozen=True, kw_only=True):
    """Registers a person; a partner with its `unit` and the kinds of matters it `serves`."""

    person: str
    role: Role = Role.RESIDENT
    area: str = ""
    unit: str = ""
    serves: list[str] = []


class SayLine(Line, frozen=True, kw_only=True):
    """Somebody says something; without `in` in private. `attachments` are files that come with it,
    found from where the transcript lies."""

    say: str
    who: str
    group: str = field(name="in", default="")
    mention: bool = False
    attachments: list[str] = []


class WaitLine(Line, frozen=True, kw_only=True):
    """Time passes: `30s`, `90m`, `2h`, `1d`."""

    wait: str

    def span(self) -> timedelta:
        """How long. Raises `ValueError`."""
        found = _SPAN.match(self.wait)
        if found is None:
            raise ValueError(f"wait「{self.wait}」看不懂，应写成 90m、2h、30s 或 1d")
        return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})


class UntilLine(Line, frozen=True, kw_only=True):
    """Time passes until an instant with its offset."""

    until: datetime


class FaqLine(Line, frozen=True, kw_only=True):
    """Adds an approved entry."""

    faq: str
    answer: str
    source: str = ""


Step = GroupLine | PersonLine | SayLine | WaitLine | UntilLine | FaqLine
_KINDS: dict[str, type[Step]] = {
    "group": GroupLine,
    "person": PersonLine,
    "say": SayLine,
    "wait": WaitLine,
    "until": UntilLine,
    "faq": FaqLine,
}


def read(
    text: str, start: datetime, known_groups: set[str], folder: Path = Path()
) -> list[tuple[int, Step]]:
    """All steps with their line numbers. Raises `TranscriptError` for the first bad line.

    `start` is when the play begins; `known_groups` are registered already; attachments are looked
    for in `folder`, and their paths come back whole.
    """
    now = start
    groups = set(known_groups)
    steps: list[tuple[int, Step]] = []
    for number, step in _steps(text):
        now = _check(number, step, groups, now)
        steps.append((number, _located(number, step, folder)))
    return steps


def _steps(text: str) -> Iterator[tuple[int, Step]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _parse(number, line)


def _parse(number: int, line: str) -> Step:
    try:
        data = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise TranscriptError(number, f"不是 JSON（{error}），写法见 examples/") from None
    if not isinstance(data, dict):
        raise TranscriptError(number, "应是一个 JSON 对象，写法见 examples/")
    kinds = [kind for key, kind in _KINDS.items() if key in data]
    if "say" in data:
        kinds = [SayLine]
    if len(kinds) != 1:
        raise TranscriptError(number, f"要有且只有一个动作：{'、'.join(_KINDS)}")
    try:
        return msgspec.convert(data, kinds[0])
    except msgspec.ValidationError as error:
        raise TranscriptError(number, explain(str(error), data)) from None


def _check(number: int, step: Step, groups: set[str], now: datetime) -> datetime:
    """What JSON cannot say; returns the time after the step."""
    match step:
        case GroupLine():
            if not step.group or not step.area:
                raise TranscriptError(number, "群要有名字（group）和网格（area）")
            groups.add(step.group)
        case PersonLine() if not step.person:
            raise TranscriptError(number, "人要有名字（person）")
        case SayLine():
            _check_say(number, step, groups)
        case FaqLine() if not step.faq or not step.answer:
            raise TranscriptError(number, "问答要有问题（faq）和答案（answer）")
        case WaitLine():
            return _after_wait(number, step, now)
        case UntilLine():
            return _check_until(number, step, now)
    return now


def _located(number: int, step: Step, folder: Path) -> Step:
    if not isinstance(step, SayLine) or not step.attachments:
        return step
    paths = [folder / name for name in step.attachments]
    for path in paths:
        if not path.is_file():
            raise TranscriptError(number, f"没有「{path}」这个文件，路径从剧本所在的目录算起")
    return msgspec.structs.replace(step, attachments=[str(path) for path in paths])


def _after_wait(number: int, step: WaitLine, now: datetime) -> datetime:
    try:
        return _bounded(number, now + step.span())
    except ValueError as error:
        raise TranscriptError(number, str(error)) from None
    except OverflowError:
        raise TranscriptError(number, _TOO_FAR) from None


def _bounded(number: int, at: datetime) -> datetime:
    """Years that calendars know; the edges of time cannot be shown in every zone."""
    if at >= LATEST:
        raise TranscriptError(number, _TOO_FAR)
    return at


def _check_say(number: int, step: SayLine, groups: set[str]) -> None:
    if not step.who:
        raise TranscriptError(number, "要写明是谁说的（who）")
    if step.group and step.group not in groups:
        raise TranscriptError(number, f"没有登记过「{step.group}」这个群，先写一行 group")


def _check_until(number: int, step: UntilLine, now: datetime) -> datetime:
    if step.until.tzinfo is None:
        raise TranscriptError(number, "until 要带时区，如 2026-11-23T09:00:00+08:00")
    if step.until < now:
        raise TranscriptError(
            number,
            f"until 早于此刻（{now.astimezone(SHANGHAI).isoformat(timespec='seconds')}），"
            "时间不能倒流",
        )
    return _bounded(number, step.until)
