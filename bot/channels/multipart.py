"""A multipart form that came in one piece: its text fields, and which files came along."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from bot.errors import BadCallback

MAX_PARTS: Final = 64
MAX_HEADERS: Final = 8192
_BOUNDARY: Final = re.compile(
    r"multipart/form-data\s*;(?:.*;)?\s*boundary=(?:\"([^\"\r\n]{1,70})\"|([^\s;\"]{1,70})(?=[\s;]|$))",
    re.IGNORECASE,
)
_NAME: Final = re.compile(rb'[;\s]name="((?:[^"\r\n\\]|\\.){0,200})"', re.IGNORECASE)
_FILE: Final = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)
_FILE_NAME: Final = re.compile(rb'[;\s]filename="((?:[^"\r\n\\]|\\.){0,300})"', re.IGNORECASE)


class Part(Struct, frozen=True):
    """One field. `filename` is None for text."""

    value: bytes
    filename: str | None = None

    @property
    def text(self) -> str:
        """The value as text. Raises `BadCallback` when it is none."""
        try:
            return self.value.decode()
        except UnicodeDecodeError:
            raise BadCallback("表单里有不是 UTF-8 的文字", 400) from None


def read_form(content_type: str, body: bytes) -> dict[str, Part]:
    """Fields by name, the first of each. Raises `BadCallback` for everything else (RFC 7578)."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise BadCallback("不是 multipart 表单", 415)
    mark = b"--" + (found[1] or found[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + body).split(b"\r\n" + mark)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise BadCallback("表单不完整", 400)
    if len(pieces) > MAX_PARTS + 2:
        raise BadCallback("表单的字段太多", 400)
    fields: dict[str, Part] = {}
    for piece in pieces[1:-1]:
        name, part = _read_part(piece)
        fields.setdefault(name, part)
    return fields


def _read_part(piece: bytes) -> tuple[str, Part]:
    head, blank, value = piece.partition(b"\r\n\r\n")
    name = _NAME.search(head[:MAX_HEADERS])
    if not blank or name is None:
        raise BadCallback("表单的字段不合格", 400)
    filename = None
    if _FILE.search(head[:MAX_HEADERS]):
        named = _FILE_NAME.search(head[:MAX_HEADERS])
        filename = _decode(named[1]) if named else ""
    return _decode(name[1]), Part(value, filename)


def _decode(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")
