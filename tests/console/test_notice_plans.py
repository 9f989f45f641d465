"""What a clerk does with a month of notices as a file."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.models import SHANGHAI, NoticeState, Role
from bot.services import sheet
from tests.console.kit import Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEADER = ("日期", "时间", "内容", "发往")


def table(office: Office, *rows: tuple[str, str, str], days: int = 3) -> bytes:
    day = office.service.clock.now().astimezone(SHANGHAI) + timedelta(days=days)
    return sheet.write(HEADER, ((day.date().isoformat(), *row) for row in rows))


async def looked(clerk: Clerk, name: str, data: bytes) -> Answer:
    return await clerk.post("/notices/plan", clerk.files({"file": (name, data)}))


async def test_a_plan_is_looked_at_then_planned_as_a_whole(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    data = table(office, ("9:00", "义诊：上午九点。", "一群"), ("10:00", "讲座：上午十点。", ""))
    page = await looked(clerk, "计划.csv", data)
    assert "2条都能排" in page.text
    held = re.search(r'action="/console(/notices/plan/[\w-]+)"', page.body)
    assert held
    assert (await clerk.post(held[1])).to == "/console/notices"
    planned = await office.service.database.read(
        lambda s: s.notices.by_state(NoticeState.PLANNED, 100)
    )
    assert {"义诊：上午九点。", "讲座：上午十点。"} <= {one.text for one in planned}
    gone = await clerk.post(held[1])
    assert (gone.status, "请重新选一次" in gone.text) == (409, True)
    again = await looked(clerk, "计划.csv", data)
    assert (again.status, "一样，请删掉一个" in again.text) == (400, True)


async def test_every_faulty_row_is_named_and_nothing_is_planned(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    data = table(
        office, ("9:00", "好的一行。", "一群"), ("25:00", "坏的时间。", ""), ("", "没有时间。", "")
    )
    page = await looked(clerk, "计划.csv", data)
    assert (page.status, "一条也没有排" in page.text) == (400, True)
    assert "第3行" in page.text
    assert "第4行" in page.text
    for name, wrong in (("a.ics", b"no calendar"), ("b.xlsx", b"PK"), ("c.doc", b"x")):
        answer = await looked(clerk, name, wrong)
        assert answer.status == 400, name
    none = await clerk.post("/notices/plan", clerk.files({}))
    assert (none.status, "请先选一个" in none.text) == (400, True)


@pytest.mark.parametrize("form", ["ics", "xlsx", "csv"])
async def test_what_is_to_come_leaves_as_a_file(office: Office, form: str) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    await looked(clerk, "x.csv", table(office, ("9:00", "可以带走的通知。", "一群"), days=5))
    async with clerk.session.get(f"{office.url}/console/notices/plan/export/{form}") as answer:
        assert answer.status == 200
        assert await answer.read()
    assert (await clerk.get("/notices/plan/export/exe")).status == 404
