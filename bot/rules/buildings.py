"""Which buildings a group looks after: `3幢`, `21-25幢`, `8号楼`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SPAN = re.compile(r"(\d{1,4})(?:\s*[-~—–到至]\s*(\d{1,4}))?\s*(?:幢|栋|号楼|座|#)?")
_LONGEST = 500


def numbers(words: Iterable[str]) -> frozenset[int]:
    """The numbers of the buildings that are named, singly or as a span.

    A span that runs backwards is read forwards; one that is no street's is cut at 500 buildings.
    """
    found: set[int] = set()
    for word in words:
        for first, last in _SPAN.findall(word):
            low, high = sorted((int(first), int(last or first)))
            found.update(range(low, min(high, low + _LONGEST) + 1))
    return frozenset(found)
