"""The places that a group knows by name: its buildings and spots, with their other names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from bot.language.places.matches import matches
from bot.language.text import half_width
from bot.models import Place


class Registry(Struct, frozen=True):
    """`buildings`: our canonical form (`3幢`) → the group's own name (`海棠苑3号楼`).

    `spots`: every name of a spot, aliases too → the name that the group uses.
    """

    buildings: Mapping[str, str] = {}
    spots: Mapping[str, str] = {}

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Registry:
        """One place a line, its name first, then its other names: `春晓亭 亭子 东边凉亭`.

        A name that is a building is known by its number; everything else is a spot.
        """
        buildings: dict[str, str] = {}
        spots: dict[str, str] = {}
        for words in filter(None, (half_width(line).split() for line in lines)):
            building = _building(words[0])
            if building:
                buildings[building] = words[0]
            else:
                spots |= dict.fromkeys(words, words[0])
        return cls(buildings, spots)

    def settle(self, place: Place) -> Place:
        """The same place by the group's own names."""
        return Place(
            building=self.buildings.get(place.building, place.building),
            unit=place.unit,
            room=place.room,
            spot=self.spots.get(place.spot, place.spot),
        )


def _building(name: str) -> str:
    """The canonical building that a name is, or nothing: `海棠苑3号楼` → `3幢`."""
    found = matches(name)
    whole = len(found) == 1 and found[0].end == len(name)
    return found[0].place.building if whole and not found[0].place.room else ""
