"""Role × door × object, made from the router: what belongs to others is not there."""

from __future__ import annotations

import re

import pytest

from bot.models import Access, Role
from bot.rules.permissions import STAFF
from bot.web.console.doors import Door, Need
from tests.console.kit import COMMUNITY, STREET, Clerk, Office
from tests.console.objects import MAKERS, SECRET
from tests.trust.figures import Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")


def doors(office: Office) -> list[Door]:
    return [door for door in office.console.doors() if door.needs is not Need.NOTHING]


def filled(door: Door, value: str) -> str:
    return re.sub(r"\{[^}]+\}", value, door.path)


async def come(clerk: Clerk, door: Door, path: str) -> tuple[int, str]:
    answer = await clerk.get(path) if door.is_safe else await clerk.post(path)
    return answer.status, answer.body


async def test_every_kind_of_object_has_a_maker(office: Office) -> None:
    kinds = {door.about for door in doors(office) if door.about}
    assert kinds <= set(MAKERS), f"add these to tests/console/objects.py: {kinds - set(MAKERS)}"


@pytest.mark.trust
async def test_what_belongs_to_others_is_not_there(office: Office, figure: Ledger) -> None:
    """C-25: each role and kind of access at each door with an object of another community."""
    others = {kind: await make(office) for kind, make in MAKERS.items()}
    leaks, tried = [], 0
    for role in sorted(STAFF):
        for access in (Access.ADMIN, Access.STAFF, Access.READER):
            clerk = await office.clerk(role, COMMUNITY, access)
            for door in doors(office):
                if not door.about:
                    continue
                status, body = await come(clerk, door, filled(door, others[door.about]))
                nothing, _ = await come(clerk, door, filled(door, "999999999"))
                tried += 1
                if status not in {403, 404, nothing} or status < 400 or SECRET in body:
                    leaks.append((role, access, door.method, door.path, status))
    figure(
        "C-25",
        "roles and kinds of access at every door with an object of another community",
        tried,
        f"{len(leaks)} shown, changed or told apart from what is not there",
        len(leaks),
    )
    assert leaks == []
    assert tried >= 15 * len({door.about for door in doors(office) if door.about})


async def test_pages_without_an_object_show_nothing_of_others(office: Office) -> None:
    for make in MAKERS.values():
        await make(office)
    leaks = []
    for role in sorted(STAFF - {Role.STREET}):
        clerk = await office.clerk(role, COMMUNITY, Access.ADMIN)
        for door in doors(office):
            if door.is_safe and "{" not in door.path:
                for query in ({}, {"q": SECRET[:2], "show": "all"}, {"area": STREET}):
                    answer = await clerk.get(door.path, **query)
                    if SECRET in answer.body:
                        leaks.append((role, door.path, query))
    assert leaks == []


async def test_whoever_is_above_both_finds_them(office: Office) -> None:
    """So that the tests above do not pass because nothing is there."""
    above = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    number = await MAKERS["appeal"](office)
    answer = await above.get(f"/appeals/{number}")
    assert (answer.status, SECRET in answer.body) == (200, True)
