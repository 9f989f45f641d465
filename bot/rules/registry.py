"""What may be written down of a person: homes without rooms, roles on names nobody can borrow."""

from __future__ import annotations

from collections.abc import Iterable

from bot.language.places import find_places
from bot.models import Role

LONGEST_NAME = 32
LONGEST_AREA = 80
DEEPEST = 4
_BY_NICKNAME = "wechatbot/"
_REMARKED = "备注:"


def is_home(words: str) -> bool:
    """Whether it is a building, perhaps with its unit, and nothing besides."""
    found = find_places(words)
    place = found[0].place if len(found) == 1 and found[0].text == words else None
    return place is not None and bool(place.building) and not (place.room or place.spot)


def is_anybodys(role: Role, accounts: Iterable[tuple[str, str]]) -> bool:
    """Whether a role would hang on a name that everybody may choose."""
    by_nickname = any(
        channel.startswith(_BY_NICKNAME) and not user.startswith(_REMARKED)
        for channel, user in accounts
    )
    return by_nickname and role is not Role.RESIDENT


def is_area(path: str) -> bool:
    """Whether it is a path of an area: 街道/社区, at most four deep, no part empty."""
    parts = path.split("/")
    return (
        len(path) <= LONGEST_AREA
        and len(parts) <= DEEPEST
        and path.isprintable()
        and all(part and part == part.strip() for part in parts)
    )
