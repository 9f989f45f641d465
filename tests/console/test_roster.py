"""Bringing people, groups and units in as a file, and taking them out."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence

import pytest
from python_calamine import CalamineWorkbook

from bot.models import GroupState, Role
from bot.services.roster_files import write_workbook
from bot.services.roster_table import HEADERS, MOST, Kind
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, STREET, Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

Rows = dict[Kind, Sequence[Sequence[str]]]
LI = ("wecom_app/main", "LiMei", "李梅", "微网管家", GRID, "", "", "3幢2单元")
LAMP = (
    "wecom_app/main",
    "Lamp",
    "灯具店小郑",
    "共建单位",
    COMMUNITY,
    "春晓灯具店",
    "路灯、门禁",
    "",
)
FIVE = (
    "wecom_aibot/demo",
    "wrFive",
    "海棠苑五群",
    GRID,
    "只听@",
    "28-30幢",
    "老小区",
    "",
    "春晓亭 亭子",
)
UNIT = ("春晓物业", "0512-00000000", "管1-9幢的水电")


async def look(clerk: Clerk, rows: Rows, name: str = "名单.xlsx") -> Answer:
    return await send(clerk, name, write_workbook(rows, ["wecom_app/main"]))


async def send(clerk: Clerk, name: str, data: bytes) -> Answer:
    return await clerk.post("/people/import", _data=clerk.files({"file": (name, data)}))


async def bring(clerk: Clerk, page: Answer) -> Answer:
    held = re.search(r'action="/console(/people/import/[^"]+)"', page.body)
    stamp = re.search(r'name="stamp" value="([^"]+)"', page.body)
    assert held, page.text
    assert stamp
    return await clerk.post(held[1], stamp=stamp[1])


async def test_a_file_is_looked_at_then_brought_in_and_a_second_time_changes_nothing(
    office: Office,
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    rows: Rows = {Kind.PEOPLE: [LI, LAMP], Kind.GROUPS: [FIVE], Kind.UNITS: [UNIT]}
    page = await look(clerk, rows)
    assert "新加 4 行，改动 0 行，0 行没有变化。还没有导入" in page.text
    assert await office.scene(lambda scene: scene.people.by_id("wecom_app/main:LiMei")) is None
    done = await bring(clerk, page)
    assert (done.status, done.to) == (303, "/console/people")
    lamp = await office.scene(lambda scene: scene.people.by_id("wecom_app/main:Lamp"))
    assert (lamp.role, lamp.serves) == (Role.PARTNER, ("路灯", "门禁"))
    group = await office.scene(lambda scene: scene.people.group_by_id("wecom_aibot/demo:wrFive"))
    assert (group.state, group.buildings) == (GroupState.BOUND, ("28-30幢",))
    assert "春晓物业" in (await clerk.get("/units")).text
    again = await look(clerk, rows)
    assert "新加 0 行，改动 0 行，4 行没有变化" in again.text
    assert "不用导入" in again.text


async def test_a_row_that_is_there_is_brought_up_to_date(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    await bring(clerk, await look(clerk, {Kind.PEOPLE: [(*LI[:1], "WuHao", *LI[2:])]}))
    moved = ("wecom_app/main", "WuHao", "李梅", "网格长", COMMUNITY, "", "", "")
    page = await look(clerk, {Kind.PEOPLE: [moved]})
    assert "身份： 微网管家 → 网格长" in page.text
    await bring(clerk, page)
    person = await office.scene(lambda scene: scene.people.by_id("wecom_app/main:WuHao"))
    assert (person.role, person.home) == (Role.GRID_LEAD, "")


async def test_every_fault_is_named_with_its_row_and_column_and_nothing_comes_in(
    office: Office,
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    wrong = [
        ("wecom_app/main", "Good", "好的", "微网管家", GRID, "", "", ""),
        ("telegram", "A", "甲", "微网管家", GRID, "", "", ""),
        ("wecom_app/main", "", "乙", "微网管家", GRID, "", "", ""),
        ("wecom_app/main", "C", "丙", "管嫁", GRID, "", "", ""),
        ("wecom_app/main", "D", "丁", "居民", GRID, "", "", "3幢502室"),
        ("wecom_app/main", "E", "戊", "共建单位", GRID, "", "", ""),
        ("wecom_app/main", "Good", "又一个", "微网管家", "a//b", "", "", ""),
    ]
    page = await look(clerk, {Kind.PEOPLE: wrong, Kind.GROUPS: [(*FIVE[:5], "南边", *FIVE[6:])]})
    assert page.status == 400
    for told in (
        "有8处要改，一行也没有导入",
        "「人员」第3行「通道」写成了「telegram」，只能是",
        "「人员」第4行「账号」没有填，请填上",
        "「人员」第5行「身份」写成了「管嫁」，只能是",
        "「人员」第6行「楼幢」写成了「3幢502室」，应写成「3幢」或「3幢2单元」，不要写门牌",
        "「人员」第7行「单位」和「能帮的事」都要填",
        "「人员」第8行「账号」和第2行重复，请只留一行",
        "「人员」第8行「网格」写成了「a//b」，应写成「街道/社区/微网格」",
        "「群」第2行「管哪些楼」里的「南边」应写成",
    ):
        assert told in page.text, told
    assert await office.scene(lambda scene: scene.people.by_id("wecom_app/main:Good")) is None
    link = re.search(r'href="/console(/people/import/[^"]+/faults)"', page.body)
    assert link
    assert "第8行" in (await clerk.get(link[1])).body


async def test_nobody_brings_in_what_they_could_not_click(office: Office) -> None:
    await office.account(Role.STREET, COMMUNITY, name="街道的人")
    clerk = await office.clerk(Role.COMMUNITY, name="导入的人")
    other = ("wecom_app/main", "Far", "远的", "微网管家", ELSEWHERE, "", "", "")
    high = ("wecom_app/main", "High", "高的", "街道工作人员", COMMUNITY, "", "", "")
    page = await look(clerk, {Kind.PEOPLE: [other, high]})
    assert "第2行「网格」不归您管，请写海棠街道/春晓社区下面的" in page.text
    assert "第3行「身份」比您的高" in page.text
    far = await look(clerk, {Kind.GROUPS: [(*FIVE[:3], ELSEWHERE, *FIVE[4:])]})
    assert "「群」第2行「网格」不归您管" in far.text


async def test_what_changed_since_it_was_looked_at_is_looked_at_again(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    row = ("wecom_app/main", "Twice", "钱一", "微网管家", GRID, "", "", "")
    page = await look(clerk, {Kind.PEOPLE: [row]})
    other = await office.clerk(Role.COMMUNITY, name="另一个人")
    fields = {"channel": "wecom_app/main", "user": "Twice", "role": "volunteer"}
    await other.post("/people/new", name="钱二", area=GRID, **fields)
    late = await bring(clerk, page)
    assert (late.status, "有人改过名单" in late.text) == (409, True)
    assert (await bring(clerk, late)).status == 303


async def test_what_comes_out_goes_in_again_and_no_cell_computes(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    await bring(clerk, await look(clerk, {Kind.UNITS: [("物业二处", "", "=HYPERLINK(1)")]}))
    async with clerk.session.get(office.url + "/console/people/export/xlsx") as answer:
        data = await answer.read()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names
    assert sheets == [kind.value for kind in Kind]
    page = await send(clerk, "人员和群.xlsx", data)
    assert "新加 0 行，改动 0 行" in page.text, page.text
    people = (await clerk.get("/people/export/people")).body
    assert "王阿姨" not in people
    assert next(csv.reader(io.StringIO(people.lstrip("\ufeff")))) == list(HEADERS[Kind.PEOPLE])
    units = (await clerk.get("/people/export/units")).body
    assert "'=HYPERLINK" in units
    lines = await office.service.database.read(lambda store: store.audit.lines(limit=1))
    assert (lines[0].action, lines[0].subject) == ("导出", "table:roster")


async def test_the_empty_sheet_can_be_taken_home(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    async with clerk.session.get(office.url + "/console/people/export/empty") as answer:
        book = CalamineWorkbook.from_filelike(io.BytesIO(await answer.read()))
    assert book.get_sheet_by_name("人员").to_python()[0] == list(HEADERS[Kind.PEOPLE])
    assert (await clerk.get("/people/export/nothing")).status == 404


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("", b"", "请先选一个"),
        ("照片.xlsx", b"\xff\xd8\xff", "这不是 .xlsx 工作簿"),
        ("名单.xls", b"x", "读不了 .xls 文件"),
        ("名单.csv", "编号,问题\n1,2\n".encode(), "没有找到「人员」「群」「单位」"),
        ("名单.csv", "通道,账号,姓名,身份,网格,年龄\n".encode(), "表头里不认识：年龄"),
        ("名单.csv", "通道,账号,姓名\n".encode(), "表头缺少：身份、网格"),
    ],
)
async def test_a_wrong_file_is_refused_in_one_sentence(
    office: Office, name: str, data: bytes, says: str
) -> None:
    page = await send(await office.clerk(Role.COMMUNITY), name, data)
    assert (page.status, says in page.text) == (400, True), page.text


async def test_units_are_known_when_a_matter_is_handed_on(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    assert (await clerk.post("/units", name="供热公司", phone="1234")).status == 303
    await office.service.database.write(lambda store: None)
    knowledge = office.service.engine.knowledge
    await office.scene(lambda scene: knowledge.tables.refresh(scene._store))
    assert "供热公司" in knowledge.units
    twice = await clerk.post("/units", name="供热公司", phone="5678")
    assert (twice.status, "已经登记了" in twice.text) == (409, True)


async def test_a_unit_is_changed_taken_away_and_put_back(office: Office) -> None:
    from bot.web.console.refs import ref

    clerk = await office.clerk(Role.COMMUNITY)
    await clerk.post("/units", name="河道站", phone="1")
    path = f"/units/{ref('河道站')}"
    assert (await clerk.post(path, phone="2", was_phone="1")).status == 303
    late = await clerk.post(path, phone="3", was_phone="1")
    assert (late.status, "刚才有人改过" in late.text) == (409, True)
    assert (await clerk.post(f"{path}/remove")).status == 303
    assert (await clerk.get(path)).status == 404
    page = await clerk.get("/units")
    assert "撤销删除「河道站」" in page.text
    event = re.search(r'name="event" value="([^"]+)"', page.body)
    assert event
    assert (await clerk.post(f"{path}/undo", event=event[1])).status == 303
    assert "2" in (await clerk.get(path)).text
    steward = await office.clerk(Role.STEWARD)
    assert (await steward.post("/units", name="不该有的")).status == 403


@pytest.mark.slow
async def test_hostile_files_are_refused_before_they_cost_anything(office: Office) -> None:
    clerk = await office.clerk(Role.STREET, STREET)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (200 << 20))
    page = await send(clerk, "大.xlsx", out.getvalue())
    assert "解开后太大" in page.text
    rows = [(*LI[:1], f"u{n}", *LI[2:]) for n in range(50_000)]
    rows[25_000] = (*LI[:1], "u25000", "李梅", "管嫁", *LI[4:])
    text = "\n".join(",".join(row) for row in [HEADERS[Kind.PEOPLE], *rows])
    page = await send(clerk, "多.csv", text.encode())
    assert page.status == 400
    assert "「人员」第25002行「身份」写成了「管嫁」" in page.text
    assert f"一次最多导入{MOST}行" in page.text
    assert await office.scene(lambda scene: scene.people.by_id("wecom_app/main:u0")) is None
    page = await send(clerk, "太大.csv", b"x" * (20 << 20))
    assert (page.status, "内容太大" in page.text) == (413, True)
