"""The desk in a real browser: every page read and tapped, the main actions done by clicking."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.models import Access, Audience, Place, Role, State
from bot.web.console.guard import SESSION
from bot.web.console.visit import HOME
from tests.browser.devtools import Page, opened
from tests.browser.looks import PC, PHONE, faults
from tests.console.kit import COMMUNITY, Office
from tests.console.matters import FIRST, XSS, settled, tell

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

BOTH = pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])


@asynccontextmanager
async def inside(
    office: Office, browser: str, size: tuple[int, int], *, dark: bool = False
) -> AsyncIterator[Page]:
    """A browser with a clerk of the community at it."""
    await settled(office)
    clerk = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.STAFF, name="陈敏")
    async with opened(browser, office.url + "/healthz", *size) as page:
        await page.hold(office.url, SESSION, clerk.held, HOME)
        if dark:
            features = [{"name": "prefers-color-scheme", "value": "dark"}]
            await page.call("Emulation.setEmulatedMedia", features=features)
        yield page


def problems(page: Page) -> list[str]:
    """What the pages themselves had; the address that the browser began with has no icon."""
    return [each for each in page.problems if "favicon.ico" not in each]


async def state(office: Office, number: str) -> State:
    found = await office.scene(lambda s: s._store.appeals.by_number(number))
    return State(found.state)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@BOTH
async def test_every_page_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int], dark: bool
) -> None:
    public = await tell(office, XSS, place=Place(building="3幢"))
    private = await tell(office, "家里的事", audience=Audience.PRIVATE)
    late = await tell(office, "拖了很久的事", ago=timedelta(days=50))
    async with inside(office, browser, size, dark=dark) as page:
        for path in (
            "",
            "/appeals",
            "/appeals?show=overdue&unit=物业",
            "/appeals?q=没有这样的话",
            "/appeals?show=all",
            "/appeals/new",
            f"/appeals/{public.number}",
            f"/appeals/{private.number}",
            f"/appeals/{private.number}?open=1",
            f"/appeals/{late.number}",
        ):
            await page.go(office.url + HOME + path)
            assert await faults(page) == [], path
            for step in range(await page.value("document.querySelectorAll('.step').length")):
                await page.value(f"document.querySelectorAll('.step')[{step}].open = true")
                assert await faults(page) == [], (path, step)
        assert await page.value("window.harm") is None
        assert problems(page) == []


@BOTH
async def test_a_matter_is_taken_on_and_ended_by_clicking(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    made = await tell(office, "点几下就办好的事")
    async with inside(office, browser, size) as page:
        await page.go(f"{office.url}{HOME}/appeals/{made.number}")
        await page.follow("#next .button.main")
        assert await state(office, made.number) is State.WORKING
        assert "已受理" in await page.value("document.querySelector('.said').innerText")
        await page.write("#next textarea[name=words]", "已经修好")
        await page.follow("#next .button.main")
        assert await state(office, made.number) is State.DONE
        assert "已经修好" in await page.value("document.querySelector('.story').innerText")
        assert problems(page) == []


async def test_on_a_phone_the_next_step_is_under_the_thumb(office: Office, browser: str) -> None:
    made = await tell(office, "拇指够得着的事")
    async with inside(office, browser, PHONE) as page:
        await page.go(f"{office.url}{HOME}/appeals/{made.number}")
        box = await page.value(
            "(({top, bottom, height}) => [top, bottom, height, innerHeight])"
            "(document.querySelector('.thumb .main').getBoundingClientRect())"
        )
        top, bottom, height, screen = box
        assert top > screen / 2
        assert bottom <= screen
        assert height >= 44
        await page.click(".thumb .main")
        await page.until(
            "(({top, bottom}) => top >= 0 && bottom <= innerHeight + 200)"
            "(document.querySelector('#next').getBoundingClientRect())"
        )


async def test_the_list_is_sifted_while_one_types_and_chooses(office: Office, browser: str) -> None:
    await tell(office, "只有这件说到信报箱")
    rows = "[...document.querySelectorAll('.desk-text')].map(one => one.innerText.trim())"
    async with inside(office, browser, PC) as page:
        await page.go(f"{office.url}{HOME}/appeals")
        await page.write("#search", "信报箱")
        await page.until(f"{rows}.length === 1 && {rows}[0].includes('信报箱')")
        assert "q=" in await page.value("location.search")
        await page.value("document.querySelector('#sieve [name=kind]').value = '表扬'")
        await page.value(
            "document.querySelector('#sieve [name=kind]')"
            ".dispatchEvent(new Event('change', {bubbles: true}))"
        )
        await page.until("!!document.querySelector('.empty-title')")
        assert problems(page) == []


async def test_the_keyboard_walks_and_opens(office: Office, browser: str) -> None:
    await tell(office, "用键盘打开的事")
    async with inside(office, browser, PC) as page:
        await page.go(f"{office.url}{HOME}/appeals")
        await page.value("document.activeElement.blur()")
        for _ in range(2):
            await page.call("Input.dispatchKeyEvent", type="keyDown", key="j", text="j")
        assert await page.value("document.activeElement.matches('.list li:nth-child(2) a')")
        await page.call("Input.dispatchKeyEvent", type="keyDown", key="k", text="k")
        first = await page.value("document.activeElement.getAttribute('href')")
        assert re.fullmatch(r"/console/appeals/SQ[\d-]+", first)
        await page.call("Input.dispatchKeyEvent", type="keyDown", key="/", text="/")
        assert await page.value("document.activeElement.id") == "search"


async def test_a_list_is_saved_by_clicking(office: Office, browser: str) -> None:
    async with inside(office, browser, PC) as page:
        await page.go(f"{office.url}{HOME}/appeals?show=overdue")
        await page.click(".saved details summary")
        await page.write(".saved [name=name]", "超期的")
        await page.follow(".saved form .button.main")
        assert "超期的" in await page.value("document.querySelector('.saved-view').innerText")


@BOTH
async def test_somebody_who_calls_is_taken_down_by_clicking(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with inside(office, browser, size) as page:
        await page.go(f"{office.url}{HOME}/appeals/new")
        await page.write("[name=text]", "楼道的窗户关不上")
        await page.write("[name=place]", "6幢")
        await page.value(f"document.querySelector('[name=area]').value = '{FIRST}'")
        await page.write("[name=name]", "李阿姨")
        await page.follow("form[action='/console/appeals/new'] .button.main")
        assert "楼道的窗户关不上" in await page.value(
            "document.querySelector('.verbatim').innerText"
        )
        assert problems(page) == []


async def test_it_works_without_javascript(office: Office, browser: str) -> None:
    made = await tell(office, "没有脚本也能办的事")
    async with inside(office, browser, PC) as page:
        await page.call("Emulation.setScriptExecutionDisabled", value=True)
        await page.go(f"{office.url}{HOME}/appeals/{made.number}")
        await page.call("Emulation.setScriptExecutionDisabled", value=False)
        assert await page.value("!window.htmx")
        await page.value("document.querySelector('#next form').submit()")
        for _ in range(100):
            if await state(office, made.number) is State.WORKING:
                break
            await asyncio.sleep(0.05)
        assert await state(office, made.number) is State.WORKING
