"""One table of settings as values of the right kinds, with a Chinese sentence for each fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, get_origin, get_type_hints

import msgspec
from msgspec import Struct

from bot.shapes import explain


def fields(kind: type[Struct]) -> dict[str, Any]:
    """The settings of a section with their types."""
    hints = get_type_hints(kind)
    return {key: hint for key, hint in hints.items() if get_origin(hint) is not ClassVar}


def values(
    prefix: str, kind: type[Struct], table: Mapping[str, Any], faults: list[str]
) -> dict[str, Any]:
    """All values that are right in kind; `faults` takes a sentence for each of the others."""
    hints = fields(kind)
    found = {}
    for key, value in table.items():
        full = f"{prefix}.{key}"
        if key not in hints:
            faults.append(unknown(full))
            continue
        try:
            found[key] = msgspec.convert(value, hints[key], strict=False)
        except msgspec.ValidationError as error:
            words = explain(str(error), value, full)
            faults.append(f"设置{words}，写法见 config.example.toml。")
    return found


def unknown(key: str) -> str:
    """A key that is not there."""
    return f"没有「{key}」这个设置，请检查拼写，可用的键见 config.example.toml。"
