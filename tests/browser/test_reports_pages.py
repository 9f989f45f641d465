"""报表 and 台账 in a real browser: charts drawn, tables without scripts, and paper."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.engine.context import Scene
from bot.models import Access, Place, Role
from bot.web.console.guard import SESSION
from bot.web.console.visit import HOME
from tests.browser.devtools import Page, opened
from tests.browser.looks import PC, PHONE, faults
from tests.console.kit import COMMUNITY, Office
from tests.console.matters import FIRST, SECOND, XSS, recorded

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

PAGES = (
    "/reports/daily", "/reports/weekly", "/reports/monthly", "/ledger", "/ledger?sheet=summary",
    "/ledger?sheet=heat", "/ledger?sheet=stuck", "/ledger?sheet=contacts", "/ledger/import",
)  # fmt: skip
SEEDED: set[str] = set()
"""Houses whose matters are there."""


def seed(scene: Scene) -> None:
    """Enough to draw, and somebody who tries."""
    for number in range(40):
        recorded(
            scene, f"{number % 5 + 1}幢楼道灯不亮", area=FIRST if number % 3 else SECOND,
            place=Place(building=f"{number % 5 + 1}幢"), category=("GGSS", "HJWS")[number % 2],
        )  # fmt: skip
    recorded(scene, XSS, by=XSS)


@asynccontextmanager
async def inside(office: Office, browser: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """Somebody of the community office."""
    clerk = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.STAFF, name="做报表的人")
    if office.url not in SEEDED:
        SEEDED.add(office.url)
        await office.scene(seed)
    async with opened(browser, office.url + "/healthz", *size) as page:
        await page.hold(office.url, SESSION, clerk.held, HOME)
        await page.go(office.url + HOME)
        yield page


def problems(page: Page) -> list[str]:
    """What the page complained of. A house's first page has no icon; a refused file is a 400."""
    expected = ("favicon.ico", "status of 400 (Bad Request)")
    return [each for each in page.problems if not any(part in each for part in expected)]


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
async def test_pages_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with inside(office, browser, size) as page:
        for path in PAGES:
            await page.go(office.url + HOME + path)
            assert await faults(page) == [], path
            assert await page.value("window.harm === undefined"), path
        assert problems(page) == []


async def test_charts_are_drawn_beside_their_tables(office: Office, browser: str) -> None:
    async with inside(office, browser, PC) as page:
        await page.go(office.url + HOME + "/reports/monthly")
        charts = "document.querySelectorAll('[data-chart]')"
        await page.until(f"[...{charts}].every(box => box.querySelector('canvas'))")
        assert await page.value(f"{charts}.length") >= 2
        assert await page.value(
            f"[...{charts}].every(box => box.closest('section').querySelector('table'))"
        )
        assert problems(page) == []


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
async def test_an_older_ledger_is_brought_in_by_clicking(
    office: Office, browser: str, size: tuple[int, int], tmp_path: Path
) -> None:
    head = "编号,登记时间,诉求内容,状态\n"
    good, bad = tmp_path / "好.csv", tmp_path / "坏.csv"
    good.write_text(f"{head}P-{size[0]},2026-01-05,9幢灯不亮,在办\n", "utf-8-sig")
    bad.write_text(f"{head}P-0,昨天,9幢灯不亮,在办\n", "utf-8-sig")
    async with inside(office, browser, size) as page:
        await page.go(office.url + HOME + "/ledger/import")
        await choose(page, bad)
        assert "第2行：登记时间「昨天」看不懂" in await page.value("document.body.innerText")
        assert await faults(page) == []
        await choose(page, good)
        assert "新的 1 件" in await page.value("document.body.innerText")
        assert await faults(page) == []
        await page.follow("form[action$=take] .button.main")
        assert "已导入1件" in await page.value("document.body.innerText")
        assert await faults(page) == []
        await page.value("window.confirm = () => true")
        await page.follow("form[action$=undo] button")
        assert "1件已撤回" in await page.value("document.body.innerText")
        assert problems(page) == []


async def choose(page: Page, file: Path) -> None:
    """Choose a file and send it."""
    root = (await page.call("DOM.getDocument"))["root"]["nodeId"]
    field = await page.call("DOM.querySelector", nodeId=root, selector="input[type=file]")
    await page.call("DOM.setFileInputFiles", nodeId=field["nodeId"], files=[str(file)])
    await page.follow("form[enctype] .button.main")


async def test_without_scripts_the_tables_are_there(office: Office, browser: str) -> None:
    async with inside(office, browser, PC) as page:
        await page.call("Emulation.setScriptExecutionDisabled", value=True)
        await page.go(office.url + HOME + "/reports/monthly")
        await page.call("Emulation.setScriptExecutionDisabled", value=False)
        assert await page.value("document.querySelectorAll('table').length") >= 4
        assert await page.value(
            "[...document.querySelectorAll('[data-chart]')].every(box => box.hidden)"
        )


@pytest.mark.parametrize("path", ["/reports/monthly", "/ledger?all=1"])
async def test_paper_has_numbered_pages_and_whole_tables(
    office: Office, browser: str, path: str
) -> None:
    async with inside(office, browser, PC) as page:
        await page.go(office.url + HOME + path)
        await page.call("Emulation.setEmulatedMedia", media="print")
        assert await page.value(
            "[...document.querySelectorAll('table.paper tr')]"
            ".every(row => getComputedStyle(row).display === 'table-row')"
        )
        for gone in (".top", ".rooms", ".tabs", ".actions"):
            assert await page.value(
                f"getComputedStyle(document.querySelector('{gone}')).display === 'none'"
            )
        printed = await page.call("Page.printToPDF", preferCSSPageSize=True)
        assert base64.b64decode(printed["data"]).startswith(b"%PDF")
