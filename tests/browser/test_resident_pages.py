"""Residents' pages in a real browser: sizes, contrast, and a matter brought up by tapping."""

from __future__ import annotations

import pytest

from bot.services.open_pages import code_of
from tests.browser.devtools import opened
from tests.browser.looks import ELDER, PC, PHONE, Limits, faults
from tests.console.kit import COMMUNITY, Office

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

HERE = f"/h5/{code_of(COMMUNITY + '/第1微网格')}"
PAGES = (
    "",
    "/notices",
    "/appeals",
    "/progress?number=1",
    "/faq",
    "/faq?q=老年体检",
    "/report",
    "/mine",
)


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
async def test_every_page_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with opened(browser, office.url + "/h5", *size) as page:
        for path in PAGES:
            await page.go(office.url + HERE + path)
            assert await faults(page, Limits(text=15)) == [], path
        assert page.problems == []


async def test_the_large_edition_keeps_its_sizes(office: Office, browser: str) -> None:
    async with opened(browser, office.url + HERE, *PHONE) as page:
        await page.follow(".size")
        for path in PAGES:
            await page.go(office.url + HERE + path)
            assert await faults(page, ELDER) == [], path
        await page.follow(".size")
        assert await page.value("document.documentElement.className") == ""


async def test_a_matter_is_brought_up_by_tapping(office: Office, browser: str) -> None:
    async with opened(browser, office.url + HERE, *PHONE) as page:
        await page.follow("a.main")
        await page.write("#text", "<img src=x onerror=window.harm=1>楼道灯不亮")
        await page.write("#place", "3幢")
        await page.click("[name=agree]")
        await page.follow("form .button.main")
        assert "我反映的" in await page.value("document.title")
        assert "已登记" in await page.value("document.querySelector('.bubble').innerText")
        assert await page.value("window.harm") is None
        assert page.problems == []
