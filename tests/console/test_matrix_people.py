"""Role × route × object: people, groups and accounts of another community are not there."""

from __future__ import annotations

import re

import pytest

from bot.models import Access, Group, Role
from bot.rules.permissions import STAFF
from bot.web.console.doors import Door, Need
from bot.web.console.refs import ref
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, STREET, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = ("person", "group", "account")


def about(office: Office) -> list[Door]:
    assert office.service.pages is not None
    return [door for door in office.service.pages.console.doors() if door.about in KINDS]


@pytest.mark.parametrize("area", [COMMUNITY, GRID])
async def test_nothing_of_another_community_is_told(office: Office, area: str) -> None:
    other = await office.account(Role.STEWARD, ELSEWHERE, name="邻居的管家")
    there = Group(id="x:there", channel="x", chat="there", name="邻居的秘密群", area=ELSEWHERE)
    await office.scene(lambda scene: scene._store.people.save_group(there))
    objects = {"person": ref("console:邻居的管家"), "group": ref(there.id), "account": other.id}
    tried = 0
    for role in sorted(STAFF):
        clerk = await office.clerk(role, area, Access.ADMIN)
        for door in about(office):
            path = door.path.replace(f"{{{door.about}}}", objects[door.about])
            assert "{" not in path
            answer = await clerk.get(path) if door.is_safe else await clerk.post(path)
            assert answer.status in {403, 404}, (role, path, answer.status)
            assert "邻居的" not in answer.text, (role, path)
            tried += 1
    assert tried >= 5 * 13
    group = await office.scene(lambda scene: scene.people.group_by_id(there.id))
    assert group == there


async def test_lists_hold_nothing_of_another_community(office: Office) -> None:
    await office.account(Role.STEWARD, ELSEWHERE, name="邻居的管家")
    for role in sorted(STAFF):
        clerk = await office.clerk(role, COMMUNITY, Access.ADMIN)
        for path in ("/people", "/groups", "/accounts"):
            for query in ({}, {"area": ELSEWHERE, "role": "all"}, {"q": "邻居"}):
                answer = await clerk.get(path, **query)
                assert "邻居的" not in answer.text, (role, path, query)


async def test_every_door_about_an_object_needs_somebody(office: Office) -> None:
    assert all(door.needs is not Need.NOTHING for door in about(office))


async def test_an_administrator_takes_over_no_account_above_their_own(office: Office) -> None:
    above = await office.account(Role.STREET, COMMUNITY, name="街道的账号")
    boss = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.ADMIN)
    assert "街道的账号" not in (await boss.get("/accounts")).text
    assert (await boss.post(f"/accounts/{above.id}/link")).status == 404
    changed = await boss.post(f"/accounts/{above.id}", access="reader", disabled="1")
    assert changed.status == 404


async def test_who_was_moved_sees_nothing_of_where_they_looked_before(office: Office) -> None:
    boss = await office.clerk(Role.STREET, STREET)
    clerk = await office.clerk(Role.GRID_LEAD, COMMUNITY, name="调走的网格长")
    assert (await clerk.post("/area", area=GRID)).status == 303
    assert "许管家" in (await clerk.get("/people")).text
    path = f"/people/{ref('console:调走的网格长')}"
    basis = re.search(r'name="basis" value="([^"]+)"', (await boss.get(path)).body)
    assert basis
    fields = {"name": "调走的网格长", "role": "grid_lead", "area": ELSEWHERE}
    assert (await boss.post(path, basis=basis[1], **fields)).status == 303
    moved = await clerk.get("/people")
    assert (moved.status, "许管家" in moved.text) == (200, False)
