"""What the small models see of a text: characters, their pairs, cues, what the words do in it.

Training and running use this one function each, so that a weight means the same in both. Texts in
NFKC form; only the first characters count, so the time is bounded. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from bot.language.classify import CategoryMatch
from bot.language.cues import cues
from bot.language.intents import kinds
from bot.language.lexicon import Kind
from bot.language.topics import topics

LONGEST = 160
"""Characters that are read: what a message is after shows early."""

_DIGITS = re.compile(r"\d+")
# 16幢车棚 tells where, 16号办结 which: only the latter is an order.
_HOUSE = re.compile(r"\d{1,4}(?= ?(?:幢|栋|号楼|号院|单元|室|楼|弄|#))")
_LINK = re.compile(r"https?://[!-~]{1,200}|(?:[a-z0-9-]{1,40}\.){1,4}[a-z]{2,7}/[!-~]{0,200}")
_SIZES = (6, 12, 25, 50)
_SOME, _MANY = 1, 3


def intent_features(text: str, alarms: Iterable[str] = ()) -> set[str]:
    """Characters and pairs of the text's shape, its cues, and how long it is.

    What the lexicon's words do (a fault, the past, a question) counts with what the next one does:
    a fault after 以前 is told otherwise than one after 又. `alarms`: what the danger lane heard.
    """
    lower = text[:LONGEST].lower()
    shape = _shape(_HOUSE.sub("⌂", lower))
    found = set(shape)
    found.update(map("".join, pairwise(shape)))
    for cue, count in Counter(cues(lower)).items():
        found.add(f"={cue}")
        if count > _SOME:
            found.add(f"=={cue}")
        if count > _MANY:
            found.add(f"==={cue}")
    found.add(f"#{sum(len(shape) > size for size in _SIZES)}")
    found.update(_parts(lower))
    found.update(_alarms(alarms))
    return found


def _parts(lower: str) -> set[str]:
    """The kinds of the words, which follows which (over breaks too), the first and the last."""
    order = kinds(lower)
    found = {f"%{kind.name}>{after.name}" for kind, after in pairwise(order)}
    words = [kind.name for kind in order if kind is not Kind.BREAK] or ["-"]
    found.update(f"%{name}" for name in words)
    return found | {f"%^{words[0]}", f"%${words[-1]}"}


def _alarms(alarms: Iterable[str]) -> set[str]:
    return {f"!{alarm}" for alarm in alarms} or {"!-"}


def category_features(
    text: str, matches: Iterable[CategoryMatch], alarms: Iterable[str] = ()
) -> set[str]:
    """Characters and pairs, and the categories that keywords speak for, the best marked."""
    lower = text[:LONGEST].lower()
    shape = _shape(lower)
    found = set(shape)
    found.update(map("".join, pairwise(shape)))
    hinted = Counter(topics(lower)).most_common()
    for code, count in hinted:
        found.add(f"~{code}")
        if count > _SOME:
            found.add(f"~~{code}")
        if count == hinted[0][1]:
            found.add(f"~~~{code}")
    for rank, match in enumerate(matches):
        found.add(f"={match.code}")
        if match.score > _MANY:
            found.add(f"=={match.code}")
        if rank == 0:
            found.add(f"1{match.code}")
    return found | _alarms(alarms)


def _shape(lower: str) -> str:
    """The text between marks for its ends, numbers and addresses of pages each one sign."""
    if "." in lower or "/" in lower:
        lower = _LINK.sub("␟", lower)
    return f"^{_DIGITS.sub('0', lower)}$"
