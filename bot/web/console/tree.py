"""The areas below one's own as a tree with what is counted in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.models import Crowd, Role
from bot.rules.permissions import STAFF, covers

HELPERS = (Role.VOLUNTEER, Role.PARTNER)


class Branch(Struct, frozen=True, kw_only=True):
    """An area with everything below it; `depth` 0 is the one that is looked at."""

    area: str
    depth: int
    groups: int
    staff: int
    helpers: int
    residents: int


def branches(top: str, crowds: Sequence[Crowd]) -> list[Branch]:
    """Every area from `top` down, each with the sum of what lies in it."""
    paths = {top} | {part for crowd in crowds for part in _up_to(top, crowd.area)}
    return [_branch(top, path, crowds) for path in sorted(paths)]


def _up_to(top: str, area: str) -> list[str]:
    parts = area.split("/")
    paths = ("/".join(parts[:depth]) for depth in range(1, len(parts) + 1))
    return [path for path in paths if covers(top, path)]


def _branch(top: str, path: str, crowds: Sequence[Crowd]) -> Branch:
    inside = [crowd for crowd in crowds if covers(path, crowd.area)]
    return Branch(
        area=path,
        depth=path.count("/") - top.count("/"),
        groups=sum(crowd.groups for crowd in inside),
        staff=sum(_of(crowd.people, STAFF) for crowd in inside),
        helpers=sum(_of(crowd.people, HELPERS) for crowd in inside),
        residents=sum(_of(crowd.people, (Role.RESIDENT,)) for crowd in inside),
    )


def _of(people: Mapping[Role, int], roles: Sequence[Role] | frozenset[Role]) -> int:
    return sum(people.get(role, 0) for role in roles)
