"""Addresses and spots as they stand in a text, each for itself; and the one place it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from bot.language.places.address import ADDRESS_HINT, addresses
from bot.language.places.spots import canonical_spot, is_weak, spots
from bot.language.text import half_width
from bot.models import Place

_STOP = re.compile("[。!?;！？；\n]")
_PAUSE = re.compile("[。!?;！？；\n,，、: ]")
_REACH_AFTER, _REACH_BEFORE = 20, 6


class PlaceMatch(Struct, frozen=True, gc=False):
    """An address or a spot, where it stands (`text[start:end]`), and its floor (5楼 or nothing).

    `known`: the group itself calls a place so.
    """

    place: Place
    start: int
    end: int
    floor: str = ""
    known: bool = False


def matches(text: str) -> list[PlaceMatch]:
    """Every address and every spot, in the order in which they stand; they do not overlap."""
    folded = half_width(text)
    if not ADDRESS_HINT.search(folded):
        return [_spot(spot) for spot in spots(folded)]
    heads = list(addresses(folded))
    found = [PlaceMatch(each.place, each.start, each.end, each.floor) for each in heads]
    waiting = iter(heads)
    address = next(waiting, None)
    for spot in spots(folded):
        start, end = spot.span()
        while address and address.end <= start:
            address = next(waiting, None)
        if address is None or end <= address.start:
            found.append(_spot(spot))
    found.sort(key=lambda match: match.start)
    return found


def about(text: str, found: Sequence[PlaceMatch]) -> Place:
    """The one place a text is about: its first building with unit, room and spot near it."""
    heads = [match for match in found if not match.place.spot]
    if not heads:
        return Place(spot=_best_spot(found))
    base = next((match for match in heads if match.place.building), heads[0])
    inner = next((match for match in heads if _completes(base, match, text)), base)
    near = [match for match in found if match.place.spot and _near(base, match, text)]
    return Place(
        building=base.place.building,
        unit=base.place.unit or inner.place.unit,
        room=base.place.room or inner.place.room,
        spot=_best_spot(near),
    )


def mask_rooms(text: str) -> str:
    """Cut units and rooms out of free text: `3幢2单元502室漏水` → `3幢漏水`."""
    if not ADDRESS_HINT.search(text):
        return text
    parts: list[str] = []
    done = 0
    for address in addresses(half_width(text)):
        if not address.place.unit and not address.place.room:
            continue
        # A building without suffix (`3-502`) has no head of its own to keep.
        kept = text[address.start : address.head] or address.place.building
        parts += (text[done : address.start], kept)
        done = address.end
    return "".join(parts) + text[done:] if parts else text


def _spot(match: re.Match[str]) -> PlaceMatch:
    return PlaceMatch(Place(spot=canonical_spot(match.group())), *match.span())


def _best_spot(found: Sequence[PlaceMatch]) -> str:
    """The first spot that is more than 门口; else the first; else nothing."""
    named = [match.place.spot for match in found]
    return next((spot for spot in named if not is_weak(spot)), named[0] if named else "")


def _near(base: PlaceMatch, match: PlaceMatch, text: str) -> bool:
    """Whether a spot belongs to the address: soon after it, or directly before it."""
    if match.start >= base.end:
        between = text[base.end : match.start]
        return len(between) <= _REACH_AFTER and not _STOP.search(between)
    between = text[match.end : base.start]
    return len(between) <= _REACH_BEFORE and not _PAUSE.search(between)


def _completes(base: PlaceMatch, match: PlaceMatch, text: str) -> bool:
    """Whether another address adds unit and room to a building: `3幢漏水，502室`."""
    if match is base or match.place.building or base.place.room or match.start < base.end:
        return False
    return match.start - base.end <= _REACH_AFTER
