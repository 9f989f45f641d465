"""People and what they are, kept by the office."""

from __future__ import annotations

import re

import pytest

from bot.engine.context import Scene
from bot.models import CONSOLE, Access, Door, Person, Role
from bot.web.console.refs import ref
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, STREET, Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

WANG = "sandbox:wang"
XU = "sandbox:xu"


def hidden(page: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.body)
    assert found, page.text
    return found[1]


async def stored(office: Office, id_: str) -> Person:
    person: Person = await office.scene(lambda scene: scene.people.by_id(id_))
    return person


async def add(clerk: Clerk, **fields: str) -> Answer:
    usual = {"channel": "wecom_app/main", "role": "steward", "area": GRID}
    return await clerk.post("/people/new", **(usual | fields))


async def test_the_list_shows_staff_with_residents_one_click_away(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.get("/people")
    assert "陈管家" in page.text
    assert "王阿姨" not in page.text
    residents = await clerk.get("/people", role="resident")
    assert "王＊＊" in residents.text
    assert "王阿姨" not in residents.text
    grid = await clerk.get("/people", area=GRID)
    assert "许管家" in grid.text
    assert "陈管家" not in grid.text
    found = await clerk.get("/people", q="老何")
    assert ("网格长老何" in found.text, "陈管家" in found.text) == (True, False)


async def test_the_tree_counts_groups_and_people(office: Office) -> None:
    page = await (await office.clerk(Role.COMMUNITY)).get("/people")
    assert "第3微网格 1个群 · 1位工作人员" in page.text


async def test_a_sign_for_anything_finds_nobody(office: Office) -> None:
    page = await (await office.clerk(Role.COMMUNITY)).get("/people", q="%")
    assert "没有找到" in page.text


async def test_opening_a_resident_shows_the_name_and_is_written_down(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, COMMUNITY + "/第1微网格", name="看的人")
    page = await clerk.get(f"/people/{ref(WANG)}")
    assert "王阿姨" in page.text
    lines = await office.service.database.read(lambda store: store.audit.lines(limit=3))
    viewed = next(line for line in lines if line.action == "查看")
    assert (viewed.actor, viewed.door) == ("console:看的人", Door.CONSOLE)
    assert viewed.subject.startswith("person:居民")


async def test_a_new_steward_is_registered_and_can_be_found(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    done = await add(clerk, user="LiMei", name="李梅", home="3幢2单元")
    assert done.status == 303
    assert (await stored(office, "wecom_app/main:LiMei")).role is Role.STEWARD
    assert "李梅" in (await clerk.get("/people", q="LiMei")).text
    twice = await add(clerk, user="LiMei", name="李梅")
    assert (twice.status, "已经登记了" in twice.text) == (409, True)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"user": ""}, "请填写账号"),
        ({"name": ""}, "请填写名字"),
        ({"home": "3幢502室"}, "不要写门牌"),
        ({"role": "partner"}, "共建单位要写上单位名和能帮的事"),
        ({"role": "street"}, "不能给比自己高的身份"),
        ({"area": ELSEWHERE}, "只能放到自己管的范围里"),
        ({"deeper": "a//b"}, "没有这样的网格"),
        ({"channel": "telegram/x"}, "没有找到"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    office: Office, fields: dict[str, str], says: str
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    typed = {"user": "Nobody", "name": "某某某", "serves": "修灯、修锁"} | fields
    page = await add(clerk, **typed)
    assert page.status in {400, 404, 409}
    assert says in page.text
    assert 'value="修灯、修锁"' in page.body


async def test_a_role_is_changed_and_taken_back(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="改的人")
    page = await clerk.get(f"/people/{ref(XU)}")
    fields = {"name": "许管家", "role": "grid_lead", "area": COMMUNITY, "deeper": "第9微网格"}
    basis = hidden(page, "basis")
    assert (await clerk.post(f"/people/{ref(XU)}", basis=basis, **fields)).status == 303
    after = await stored(office, XU)
    assert (after.role, after.area) == (Role.GRID_LEAD, COMMUNITY + "/第9微网格")
    page = await clerk.get(f"/people/{ref(XU)}")
    assert "身份：微网管家 → 网格长" in page.text
    undone = await clerk.post(f"/people/{ref(XU)}/undo", event=hidden(page, "event"))
    assert undone.status == 303
    back = await stored(office, XU)
    assert (back.role, back.area) == (Role.STEWARD, GRID)
    late = await clerk.post(f"/people/{ref(XU)}/undo", event=hidden(page, "event"))
    assert (late.status, "撤不回来" in late.text) == (409, True)


async def test_the_second_of_two_sees_what_the_first_did(office: Office) -> None:
    first = await office.clerk(Role.COMMUNITY, name="先改的人")
    second = await office.clerk(Role.COMMUNITY, name="后改的人")
    await add(first, user="Both", name="两人改的")
    path = f"/people/{ref('wecom_app/main:Both')}"
    page = await first.get(path)
    fields = {"role": "steward", "area": GRID}
    assert (
        await first.post(path, basis=hidden(page, "basis"), name="先改成的", **fields)
    ).status == 303
    late = await second.post(path, basis=hidden(page, "basis"), name="后改成的", **fields)
    assert late.status == 409
    assert "刚才有人改过这个人" in late.text
    assert "先改成的" in late.text
    assert 'value="后改成的"' in late.body
    again = await second.post(path, basis=hidden(late, "basis"), name="后改成的", **fields)
    assert again.status == 303


async def test_who_leaves_the_staff_is_out_of_the_console_and_can_come_back(
    office: Office,
) -> None:
    boss = await office.clerk(Role.COMMUNITY)
    leaver = await office.clerk(Role.GRID_LEAD, name="要走的人")
    path = f"/people/{ref('console:要走的人')}"
    assert (await boss.post(f"{path}/remove")).status == 303
    assert (await leaver.get("")).to.startswith("/console/sign-in")
    page = await boss.get(path)
    assert (await boss.post(f"{path}/undo", event=hidden(page, "event"))).status == 303
    assert (await stored(office, "console:要走的人")).role is Role.GRID_LEAD


async def test_nobody_changes_themselves_or_somebody_above(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="自己")
    own = await clerk.post(f"/people/{ref('console:自己')}/remove")
    assert (own.status, "不能改自己的身份" in own.text) == (409, True)
    await office.account(Role.STREET, COMMUNITY, name="街道派来的")
    above = await clerk.post(f"/people/{ref('console:街道派来的')}/remove")
    assert above.status == 404
    assert (await stored(office, "console:街道派来的")).role is Role.STREET


async def test_the_last_administrator_stays(office: Office) -> None:
    await office.account(Role.COMMUNITY, COMMUNITY, Access.ADMIN, name="唯一的管理员")
    boss = await office.clerk(Role.STREET, STREET)
    kept = await boss.post(f"/people/{ref('console:唯一的管理员')}/remove")
    assert (kept.status, "最后一个系统管理员" in kept.text) == (409, True)


async def test_another_account_becomes_the_same_person(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = f"/people/{ref(XU)}"
    joined = await clerk.post(f"{path}/join", channel="wecom_app/main", user="XuGuan")
    assert joined.status == 303
    same = await office.scene(lambda scene: scene._store.people.person("wecom_app/main", "XuGuan"))
    assert same.id == XU
    taken = await clerk.post(f"{path}/join", channel="sandbox", user="chen")
    assert (taken.status, "先把他移出工作人员" in taken.text) == (409, True)
    parted = await clerk.post(f"{path}/part", channel="wecom_app/main", user="XuGuan")
    assert parted.status == 303
    page = await clerk.get(path)
    assert (await clerk.post(f"{path}/undo", event=hidden(page, "event"))).status == 303
    assert "XuGuan" in (await clerk.get(path)).text


async def test_joining_keeps_the_account_that_speaks_for_them(office: Office) -> None:
    await office.clerk(Role.STEWARD, GRID, name="两头的人")
    clerk = await office.clerk(Role.COMMUNITY)

    def aliases(scene: Scene) -> list[str]:
        return [channel for channel, _ in scene._store.people.accounts("console:两头的人")]

    await clerk.post(
        f"/people/{ref('console:两头的人')}/join", channel="wecom_app/main", user="LiangTou"
    )
    assert sorted(await office.scene(aliases)) == [CONSOLE, "wecom_app/main"]


async def test_who_may_not_manage_sees_no_form(office: Office) -> None:
    steward = await office.clerk(Role.STEWARD, COMMUNITY)
    page = await steward.get(f"/people/{ref(XU)}")
    assert page.status == 200
    assert "<form method" not in page.body.partition("<main")[2]
    refused = await steward.post(f"/people/{ref(XU)}/remove")
    assert (refused.status, (await stored(office, XU)).role) == (403, Role.STEWARD)
