"""All places of a text with the exact words that name them, in canonical form.

A building with its unit, floor, room and the spot directly behind is one place: 3幢2单元门口. What
is broken (电梯, 门禁) is no place, nor is what only the speaker can find (楼下).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct, structs

from bot.language.places.matches import PlaceMatch, about, matches
from bot.language.places.registry import Registry
from bot.language.places.spots import is_gate, says_where
from bot.language.text import half_width
from bot.models import Place

_NOWHERE = Place()
_OWN = re.compile(
    "(?:(?:我们|咱们|我们家|阿拉|我伲|我家|自家|我住的)(?:住的)?(?:这|那)?一?|(?<![\u4e00-\u9fff])本)"
    "(?:(?P<unit>单元(?!门(?![口禁])))|[幢栋](?:楼(?![道顶梯上下]))?|楼栋?(?![盘市道顶梯上下])"
    "|(?=楼[上下道顶梯])|(?<=家)(?=门口))"
)
_SOMEBODYS = frozenset("家我他倒放扔堆摆")
_JOINED = re.compile("[ 的]?")


class PlaceSpan(Struct, frozen=True, gc=False):
    """A place: its words (`text[start:end]`), one canonical form (`3幢5楼楼道`), and its parts.

    The floor stands in `canonical` alone: appeals keep none.
    """

    text: str
    canonical: str
    place: Place
    start: int
    end: int


def find_places(
    text: str, registry: Registry | None = None, home: Place | None = None
) -> tuple[PlaceSpan, ...]:
    """Every place, in the order of the text; spans do not overlap.

    `registry`: the group's own names. `home`: where the speaker lives, for 我们楼; without it such
    words are no place.
    """
    found = _all(text, registry, home)
    return tuple(_span(text, group, registry) for group in _grouped(text, found))


def find_place(text: str, registry: Registry | None = None, home: Place | None = None) -> Place:
    """The one place a text is about: its first building with unit, room and spot near it."""
    found = _all(text, registry, home)
    if not found:
        return _NOWHERE
    place = about(text, found)
    return place if registry is None else registry.settle(place)


def _all(text: str, registry: Registry | None, home: Place | None) -> list[PlaceMatch]:
    found = matches(text)
    if registry is not None and registry.spots:
        found = _with(found, _named(text, registry))
    if home is not None and home.building:
        found = _with(found, _own(text, home))
    return found


def _named(text: str, registry: Registry) -> Iterator[PlaceMatch]:
    """Spots by the group's own names, the longest first."""
    names = sorted(registry.spots, key=lambda name: (-len(name), name))
    for match in re.finditer("|".join(map(re.escape, names)), half_width(text)):
        yield PlaceMatch(Place(spot=registry.spots[match.group()]), *match.span(), known=True)


def _own(text: str, home: Place) -> Iterator[PlaceMatch]:
    """我们楼, 我家门口: the speaker's own building."""
    for match in _OWN.finditer(text):
        unit = home.unit if match["unit"] else ""
        yield PlaceMatch(Place(building=home.building, unit=unit), *match.span())


def _with(found: Sequence[PlaceMatch], more: Iterator[PlaceMatch]) -> list[PlaceMatch]:
    """What the community knows better takes the place of what it overlaps. Both are in order."""
    added = list(more)
    kept: list[PlaceMatch] = []
    index = 0
    for match in found:
        while index < len(added) and added[index].end <= match.start:
            index += 1
        if index == len(added) or match.end <= added[index].start:
            kept.append(match)
    return sorted([*kept, *added], key=lambda match: match.start)


def _grouped(text: str, found: Sequence[PlaceMatch]) -> Iterator[list[PlaceMatch]]:
    """Matches that stand directly behind each other and make one place."""
    group: list[PlaceMatch] = []
    for match in found:
        attached = bool(group) and _joins(text, group[-1], match)
        if not (match.known or says_where(match.place.spot, attached)):
            continue
        if not attached and _somebodys_door(text, match):
            continue
        if group and not attached:
            yield group
            group = []
        group.append(match)
    if group:
        yield group


def _somebodys_door(text: str, match: PlaceMatch) -> bool:
    """往我门口泼水, 倒门口: nobody else can find it."""
    return match.place.spot == "门口" and text[max(match.start - 1, 0)] in _SOMEBODYS


def _joins(text: str, before: PlaceMatch, match: PlaceMatch) -> bool:
    """Whether a spot belongs to what stands before it: 3幢的车棚, 东门快递柜; not 长廊、凉亭."""
    between = text[before.end : match.start]
    if not match.place.spot or _JOINED.fullmatch(between) is None:
        return False
    # Behind a landmark without a pause only; 北门 and then 12幢 are two places.
    return before.place.spot == "" or between == ""


def _span(text: str, group: Sequence[PlaceMatch], registry: Registry | None) -> PlaceSpan:
    first, last = group[0], group[-1]
    end = last.end
    if last.place.unit and text.startswith("单元", end):
        end += 2
    if is_gate(last.place.spot) and text.startswith("口", end):
        end += 1
    spot = "".join(match.place.spot for match in group)
    place = structs.replace(first.place, spot=spot)
    if registry is not None:
        place = registry.settle(place)
    where = (
        place.building + place.unit + ("" if place.room else first.floor) + place.room + place.spot
    )
    return PlaceSpan(text[first.start : end], where, place, first.start, end)
