"""Places as residents write them: 3号楼2单元502, 十六幢车棚, 3-502, 东门, 地库B1.

An address is a building (or a list or range of them), a unit, a room; a spot is a named place.
"""

from __future__ import annotations

from bot.language.places.matches import mask_rooms
from bot.language.places.registry import Registry
from bot.language.places.spans import PlaceSpan, find_place, find_places
from bot.language.places.spots import is_landmark

__all__ = ["PlaceSpan", "Registry", "find_place", "find_places", "is_landmark", "mask_rooms"]
