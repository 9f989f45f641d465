"""What was done, looked through by those who keep everything."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from bot.models import Access, Role
from bot.services.audit_views import HEADER
from bot.web.console.refs import ref
from tests.console.kit import COMMUNITY, STREET, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def boss(office: Office) -> Clerk:
    return await office.clerk(Role.STREET, STREET, Access.ADMIN, name="街道主任")


async def test_what_was_done_is_shown_with_names_and_doors(office: Office) -> None:
    clerk = await boss(office)
    assert (await clerk.post(f"/people/{ref('sandbox:lu')}/remove")).status == 303
    page = await clerk.get("/audit")
    assert "街道主任 移出工作人员" in page.text
    assert "身份：微网管家 → 居民" in page.text
    assert "管理台" in page.text


async def test_the_sieve_finds_by_person_deed_object_and_day(office: Office) -> None:
    clerk = await boss(office)
    await clerk.post(f"/groups/{ref('sandbox:g1')}/listen", listen="commands")
    by_deed = await clerk.get("/audit", action="听法", who="街道主任")
    assert "海棠苑一群" in by_deed.text
    by_object = await clerk.get("/audit", what="group:sandbox:g1")
    assert "听法：" in by_object.text
    nobody = await clerk.get("/audit", who="没有此人")
    assert "没有这样的留痕" in nobody.text
    long_ago = await clerk.get("/audit", until="2020-01-01")
    assert "没有这样的留痕" in long_ago.text
    wrong = await clerk.get("/audit", since="2020-13-01")
    assert (wrong.status, "没有这样的日期" in wrong.text) == (400, True)


async def test_pages_go_back_in_time_without_a_gap(office: Office) -> None:
    clerk = await boss(office)
    for how in ("all", "mention") * 30:
        await clerk.post(f"/groups/{ref('sandbox:g2')}/listen", listen=how)
    first = await clerk.get("/audit", action="听法")
    assert "更早的" in first.text
    numbers = [int(part.split("条")[0]) for part in first.text.split("第")[1:] if "条" in part]
    older = await clerk.get("/audit", action="听法", before=str(min(numbers)))
    assert f"第{min(numbers) - 1}条" in older.text


async def test_it_goes_out_as_a_file_and_that_is_written_down(office: Office) -> None:
    clerk = await boss(office)
    out = await clerk.get("/audit/export/csv", action="听法")
    assert out.body.lstrip("\ufeff").startswith(",".join(HEADER))
    async with clerk.session.get(office.url + "/console/audit/export/xlsx") as answer:
        book = CalamineWorkbook.from_filelike(io.BytesIO(await answer.read()))
    assert book.get_sheet_by_index(0).to_python()[0] == list(HEADER)
    newest = await office.service.database.read(lambda store: store.audit.lines(limit=1))
    assert (newest[0].action, newest[0].subject) == ("导出", "table:audit")
    assert (await clerk.get("/audit/export/pdf")).status == 404


async def test_only_who_keeps_everything_may_look(office: Office) -> None:
    steward = await office.clerk(Role.STEWARD, COMMUNITY)
    assert (await steward.get("/audit")).status == 403
    await office.account(Role.STEWARD, "海棠街道/邻里社区", name="邻居的管家")
    part = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.ADMIN)
    for answer in (
        await part.get("/audit"),
        await part.get("/audit/export/csv"),
        await part.post("/audit/verify"),
    ):
        assert (answer.status, "要管着全部网格" in answer.text) == (409, True)


async def test_the_check_says_whether_a_line_was_altered(office: Office) -> None:
    clerk = await boss(office)
    assert "条留痕完好" in (await clerk.post("/audit/verify")).text
    path = Path(office.service.config.storage.path)
    with closing(sqlite3.connect(path)) as stranger, stranger:
        stranger.execute("UPDATE audit SET actor = 'somebody' WHERE number = 2")
    broken = await clerk.post("/audit/verify")
    assert "第2条被改过" in broken.text
