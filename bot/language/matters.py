"""Several matters in one message, each with its words, its category and its place.

A message is cut where a sentence ends or a word adds something (另外, 还有); a piece begins a
matter of its own when it tells a trouble of another kind or of another building. Whatever goes on
about the same trouble stays with it. NFKC texts; linear in the (bounded) length. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct, structs

from bot.language.categories import rank
from bot.language.classify import Classifier
from bot.language.corrections import correct
from bot.language.intents import Intent
from bot.language.judging import judge
from bot.language.places import find_place, is_landmark
from bot.models import Place

LONGEST = 500
"""Characters that are cut up; what follows goes with the last matter."""

_NEXT = (
    r"另外|还有|再有|再就是|此外|其次|"
    r"第[一二三四五六](?![幢栋个户家单层楼期次天])|[一二三四五六]是|[1-9][、.)）](?!\d)|[①-⑨]"
)
_ADDS = rf"{_NEXT}|再说|同时|顺便|对了|而且|以及|最后|然后|接着"
_CUT = re.compile(rf"[。!?;\n，,！？；]+|(?<=[一-鿿]) (?=[一-鿿\d])|(?<=.)(?={_ADDS})")
_ADDED = re.compile(rf"^[ ,，]*(?:{_ADDS}|也|又)")
_ANOTHER = re.compile(rf"^[ ,，]*(?:{_NEXT})")
_THING = "事物「"
_EDGE = re.compile(rf"^(?:[ ,，。、:：]|(?:{_ADDS})(?:一个|一件事|一点)?(?:就是|是)?)+")
_TAIL = re.compile(r"[ ,，。、;；:：]+$")
_FOLLOWS = re.compile(
    r"^ *(?:导致|害得|害的|所以|结果|搞得|弄得|因为|找|打电话|报了|万一|这样|那么)"
)
_SENTENCE = frozenset("。!?;\n！？；")
_TELLING = frozenset({Intent.APPEAL, Intent.SUGGESTION})
_RESPONSIBLE = "WYFW"
"""物业没人管 behind a fault is about that fault."""


class Matter(Struct, frozen=True):
    """One thing that is told: its words (NFKC), the category's code ("": none), the place."""

    text: str
    category: str
    place: Place


class _Piece:
    """A clause, and what stands in it."""

    __slots__ = (
        *("added", "another", "building", "category", "end"),
        *("goes_on", "start", "stopped", "tells", "thing"),
    )

    def __init__(self, text: str, start: int, end: int, stopped: bool, classifier: Classifier):
        words = text[start:end]
        self.start, self.end, self.stopped = start, end, stopped
        found = rank(words, classifier)
        self.category = found[0].code if found and found[0].score > 1 else ""
        self.building = find_place(words).building
        self.added = _ADDED.match(words) is not None or _mentions_also(words)
        self.another = _ANOTHER.match(words) is not None
        judgement = judge(_EDGE.sub("", words))
        self.tells = judgement.intent in _TELLING
        self.thing = next((clue for clue in judgement.evidence if clue.startswith(_THING)), _THING)
        self.goes_on = _FOLLOWS.match(words) is not None


def split(
    text: str, classifier: Classifier, where: Callable[[str], Place] = find_place
) -> tuple[Matter, ...]:
    """What a message tells, in its order; one matter when it tells no more, none without words.

    A matter without a place of its own takes the building of its neighbour. `where` finds a place.
    """
    right = correct(text).strip()
    if not right:
        return ()
    parts = _grouped([_Piece(right, *cut, classifier) for cut in _cuts(right)])
    bounds = [part[0].start for part in parts[1:]]
    words = [right[a:b] for a, b in zip([0, *bounds], [*bounds, len(right)], strict=True)]
    if len(words) == 1:
        return (Matter(right, _category(right, classifier), where(right)),)
    tidy = [_TAIL.sub("", _EDGE.sub("", each)) for each in words]
    places = _shared([where(each) for each in tidy])
    return tuple(
        Matter(each, _category(each, classifier), place)
        for each, place in zip(tidy, places, strict=True)
    )


def _cuts(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where each clause begins and ends, and whether a sentence had ended before it."""
    start, stopped = 0, False
    for cut in _CUT.finditer(text, 0, LONGEST):
        if cut.start() > start:
            yield start, cut.start(), stopped
            stopped = False
        start = cut.end()
        stopped = stopped or not _SENTENCE.isdisjoint(cut.group())
    if start < len(text):
        yield start, min(len(text), max(LONGEST, start)), stopped


def _grouped(pieces: list[_Piece]) -> list[list[_Piece]]:
    """Pieces that belong together. Every group but the last holds one that tells a trouble."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and not _begins(piece, groups[-1]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    return groups


def _begins(piece: _Piece, group: list[_Piece]) -> bool:
    """Whether a clause tells of something else than the group before it."""
    telling = [each for each in group if each.tells]
    if not telling or not piece.tells or piece.goes_on:
        return False
    buildings = {each.building for each in group if each.building}
    elsewhere = bool(piece.building and buildings) and piece.building not in buildings
    known = {each.category for each in telling if each.category}
    other = bool(piece.category) and bool(known) and piece.category not in known
    if elsewhere:
        return True
    if piece.category == _RESPONSIBLE and not piece.added:
        return False
    if other:
        return piece.added or piece.stopped
    return piece.another and _of_another_thing(piece, telling)


def _of_another_thing(piece: _Piece, telling: list[_Piece]) -> bool:
    """路灯 and 健身器材, both named, with no character in common."""
    told = {sign for each in telling for sign in each.thing.removeprefix(_THING)} - {"」"}
    named = set(piece.thing.removeprefix(_THING)) - {"」"}
    return bool(told and named) and told.isdisjoint(named)


def _mentions_also(words: str) -> bool:
    """垃圾桶也满了: said beside something else."""
    return "也" in words[1:12]


def _category(words: str, classifier: Classifier) -> str:
    found = rank(words, classifier)
    return found[0].code if found else ""


def _shared(places: list[Place]) -> list[Place]:
    """Places with the gaps filled: from the matter before, or from the only one that has any."""
    last = next((place.building for place in places if place.building), "")
    filled = []
    for place in places:
        last = place.building or last
        filled.append(place if is_landmark(place.spot) else structs.replace(place, building=last))
    return filled
