"""What a clerk does with whole files of answers."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from bot.models import FaqEntry, Role
from bot.services.faq_csv import write_csv
from bot.services.faq_files import read_bank_file
from bot.services.faq_xlsx import write_xlsx
from tests.console.kit import COMMUNITY, ELSEWHERE, Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


def row(number: int, answer: str = "在东门。", area: str = COMMUNITY) -> FaqEntry:
    return FaqEntry(
        id=f"T{number:05}", question=f"第{number}号井在哪", answer=answer, source="物业", area=area
    )


async def looked(clerk: Clerk, name: str, data: bytes) -> Answer:
    return await clerk.post("/faq/import", clerk.files({"file": (name, data)}))


async def confirmed(clerk: Clerk, page: Answer) -> Answer:
    found = re.search(
        r'action="/console(/faq/import/[\w-]+)".*?name="stamp" value="(\w+)"', page.body
    )
    assert found, page.text
    return await clerk.post(found[1], stamp=found[2])


async def test_a_file_is_looked_at_before_it_is_taken(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await looked(clerk, "问答.csv", write_csv([row(1), row(2)]))
    assert "新加 2 条，改动 0 条" in page.text
    assert await office.service.database.read(lambda s: s.faq.get("T00001")) is None
    assert (await confirmed(clerk, page)).status == 303
    kept = await office.service.database.read(lambda s: s.faq.get("T00001"))
    assert kept == row(1)
    again = await looked(clerk, "问答.xlsx", write_xlsx([row(1), row(2, "搬到西门了。")]))
    assert "新加 0 条，改动 1 条，1 条没有变化" in again.text
    assert "搬到西门了。" in again.text
    assert "导入问答" in (await clerk.get("/faq/entry/T00001")).text


async def test_what_is_exported_comes_back_unchanged(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    for form in ("xlsx", "csv"):
        out = await clerk.session.get(f"{office.url}/console/faq/export/{form}")
        data = await out.read()
        assert read_bank_file(f"x.{form}", data)
        page = await looked(clerk, f"x.{form}", data)
        assert "和现在的一样，不用导入" in page.text
    assert (await clerk.get("/faq/export/exe")).status == 404


@pytest.mark.slow
async def test_fifty_thousand_rows_with_faults_in_the_middle_change_nothing(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    rows = [row(number) for number in range(10, 50_010)]
    rows[24_000] = row(24_010, answer="")
    rows[37_000] = row(10)
    page = await looked(clerk, "大.csv", write_csv(rows))
    assert page.status == 400
    assert "第24002行：答案没有填。" in page.text
    assert "第37002行：编号「T00010」重复" in page.text
    assert "有50000行，请分几个文件" in page.text
    assert await office.service.database.read(lambda s: s.faq.get("T00010")) is None
    listed = re.search(r'href="/console(/faq/import/[\w-]+/faults)"', page.body)
    assert listed
    assert "第24002行：答案没有填。" in (await clerk.get(listed[1])).body


async def test_the_first_hundred_faults_stand_on_the_page_and_all_in_the_list(
    office: Office,
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await looked(clerk, "错.csv", write_csv([row(n, answer="") for n in range(150)]))
    assert "有150处要改，一条也没有导入" in page.text
    assert "第101行：" in page.text
    assert "第151行：" not in page.text
    listed = re.search(r'href="/console(/faq/import/[\w-]+/faults)"', page.body)
    assert listed
    assert "第151行：" in (await clerk.get(listed[1])).body
    other = await office.clerk(Role.GRID_LEAD)
    assert (await other.get(listed[1])).status == 409


async def test_rows_of_other_areas_are_refused_by_number(office: Office) -> None:
    other = await office.clerk(Role.COMMUNITY, ELSEWHERE)
    mine = row(3, area=ELSEWHERE)
    page = await looked(other, "x.csv", write_csv([mine, row(4)]))
    assert (page.status, f"第3行：区域「{COMMUNITY}」不归您管" in page.text) == (400, True)
    taken = FaqEntry(id="JK01", question="体检", answer="没有。", source="我", area=ELSEWHERE)
    page = await looked(other, "x.csv", write_csv([taken]))
    assert "编号「JK01」已经是别处的一条" in page.text


async def test_whoever_looked_before_somebody_changed_looks_again(office: Office) -> None:
    first, second = await office.clerk(Role.COMMUNITY), await office.clerk(Role.GRID_LEAD)
    mine = await looked(first, "a.csv", write_csv([row(5, "先看的。")]))
    theirs = await looked(second, "b.csv", write_csv([row(5, "先存的。")]))
    assert (await confirmed(second, theirs)).status == 303
    late = await confirmed(first, mine)
    assert (late.status, "有人改过问答" in late.text) == (409, True)
    assert "先存的。" in late.text
    assert (await confirmed(first, late)).status == 303
    kept = await office.service.database.read(lambda s: s.faq.get("T00005"))
    assert kept is not None
    assert kept.answer == "先看的。"
    gone = await confirmed(first, late)
    assert (gone.status, "请重新选一次" in gone.text) == (409, True)


def far_cell() -> bytes:
    """A workbook of a few kilobytes whose table would fill half a terabyte."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "编号")
        sheet.write_string(1_048_575, 16_383, "远")
    return out.getvalue()


def bomb(*, size: int, told: int) -> bytes:
    """A workbook whose sheet unpacks to `size` bytes, of which its headers say `told`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * size)
    return out.getvalue().replace(size.to_bytes(4, "little"), told.to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("bomb.xlsx", bomb(size=3 << 20, told=200 << 20), "解开后太大"),
        ("lies.xlsx", bomb(size=3 << 20, told=100), "这不是 .xlsx 工作簿"),
        ("far.xlsx", far_cell(), "有很远的格子"),
        ("old.xls", b"\xd0\xcf\x11\xe0", "另存为 .xlsx 或 CSV"),
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(99), "这不是 .xlsx 工作簿"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "另存为「CSV UTF-8」"),
        ("book.csv", far_cell(), "这是 Excel 工作簿"),
        ("empty.csv", b" ", "表头缺少"),
        ("other.csv", "姓名,电话\n甲,乙\n".encode(), "表头缺少：编号、问题、答案、来源"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
async def test_a_wrong_file_is_told_in_one_clear_sentence(
    office: Office, name: str, data: bytes, told: str
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await looked(clerk, name, data)
    assert (page.status, told in page.text) == (400, True), page.text


async def test_a_file_of_two_hundred_megabytes_is_not_taken_in(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await looked(clerk, "big.csv", b"x" * (20 << 20))
    assert (page.status, "最多收 17 MB" in page.text) == (413, True)
    none = await clerk.post("/faq/import", clerk.files({}))
    assert (none.status, "请先选一个" in none.text) == (400, True)


async def test_a_formula_stays_words(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    line = f"EV01,公式,=HYPERLINK(1),物业,{COMMUNITY}"
    page = await looked(clerk, "f.csv", f"编号,问题,答案,来源,区域\n{line}\n".encode())
    assert "新加 1 条" in page.text, page.text
    await confirmed(clerk, page)
    out = await clerk.session.get(f"{office.url}/console/faq/export/csv")
    assert "'=HYPERLINK(1)" in (await out.read()).decode("utf-8-sig")
