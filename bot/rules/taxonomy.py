"""What residents bring up: the categories with their units, deadlines and what may be public.

Pure: whoever wires the product reads the file (`SHIPPED`, inside the package `bot`) and hands its
bytes to `Taxonomy.parse`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from bot.models import Track, Urgency

SHIPPED = "data/taxonomy.json"
"""The table that comes with the product, relative to the package `bot`."""

OTHER = "QT"
"""The category of everything that fits no other."""

_BETWEEN_UNITS = re.compile(r"[\s、/→()（）\d]+")
DUE = re.compile(r"[1-9]\d{0,2}(?:wd|h)")


class PlaceNeed(StrEnum):
    """Whether a place is asked for: the building itself, any landmark, or nothing."""

    BUILDING = "building"
    LANDMARK = "landmark"
    NONE = "none"


class Publicity(StrEnum):
    """What a group may read of an appeal."""

    FULL = "full"
    MASK_ROOM = "mask_room"
    MASK_PLATE = "mask_plate"
    NEVER = "never"
    NEVER_IF_CASE = "never_if_case"


class Category(Struct, frozen=True, kw_only=True):
    """One kind of matter.

    `unit` answers first, `chain` is everyone after it. `contact_hours`: until a person replies.
    `due` is a term such as `5wd` (working days) or `24h`. `short` stands on receipts. `track`: what
    is simple is fixed on the spot, everything else goes on the list.
    """

    code: str
    name: str
    short: str
    keywords: tuple[str, ...]
    unit: str
    chain: str
    urgency: Urgency
    contact_hours: float
    due: str
    place: PlaceNeed
    public: Publicity
    source: str = ""
    track: Track = Track.LISTED


class Taxonomy:
    """All categories, in the order of the file."""

    def __init__(self, categories: Iterable[Category]) -> None:
        self.all = tuple(categories)
        _check(self.all)
        self._by_code = {category.code: category for category in self.all}
        self._by_name = {
            name.lower(): category
            for category in self.all
            for name in (category.name, category.short, category.code)
        }

    @classmethod
    def parse(cls, data: bytes) -> Taxonomy:
        """Read a table (JSON, UTF-8). Raises `ValueError` with a Chinese sentence."""
        try:
            rows = msgspec.json.decode(data, type=list[dict[str, Any]])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"诉求分类表不是有效的JSON列表：{error}") from error
        return cls(_category(row, number) for number, row in enumerate(rows, 1))

    @property
    def keywords(self) -> Mapping[str, tuple[str, ...]]:
        """Keywords by code, as the classifier takes them."""
        return {category.code: category.keywords for category in self.all}

    @cached_property
    def units(self) -> frozenset[str]:
        """Every unit that the table names, alone: 物业, 城管, 维保单位."""
        told = (f"{category.unit}/{category.chain}" for category in self.all)
        names = (name for line in told for name in _BETWEEN_UNITS.split(line))
        return frozenset(name for name in names if len(name) > 1 and not name.isascii())

    def get(self, code: str) -> Category:
        """A category; 其他 for a code that the table no longer has."""
        return self._by_code.get(code) or self._by_code[OTHER]

    def by_name(self, text: str) -> Category | None:
        """The category whose code, name or short name this is, or alone begins with or holds it."""
        wanted = text.strip().lower()
        if not wanted:
            return None
        exact = self._by_name.get(wanted)
        if exact is not None:
            return exact
        holding = [each for each in self.all if wanted in each.name or wanted in each.short]
        return holding[0] if len(holding) == 1 else None


def _category(row: dict[str, Any], number: int) -> Category:
    """One row as a category. Raises `ValueError` naming the row and what is wrong."""
    label = f"诉求分类表第{number}行（{row.get('code', '无代码')}）"
    missing = [field for field in _REQUIRED if field not in row]
    if missing:
        raise ValueError(f"{label}缺少：{'、'.join(missing)}。")
    unknown = sorted(row.keys() - {*Category.__struct_fields__})
    if unknown:
        raise ValueError(f"{label}有不认识的字段：{'、'.join(unknown)}。")
    for field, kind in _CHOICES.items():
        if field in row and row[field] not in list(kind):
            raise ValueError(f"{label}的 {field} 写成了“{row[field]}”，只能是{'、'.join(kind)}。")
    try:
        category = msgspec.convert(row, Category)
    except msgspec.ValidationError as error:
        raise ValueError(f"{label}的内容类型不对：{error}") from error
    if not DUE.fullmatch(category.due):
        raise ValueError(f"{label}的 due 写成了“{category.due}”，应如 5wd 或 24h。")
    return category


_REQUIRED = [field for field in Category.__struct_fields__ if field not in {"source", "track"}]
_CHOICES: dict[str, type[StrEnum]] = {
    "urgency": Urgency,
    "place": PlaceNeed,
    "public": Publicity,
    "track": Track,
}


def _check(categories: tuple[Category, ...]) -> None:
    """No two rows share a code or name, and 其他 exists. Raises `ValueError`."""
    for field in ("code", "name", "short"):
        seen: set[str] = set()
        for value in (getattr(category, field) for category in categories):
            if value in seen:
                raise ValueError(f"诉求分类表里“{value}”重复了，{field} 不能相同。")
            seen.add(value)
    if OTHER not in {category.code for category in categories}:
        raise ValueError(f"诉求分类表缺少“其他”这一类（code 为 {OTHER}）。")
