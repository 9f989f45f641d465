"""Kinds of matters, days off, and what holds here."""

from __future__ import annotations

import re

import pytest

from bot.models import Access, Role
from tests.console.kit import COMMUNITY, STREET, Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEXT_YEAR = "日期,安排,名称\n2027-01-01,放假,元旦\n2027-01-03,上班,调休\n"


def hidden(page: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.body)
    assert found, page.text
    return found[1]


def filled(page: Answer) -> dict[str, str]:
    """The form of a kind as the browser would send it back."""
    inputs = dict(re.findall(r'<input name="([^"]+)" value="([^"]*)"', page.body))
    inputs |= dict(
        re.findall(r'<select name="([^"]+)">.*?<option selected>([^<]+)<', page.body, re.S)
    )
    areas = re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page.body, re.S)
    return inputs | dict(areas) | {"basis": hidden(page, "basis")}


async def a_kind(office: Office) -> str:
    """The path of some kind."""
    return f"/settings/kinds/{office.service.engine.knowledge.taxonomy.all[0].code}"


async def test_a_kind_is_changed_holds_at_once_and_can_be_reset(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = await a_kind(office)
    code = path.rpartition("/")[2]
    fields = filled(await clerk.get(path))
    came = fields["办理期限"]
    done = await clerk.post(path, **(fields | {"办理期限": "2wd", "负责单位": "春晓物业"}))
    assert done.status == 303, done.text
    knowledge = office.service.engine.knowledge
    assert knowledge.taxonomy.get(code).due == "2wd"
    page = await clerk.get(path)
    assert f"自带的是：{came}" in page.text
    assert f"办理期限：{came} → 2wd" in page.text
    assert "改过的 1" in (await clerk.get("/settings/kinds", show="changed")).text
    assert (await clerk.post(f"{path}/reset")).status == 303
    assert knowledge.taxonomy.get(code).due == came
    page = await clerk.get(path)
    assert (await clerk.post(f"{path}/undo", event=hidden(page, "event"))).status == 303
    assert knowledge.taxonomy.get(code).due == "2wd"
    assert (await clerk.post(f"{path}/reset")).status == 303


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"办理期限": "三天"}, "应如 5wd（工作日）或 24h（小时）"),
        ({"首次回应": "很快"}, "应是小时数"),
        ({"名称": ""}, "名称没有填"),
        ({"公开": "随便"}, "只能是公开"),
        ({"简称": "其他"}, "重复了"),
    ],
)
async def test_what_cannot_be_is_said_and_nothing_typed_is_lost(
    office: Office, change: dict[str, str], says: str
) -> None:
    clerk, path = await office.clerk(Role.COMMUNITY), await a_kind(office)
    fields = filled(await clerk.get(path)) | {"后续单位": "区里的人"} | change
    page = await clerk.post(path, **fields)
    assert (page.status, says in page.text) == (409, True), page.text
    assert 'value="区里的人"' in page.body


async def test_the_second_of_two_sees_what_the_first_did(office: Office) -> None:
    clerk, path = await office.clerk(Role.COMMUNITY), await a_kind(office)
    fields = filled(await clerk.get(path))
    assert (await clerk.post(path, **(fields | {"负责单位": "先改的"}))).status == 303
    late = await clerk.post(path, **(fields | {"负责单位": "后改的"}))
    assert late.status == 409
    assert "别人刚改成的样子 负责单位 先改的" in late.text
    assert 'value="后改的"' in late.body
    assert (await clerk.post(f"{path}/reset")).status == 303
    again = await clerk.post(f"{path}/reset")
    assert (again.status, "没有改过" in again.text) == (409, True)


async def test_one_changed_kind_leaves_the_others_as_they_come(office: Office) -> None:
    clerk, path = await office.clerk(Role.COMMUNITY), await a_kind(office)
    fields = filled(await clerk.get(path))
    await clerk.post(path, **(fields | {"办理期限": "9wd"}))
    rows = await office.service.database.read(lambda store: store.settings.rows("kinds"))
    assert list(rows) == [path.rpartition("/")[2]]
    csv = await clerk.get("/settings/kinds.csv")
    assert "9wd" in csv.body
    await clerk.post(f"{path}/reset")


async def test_a_steward_may_look_but_not_change(office: Office) -> None:
    steward, path = await office.clerk(Role.STEWARD), await a_kind(office)
    page = await steward.get(path)
    assert (page.status, "保存" in page.text) == (200, False)
    assert (await steward.post(path, basis="x")).status == 403


async def send(clerk: Clerk, name: str, data: bytes) -> Answer:
    return await clerk.post("/settings/holidays", _data=clerk.files({"file": (name, data)}))


async def test_a_year_is_looked_at_brought_in_and_taken_back(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await send(clerk, "2027.csv", NEXT_YEAR.encode())
    assert "2027年（新的） 变成放假： 1月1日元旦 变成上班： 1月3日" in page.text
    assert "还没有导入" in page.text
    link = re.search(r'action="/console(/settings/holidays/[^"]+)"', page.body)
    assert link
    done = await clerk.post(link[1], stamp=hidden(page, "stamp"))
    assert done.status == 303
    assert 2027 in office.service.engine.knowledge.calendar.years
    page = await clerk.get("/settings/holidays")
    assert "导入的，管理台导入" in page.text
    event = hidden(page, "event")
    assert (await clerk.post("/settings/holidays/undo", event=event)).status == 303
    assert 2027 not in office.service.engine.knowledge.calendar.years
    late = await clerk.post("/settings/holidays/undo", event=event)
    assert (late.status, "撤不回来" in late.text) == (409, True)


async def test_a_table_goes_out_as_it_comes_in(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    out = (await clerk.get("/settings/holidays.csv")).body
    page = await send(clerk, "放假.csv", out.encode())
    assert "和现在的一样，不用导入" in page.text
    empty = (await clerk.get("/settings/holidays-empty.csv")).body
    assert "日期,安排,名称" in empty


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "请先选一个文件"),
        ("日期,安排\n2027-13-01,放假\n".encode(), "第2行「日期」写成了「2027-13-01」"),
        ("日期,安排\n2027-01-01,休息\n".encode(), "第2行「安排」写成了「休息」"),
        ("日期,安排\n".encode(), "一天也没有"),
        ("日期,安排\n2027-01-04,上班\n2027-01-01,放假\n".encode(), "不用写成调休上班"),
        (b"{nonsense", "读不出来"),
        (b"\xff\xd8\xff\x00", ""),
    ],
)
async def test_a_wrong_table_is_refused(office: Office, data: bytes, says: str) -> None:
    page = await send(await office.clerk(Role.COMMUNITY), "表.csv", data)
    assert (page.status, says in page.text) == (400, True), page.text


async def test_the_overview_says_what_holds(office: Office) -> None:
    page = await (await office.clerk(Role.COMMUNITY)).get("/settings")
    for told in ("工作日 08:30–17:30", "21:30–07:00不发", "4小时告诉网格长", "98.3%", "92.5%"):
        assert told in page.text, told
    assert "操作留痕" not in page.text


async def test_about_asks_the_platforms(office: Office) -> None:
    boss = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    assert "海棠管家 0" in (await boss.get("/settings/about")).text
    asked = await boss.post("/settings/about")
    assert (asked.status, "wecom_app/main" in asked.text) == (200, True)
    assert (
        await (await office.clerk(Role.COMMUNITY, COMMUNITY)).get("/settings/about")
    ).status == 403
