"""The console's frame in a real browser: the front page, coming in, the menu, a phone's thumb."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.models import Access, Role
from bot.web.console.guard import SESSION
from bot.web.console.visit import HOME
from tests.browser.devtools import Page, opened
from tests.browser.looks import PC, PHONE, faults
from tests.console.kit import COMMUNITY, QUICK, Office

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

BOTH = pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])


@asynccontextmanager
async def inside(
    office: Office, browser: str, size: tuple[int, int], role: Role = Role.COMMUNITY
) -> AsyncIterator[Page]:
    """A browser with an administrator of that role at it, on the front page."""
    clerk = await office.clerk(role, COMMUNITY, Access.ADMIN)
    async with opened(browser, office.url + "/healthz", *size) as page:
        await page.hold(office.url, SESSION, clerk.held, HOME)
        await page.go(office.url + HOME)
        yield page


@BOTH
async def test_pages_of_the_frame_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with inside(office, browser, size) as page:
        for path in ("", "/me", "/accounts"):
            await page.go(office.url + HOME + path)
            assert await faults(page) == [], path
        assert page.problems == []


@BOTH
async def test_one_comes_in_by_a_password(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    account = await office.account(Role.COMMUNITY, name="会打字的人")
    secret = await QUICK.make("小区里的玉兰花三月开")
    await office.scene(lambda s: s.accounts.set_secret(account, secret, None))
    async with opened(browser, office.url + HOME, *size) as page:
        await page.until("document.title.includes('登录')")
        assert await faults(page) == []
        await page.write("[name=name]", "会打字的人")
        await page.write("[name=password]", "小区里的玉兰花三月开")
        await page.follow("form .button.main")
        assert "今日" in await page.value("document.title")
        assert page.problems == []


async def test_the_keyboard_finds_the_search_and_walks_the_list(
    office: Office, browser: str
) -> None:
    async with inside(office, browser, PC) as page:
        await page.call("Input.dispatchKeyEvent", type="keyDown", key="j", text="j")
        assert await page.value("document.activeElement.matches('[data-row]')")
        await page.call("Input.dispatchKeyEvent", type="keyDown", key="/", text="/")
        assert await page.value("document.activeElement.id") == "search"
