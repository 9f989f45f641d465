"""What a channel can carry of a notice."""

from __future__ import annotations

from msgspec import Struct


class Carries(Struct, frozen=True, kw_only=True):
    """`text_bytes` is the longest text (UTF-8) that goes out in one piece, 0 where none is known.

    `pictures`, `files`: whether it can send one.
    """

    text_bytes: int = 0
    pictures: bool = False
    files: bool = False
