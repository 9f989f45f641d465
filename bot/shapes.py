"""What is wrong with a value, in the words of those who write our files by hand.

msgspec says it in English and forgets the value; here it becomes one Chinese clause that names
the key, the value and the mend.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.models import Listen, Role

HIDDEN: Final = "（不显示）"
_SECRET_WORDS: Final = ("secret", "token", "aes_key")
_SHOWN: Final = 60

_WHERE: Final = re.compile(r" - at `\$\.?([^`]*)`")
_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
_KINDS: Final = {
    "int": "整数",
    "float": "数字",
    "bool": " true 或 false",
    "str": "文字（加引号）",
    "array": "列表",
    "object": "一段设置",
}
_CHOICES: Final = {"listen": "、".join(Listen), "role": "、".join(Role)}


def explain(problem: str, data: object, prefix: str = "") -> str:
    """A `msgspec.ValidationError` about `data` as a clause without a full stop."""
    found = _WHERE.search(problem)
    path = _join(prefix, found[1] if found else "")
    if unknown := re.search(r"unknown field `([^`]+)`", problem):
        return f"不认识「{_join(path, unknown[1])}」，请检查拼写或删掉"
    if missing := re.search(r"missing required field `([^`]+)`", problem):
        return f"缺少「{_join(path, missing[1])}」，请补上"
    value = shown(path, _at(data, found[1] if found else ""))
    key = f"「{path}」" if path else ""
    return f"{key}的值是{value}，{_mend(problem, path)}"


def shown(key: str, value: object) -> str:
    """A value in quotes, shortened; a secret is never shown."""
    if key.endswith(".key") or any(word in key for word in _SECRET_WORDS):
        return HIDDEN
    text = str(value)
    return f"「{text[:_SHOWN]}…」" if len(text) > _SHOWN else f"「{text}」"


def _mend(problem: str, path: str) -> str:
    if expected := re.search(r"Expected `([^`]+)`", problem):
        return f"应为{_KINDS.get(expected[1].split(' |')[0], '另一种写法')}"
    last = path.rpartition(".")[2]
    if last in _CHOICES:
        return f"应为 {_CHOICES[last]} 之一"
    if "datetime" in problem:
        return "应写成 2026-11-23T09:00:00+08:00 这样的时间"
    return "写法不对，请对照样例"


def _join(path: str, key: str) -> str:
    dot = "." if path and key and not key.startswith("[") else ""
    return f"{path}{dot}{key}"


def _at(data: object, path: str) -> object:
    """The value at `groups[0].listen`; empty where the path cannot be followed."""
    value = data
    for index, key in _STEP.findall(path):
        if isinstance(value, Mapping):
            value = value.get(key, "")
        elif isinstance(value, Sequence) and index and int(index) < len(value):
            value = value[int(index)]
        else:
            return ""
    return value
