"""One notice with other words for some groups: a line `一群：9点到11点停水` is for 一群 alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.models import Group

_NAME = r"[^\s:：、]{1,20}群"
_LABEL = re.compile(rf"^\s*(?P<names>{_NAME}(?:[、和]{_NAME})*)\s*[:：]\s*(?=\S)")
_AND = re.compile("[、和]")


def split_variants(text: str, groups: Sequence[Group]) -> tuple[str, Mapping[str, str]]:
    """The words for everyone, and by a group's id its own: the common lines and its own, in order.

    Without at least two groups, or without such a line, the text stays as it is. A line whose
    label names none of the groups is an ordinary line.
    """
    lines = [(_meant(line, groups), line) for line in text.split("\n")]
    own = {group for meant, _ in lines for group in meant}
    if len(groups) < 2 or not own:
        return text, {}
    return _joined(lines, ""), {group: _joined(lines, group) for group in sorted(own)}


def _meant(line: str, groups: Sequence[Group]) -> frozenset[str]:
    """The ids of the groups that a line is for; empty for everyone."""
    found = _LABEL.match(line)
    if found is None:
        return frozenset()
    named = [_named(name, groups) for name in _AND.split(found["names"])]
    return frozenset() if "" in named else frozenset(named)


def _named(name: str, groups: Sequence[Group]) -> str:
    """The id of the one group with this name, or whose name ends so; "" when there is none."""
    exact = [group.id for group in groups if group.name == name]
    fitting = exact or [group.id for group in groups if group.name.endswith(name)]
    return fitting[0] if len(fitting) == 1 else ""


def _joined(lines: Sequence[tuple[frozenset[str], str]], group: str) -> str:
    kept = [
        _LABEL.sub("", line) if meant else line
        for meant, line in lines
        if not meant or group in meant
    ]
    return "\n".join(kept).strip()
