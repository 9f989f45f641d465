"""报表 and 台账 at the desk: what stands there, what is taken away, how old books come in."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import openpyxl
import pytest

from bot.engine.context import Scene
from bot.models import SHANGHAI, Audience, Kind, Place, Role
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, Clerk, Office
from tests.console.matters import FIRST, XSS, recorded

pytestmark = pytest.mark.asyncio(loop_scope="module")

OLD = "编号,登记时间,诉求内容,状态,办结时间\n"


async def clerk(office: Office, role: Role = Role.COMMUNITY, area: str = COMMUNITY) -> Clerk:
    return await office.clerk(role, area)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """What was told, by who may read it."""
    return {"public": "3幢楼道灯不亮" + XSS, "private": "楼上夫妻吵架", "far": "邻里社区水管漏"}


@pytest.fixture(scope="module", autouse=True)
def seeded() -> dict[str, bool]:
    """Whether the matters are there."""
    return {"done": False}


async def seed(office: Office, texts: dict[str, str], seeded: dict[str, bool]) -> None:
    if seeded["done"]:
        return
    seeded["done"] = True

    def put(scene: Scene) -> None:
        for _ in range(6):
            recorded(scene, texts["public"], place=Place(building="3幢", room="502室"), by="王小明")
        recorded(scene, texts["private"], category="LLJF", audience=Audience.PRIVATE)
        recorded(scene, texts["far"], area=ELSEWHERE + "/第1微网格")
        recorded(scene, "建议加几张长椅", kind=Kind.SUGGESTION, ago=timedelta(minutes=9))

    await office.scene(put)


@pytest.fixture
def pages() -> list[str]:
    return [
        "/reports/daily", "/reports/weekly", "/reports/monthly", "/ledger",
        *(f"/ledger?sheet={sheet}" for sheet in
          ("summary", "ideas", "stuck", "rates", "heat", "notices", "services", "contacts")),
    ]  # fmt: skip


async def test_no_page_shows_what_is_private_elsewhere_or_alive(
    office: Office, texts: dict[str, str], seeded: dict[str, bool], pages: list[str]
) -> None:
    await seed(office, texts, seeded)
    someone = await clerk(office)
    for page in pages:
        path, _, query = page.partition("?")
        answer = await someone.get(path, **dict([query.split("=")] if query else []))
        assert answer.status == 200, page
        assert texts["private"] not in answer.text, page
        assert texts["far"] not in answer.text, page
        assert "<script>window.harm" not in answer.body, page
        assert "王小明" not in answer.text, page
        assert "502" not in answer.text, page


async def test_the_month_counts_them_and_tells_its_terms(
    office: Office, texts: dict[str, str], seeded: dict[str, bool]
) -> None:
    await seed(office, texts, seeded)
    answer = await (await clerk(office)).get("/reports/monthly")
    assert re.search(r"收集居民诉求\d+个，提出1条意见建议", answer.text)
    assert "口径：按登记时间" in answer.text
    assert "data-chart=" in answer.body
    assert "echarts.simple.min.js" in answer.body
    assert "在手数量" in answer.text
    steward = await (await clerk(office, Role.STEWARD, FIRST)).get("/reports/monthly")
    assert "在手数量" not in steward.text


async def test_one_turns_to_the_days_before(office: Office) -> None:
    someone = await clerk(office)
    answer = await someone.get("/reports/monthly", date="2023-01-15")
    assert "2023年1月" in answer.text
    assert 'href="?date=2022-12-01"' in answer.body
    assert 'href="?date=2023-02-01"' in answer.body
    for wrong in ("昨天", "0001-01-01", "9999-12-31", "2023-02-30"):
        assert (await someone.get("/reports/monthly", date=wrong)).status == 200
    assert (await someone.get("/reports/yearly")).status == 404
    assert (await someone.get("/reports")).to == "/console/reports/monthly"


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/reports/daily/txt", "text/plain"),
        ("/reports/weekly/xlsx", "application/vnd.openxmlformats"),
        ("/reports/monthly/docx", "application/vnd.openxmlformats"),
        ("/ledger/shared/xlsx", "application/vnd.openxmlformats"),
        ("/ledger/shared/csv", "text/csv"),
    ],
)
async def test_files_are_taken_away_and_that_is_written_down(
    office: Office, texts: dict[str, str], seeded: dict[str, bool], path: str, kind: str
) -> None:
    await seed(office, texts, seeded)
    async with (await clerk(office)).session.get(office.url + "/console" + path) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith(kind)
        assert "filename*=UTF-8''%E6%98%A5" in answer.headers["Content-Disposition"]
        assert texts["private"].encode() not in await answer.read()
    lines = await office.scene(lambda s: s._store.audit.lines(limit=50))
    assert "导出" in [line.action for line in lines]


async def test_forms_that_there_are_not(office: Office) -> None:
    someone = await clerk(office)
    for path in ("/reports/daily/pdf", "/reports/monthly/csv", "/ledger/shared/docx", "/ledger/x"):
        assert (await someone.get(path)).status == 404, path
    assert (await someone.get("/ledger", sheet="none")).status == 404


async def test_the_full_copy_is_for_those_in_charge(
    office: Office, texts: dict[str, str], seeded: dict[str, bool]
) -> None:
    await seed(office, texts, seeded)
    now = await office.scene(lambda s: s.now)
    today = now.astimezone(SHANGHAI).date().isoformat()
    steward = await clerk(office, Role.STEWARD, FIRST)
    assert (await steward.post("/ledger/full", first=today, last=today)).status == 403
    assert "下载全本" not in (await steward.get("/ledger")).text
    lead = await clerk(office, Role.GRID_LEAD, FIRST)
    assert "下载全本" in (await lead.get("/ledger")).text
    async with lead.session.post(
        office.url + "/console/ledger/full",
        data={"form_token": lead.token, "first": today, "last": today},
        headers={"Origin": office.url},
    ) as answer:
        sheet = openpyxl.load_workbook(io.BytesIO(await answer.read()))["诉求台账"]
        said = {str(cell.value) for cell in sheet["F"]}
        names = {cell.value for cell in sheet["H"]}
    assert texts["private"] in said
    assert "王小明" in names
    lines = await office.scene(lambda s: s._store.audit.lines(limit=1))
    assert lines[0].action == "导出台账全本"
    assert (await lead.post("/ledger/full", first="昨天", last=today)).status == 400


# Older ledgers


async def upload(someone: Clerk, text: str, name: str = "旧台账.csv") -> tuple[int, str, str]:
    form = someone.files({"file": (name, text.encode("utf-8-sig"))})
    answer = await someone.post("/ledger/import", form)
    key = re.search(r'name="key" value="([^"]+)"', answer.body)
    return answer.status, answer.text, key.group(1) if key else ""


async def test_an_older_ledger_is_tried_brought_in_and_taken_back(office: Office) -> None:
    someone = await clerk(office)
    text = OLD + f"K-1,2023-01-05,{XSS},已办结,2023-01-06\nK-2,2023-01-07,5幢水管漏,在办,\n"
    status, told, key = await upload(someone, text)
    assert (status, bool(key)) == (200, True)
    assert "新的 2 件，已有的 0 件" in told
    assert "window.harm=1" in told  # as words
    ledger = {"first": "2023-01-01", "last": "2023-01-31"}
    assert "没有登记诉求" in (await someone.get("/ledger", **ledger)).text
    answer = await someone.post("/ledger/import/take", key=key)
    assert (answer.status, answer.to) == (303, "/console/ledger/import")
    page = await someone.get("/ledger/import")
    assert "已导入2件" in page.text
    (batch,) = re.findall(r"/import/(T\d+)/undo", page.body)
    assert "5幢水管漏" in (await someone.get("/ledger", **ledger)).text
    assert "已有的 2 件" in (await upload(someone, text))[1]
    answer = await someone.post("/ledger/import/take", key=key)
    assert answer.status == 409  # the same button a second time
    assert (await someone.post(f"/ledger/import/{batch}/undo")).to == "/console/ledger/import"
    assert "已撤回" in (await someone.get("/ledger", **ledger)).text
    assert (await someone.post(f"/ledger/import/{batch}/undo")).status == 404


async def test_every_faulty_row_is_listed(office: Office) -> None:
    someone = await clerk(office)
    lines = "".join(f"K-{n},昨天,灯不亮,在办,\n" for n in range(400))
    status, told, key = await upload(someone, OLD + lines)
    assert (status, key) == (400, "")
    assert "没有导入，一行也没有动" in told
    assert told.count("看不懂") == 300
    assert "另外还有100处" in told


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.xls", "读不了 .xls 文件"),
        ("a.xlsx", "不是 .xlsx 工作簿"),
        ("a.csv", "没有找到台账"),
    ],
)
async def test_wrong_files(office: Office, name: str, words: str) -> None:
    status, told, _ = await upload(await clerk(office), "x", name)
    assert (status, words in told) == (400, True)


async def test_no_file_and_a_file_that_is_too_large(office: Office) -> None:
    someone = await clerk(office)
    assert "请先选一个文件" in (await someone.post("/ledger/import")).text
    huge = someone.files({})
    huge.add_field("file", io.BytesIO(b"x" * (17 << 20)), filename="a.csv")
    answer = await someone.post("/ledger/import", huge)
    assert (answer.status, "内容太大" in answer.text) == (413, True)


async def test_another_does_not_bring_in_what_one_has_read(office: Office) -> None:
    _, _, key = await upload(await clerk(office), OLD + "K-9,2023-01-05,灯不亮,在办,\n")
    other = await office.clerk(Role.COMMUNITY, COMMUNITY, name="另一位")
    answer = await other.post("/ledger/import/take", key=key)
    assert (answer.status, "放得太久" in answer.text) == (409, True)


async def test_stewards_do_not_import(office: Office) -> None:
    for role in (Role.STEWARD, Role.GRID_LEAD):
        answer = await (await clerk(office, role, GRID)).get("/ledger/import")
        assert answer.status == 403
