"""People, groups, units, settings and the audit in a real browser, by clicking."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.models import Access, Group, GroupState, Role
from bot.services.roster_files import write_workbook
from bot.services.roster_table import Kind
from bot.web.console.guard import SESSION
from bot.web.console.refs import ref
from bot.web.console.visit import HOME
from tests.browser.devtools import Page, opened
from tests.browser.looks import PC, PHONE, faults
from tests.console.kit import COMMUNITY, GRID, STREET, Office

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

BOTH = pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
XSS = "<img src=x onerror=alert(1)>"


@asynccontextmanager
async def inside(office: Office, browser: str, size: tuple[int, int]) -> AsyncIterator[Page]:
    """A browser with the street's administrator at it."""
    clerk = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    async with opened(browser, office.url + "/healthz", *size) as page:
        await page.hold(office.url, SESSION, clerk.held, HOME)
        yield page


def problems(page: Page) -> list[str]:
    """What the page complained of; the first page of a house has no icon."""
    return [each for each in page.problems if "favicon.ico" not in each]


async def said(page: Page) -> str:
    """What the last step had to say."""
    return str(await page.until("document.querySelector('.said')?.textContent"))


async def choose(page: Page, selector: str, value: str) -> None:
    """Choose from a list."""
    await page.value(f"document.querySelector({selector!r}).value = {value!r}")


@BOTH
async def test_every_page_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with inside(office, browser, size) as page:
        code = office.service.engine.knowledge.taxonomy.all[0].code
        for path in (
            *("/people", "/people/new", f"/people/{ref('sandbox:xu')}", "/people/import"),
            *("/groups", f"/groups/{ref('sandbox:g1')}", "/units", "/settings"),
            *("/settings/kinds", f"/settings/kinds/{code}", "/settings/holidays"),
            *("/settings/about", "/audit"),
        ):
            await page.go(office.url + HOME + path)
            assert await faults(page) == [], path
        assert problems(page) == []


@BOTH
async def test_somebody_is_registered_changed_removed_and_brought_back(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    user = f"Li{size[0]}"
    async with inside(office, browser, size) as page:
        await page.go(office.url + HOME + "/people")
        await page.follow("a[href='/console/people/new']")
        await choose(page, "[name=channel]", "wecom_app/main")
        await page.write("[name=user]", user)
        await page.write("[name=name]", XSS)
        await choose(page, "main [name=area]", GRID)
        await page.follow("main form .button.main")
        assert "登记好了" in await said(page)
        assert XSS in await page.value("document.querySelector('h1').textContent")
        await choose(page, "[name=role]", "grid_lead")
        await page.follow("form[action$='" + ref(f"wecom_app/main:{user}") + "'] .button.main")
        assert "改好了" in await said(page)
        await page.follow("form[action$='/remove'] button")
        assert "他现在是居民" in await said(page)
        await page.follow("form[action$='/undo'] button")
        assert "撤回了" in await said(page)
        assert "网格长" in await page.value("document.querySelector('.facts').textContent")
        assert problems(page) == []


@BOTH
async def test_a_group_that_waits_is_bound(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    id_ = f"wecom_aibot/demo:wr{size[0]}"
    group = Group(
        id=id_,
        channel="wecom_aibot/demo",
        chat=f"wr{size[0]}",
        name="等着的群",
        area=COMMUNITY,
        state=GroupState.PENDING,
    )
    await office.scene(lambda scene: scene._store.people.save_group(group))
    async with inside(office, browser, size) as page:
        await page.go(office.url + HOME + "/groups")
        await page.follow(f"a[href$='{ref(id_)}']")
        await choose(page, "main [name=area]", GRID)
        await page.follow("form[action$='/bind'] button")
        assert f"「等着的群」归{GRID}了" in await said(page)
        assert problems(page) == []


@BOTH
async def test_a_file_is_looked_at_and_brought_in(
    office: Office, browser: str, size: tuple[int, int], tmp_path: Path
) -> None:
    row = ("wecom_app/main", f"File{size[0]}", "表里的人", "微网管家", GRID, "", "", "")
    file = tmp_path / "名单.xlsx"
    file.write_bytes(write_workbook({Kind.PEOPLE: [row]}, ["wecom_app/main"]))
    async with inside(office, browser, size) as page:
        await page.go(office.url + HOME + "/people/import")
        document = await page.call("DOM.getDocument")
        found = await page.call(
            "DOM.querySelector", nodeId=document["root"]["nodeId"], selector="[name=file]"
        )
        await page.call("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(file)])
        await page.follow("form[enctype] .button.main")
        assert "没有错" in await page.value("document.querySelector('main h2').textContent")
        assert await faults(page) == []
        await page.follow("main form.row .button.main")
        assert "导入了1行" in await said(page)
        assert problems(page) == []


async def test_the_list_answers_while_one_types(office: Office, browser: str) -> None:
    async with inside(office, browser, PC) as page:
        await page.go(office.url + HOME + "/people")
        await page.write("#people-q", "老何")
        await page.until("document.querySelectorAll('#found .line').length === 1")
        assert "老何" in await page.value("document.querySelector('#found .line').textContent")
        assert problems(page) == []


@BOTH
async def test_a_kind_and_a_unit_are_changed(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    code = office.service.engine.knowledge.taxonomy.all[1].code
    async with inside(office, browser, size) as page:
        await page.go(office.url + HOME + "/settings/kinds")
        await page.follow(f"a[href$='/{code}']")
        await page.value("document.querySelector('[name=\"办理期限\"]').value = '7wd'")
        await page.follow("main form .button.main")
        assert "改好了" in await said(page)
        await page.follow("form[action$='/reset'] button")
        assert "恢复成自带的" in await said(page)
        await page.go(office.url + HOME + "/units")
        await page.write("[name=name]", f"供热{size[0]}")
        await page.follow("main form .button.main")
        assert "登记好了" in await said(page)
        await page.go(office.url + HOME + "/audit")
        assert "登记单位" in await page.value("document.querySelector('main').textContent")
        await page.follow("form[action$='/verify'] button")
        assert "留痕完好" in await said(page)
        assert problems(page) == []
