"""Which command was meant: by sound and by shape, since people type by pinyin and by voice."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz.distance import JaroWinkler

CLOSE = 0.82


@lru_cache(maxsize=512)
def sound(word: str) -> str:
    """The pinyin of a word without tones: 办洁 → ban jie."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # 20 MB of phrases we do not need
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - slow to import, rarely needed

    return " ".join(lazy_pinyin(word))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that sounds or looks most like `word`; None when nothing is close."""
    best, best_score = None, CLOSE
    heard = sound(word)
    for candidate in known:
        score = max(
            JaroWinkler.similarity(heard, sound(candidate)) - 0.05 * (heard != sound(candidate)),
            JaroWinkler.similarity(word, candidate),
        )
        if score > best_score:
            best, best_score = candidate, score
    return best
