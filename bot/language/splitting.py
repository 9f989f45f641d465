"""Cutting a long text into messages that a platform takes, at places where a reader pauses."""

from __future__ import annotations

import re
from typing import Final

# Best place first: lines, sentences, clauses, blanks.
_PAUSES: Final = (
    re.compile(r"\n+"),
    re.compile(r"[。！？!?；;…]+[」』”’）)]*"),
    re.compile(r"[，、：]|[,:](?=\s)"),
    re.compile(r"\s+"),
)
# A cut before the half would make many short messages; a worse kind of pause is better then.
_EARLIEST: Final = 0.5
# Joiners, variation selectors and skin tones belong to the sign before them.
_CLINGING: Final = re.compile("[\u200d\ufe00-\ufe0f\u0300-\u036f\u20e3\U0001f3fb-\U0001f3ff]")
_MAX_SIGN: Final = 16
_PLACE_BYTES: Final = len("（999/999）".encode())


def split_text(text: str, limit_bytes: int) -> list[str]:
    """Pieces of at most `limit_bytes` bytes of UTF-8, in order, none of them blank.

    Blanks around a cut are dropped, nothing else is. `limit_bytes` must be at least 4, the
    longest single character. Takes time linear in the text.
    """
    if limit_bytes < 4:
        raise ValueError(limit_bytes)
    pieces: list[str] = []
    start = 0
    while start < len(text):
        window = _prefix(text, start, limit_bytes)
        end = start + len(window)
        if end < len(text):
            end = start + _cut(window, text[end])
        pieces.append(text[start:end].strip())
        start = end
    return [piece for piece in pieces if piece]


def _prefix(text: str, start: int, limit_bytes: int) -> str:
    """The longest run of whole characters from `start` that fits."""
    octets = text[start : start + limit_bytes].encode("utf-8", "replace")
    return octets[:limit_bytes].decode("utf-8", "ignore")


def _cut(window: str, following: str) -> int:
    """Where to end a full window: after its last good pause, else between two whole signs."""
    earliest = int(len(window) * _EARLIEST)
    for pause in _PAUSES:
        ends = [match.end() for match in pause.finditer(window, earliest)]
        if ends:
            return ends[-1]
    return _whole_sign(window, following)


def _whole_sign(window: str, following: str) -> int:
    """Step back so that an emoji made of several characters stays in one piece."""
    signs = window + following
    for end in range(len(window), max(0, len(window) - _MAX_SIGN), -1):
        if not _CLINGING.match(signs[end]) and signs[end - 1] != "\u200d":
            return end
    return len(window)


def numbered(text: str, limit_bytes: int) -> list[str]:
    """Pieces as `split_text` cuts them, each with its place （1/3） at its end when there are more.

    A title such as 【停水】 stays where it is: at the beginning of the first.
    """
    if len(text.encode("utf-8", "replace")) <= limit_bytes:
        return split_text(text, limit_bytes)
    pieces = split_text(text, limit_bytes - _PLACE_BYTES)
    return [f"{piece}（{number}/{len(pieces)}）" for number, piece in enumerate(pieces, start=1)]
