"""Groups that wait and groups that have an area."""

from __future__ import annotations

import re

import pytest

from bot.models import Group, GroupState, Listen, Role
from bot.web.console.refs import ref
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, STREET, Answer, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = "wecom_aibot/main:wrNew"
G1 = "sandbox:g1"


async def waits(office: Office, id_: str = NEW, area: str = COMMUNITY) -> None:
    """A group in which somebody called the bot."""
    channel, _, chat = id_.partition(":")
    group = Group(
        id=id_, channel=channel, chat=chat, name="新群", area=area, state=GroupState.PENDING
    )
    await office.scene(lambda scene: scene._store.people.save_group(group))


async def stored(office: Office, id_: str) -> Group:
    group: Group = await office.scene(lambda scene: scene.people.group_by_id(id_))
    return group


def event(page: Answer) -> str:
    found = re.search(r'name="event" value="([^"]+)"', page.body)
    assert found, page.text
    return found[1]


async def test_a_group_that_waits_is_bound_and_taken_back(office: Office) -> None:
    await waits(office)
    clerk = await office.clerk(Role.COMMUNITY)
    assert "等您绑定到网格 新群" in (await clerk.get("/groups")).text
    path = f"/groups/{ref(NEW)}"
    assert (await clerk.post(f"{path}/bind", area=COMMUNITY, deeper="第7微网格")).status == 303
    assert (await stored(office, NEW)).area == COMMUNITY + "/第7微网格"
    assert "第7微网格" in (await clerk.get("")).body  # in the switch of areas
    page = await clerk.get(path)
    assert (await clerk.post(f"{path}/undo", event=event(page))).status == 303
    assert (await stored(office, NEW)).state is GroupState.PENDING


@pytest.mark.parametrize(
    ("area", "says"),
    [(ELSEWHERE, "只能绑到自己管的范围里"), ("", "请填写网格"), ("a//b", "没有这样的网格")],
)
async def test_a_group_is_bound_to_an_area_of_ones_own(
    office: Office, area: str, says: str
) -> None:
    await waits(office, "wecom_aibot/main:wrOther")
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.post(f"/groups/{ref('wecom_aibot/main:wrOther')}/bind", area=area)
    assert page.status in {400, 409}
    assert says in page.text


async def test_what_a_group_is_like_is_written_down(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, COMMUNITY + "/第1微网格")
    path = f"/groups/{ref(G1)}"
    done = await clerk.post(
        path,
        name="海棠苑一群",
        buildings="1幢，3-9幢",
        tags="老小区",
        names="小棠",
        places="春晓亭 亭子\n南门车棚",
    )
    assert done.status == 303
    group = await stored(office, G1)
    assert (group.buildings, group.places) == (("1幢", "3-9幢"), ("春晓亭 亭子", "南门车棚"))
    wrong = await clerk.post(path, name="海棠苑一群", buildings="南边那几幢")
    assert (wrong.status, "21-25幢" in wrong.text) == (409, True)
    page = await clerk.get(path)
    assert (await clerk.post(f"{path}/undo", event=event(page))).status == 303
    assert (await stored(office, G1)).tags == ()


async def test_the_second_of_two_sees_what_the_first_did(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = f"/groups/{ref('sandbox:g2')}"
    assert (await clerk.post(path, basis="none", name="海棠苑二群", tags="新小区")).status == 303
    late = await clerk.post(path, basis="none", name="海棠苑二群", tags="人才公寓")
    assert (late.status, "刚才有人改过这个群" in late.text) == (409, True)
    assert 'value="人才公寓"' in late.body


async def test_listening_and_leaving(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = f"/groups/{ref('sandbox:g3')}"
    assert (await clerk.post(f"{path}/listen", listen="commands")).status == 303
    assert (await stored(office, "sandbox:g3")).listen is Listen.COMMANDS
    assert (await clerk.post(f"{path}/listen", listen="loudly")).status == 404
    assert (await clerk.post(f"{path}/unbind")).status == 303
    assert (await stored(office, "sandbox:g3")).state is GroupState.CLOSED
    assert "已解绑 海棠苑三群" in (await clerk.get("/groups")).text
    again = await clerk.post(f"{path}/unbind")
    assert (again.status, "已经解绑了" in again.text) == (409, True)
    assert (await clerk.post(f"{path}/bind", area=GRID)).status == 303


async def test_what_the_console_set_stands_after_a_restart(office: Office) -> None:
    from bot.community import save

    clerk = await office.clerk(Role.STREET, STREET)
    await clerk.post(f"/groups/{ref('sandbox:g2')}", name="海棠苑二群（改）", tags="新小区")
    await clerk.post(f"/people/{ref('sandbox:lu')}/remove")
    community = office.service.community
    await office.scene(lambda scene: save(scene._store, community, scene.now))
    assert (await stored(office, "sandbox:g2")).name == "海棠苑二群（改）"
    lu = await office.scene(lambda scene: scene.people.by_id("sandbox:lu"))
    assert lu.role is Role.RESIDENT
