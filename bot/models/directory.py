"""Who lives and works where: what a look into the directory brings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from bot.models.people import Person, Role


class Crowd(Struct, frozen=True, kw_only=True):
    """How many people of each role an area has, and how many groups; parts of it not counted."""

    area: str
    groups: int
    people: Mapping[Role, int]


class Search(Struct, frozen=True, kw_only=True):
    """Whom to list: those at or below `area`, of these roles (none: of all), whose name, account
    or unit holds `text`.
    """

    area: str
    roles: tuple[Role, ...] = ()
    text: str = ""


class PeoplePage(Struct, frozen=True, kw_only=True):
    """A page of a list, and whether more come."""

    people: tuple[Person, ...]
    more: bool
