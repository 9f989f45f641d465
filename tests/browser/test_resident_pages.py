"""Residents' pages in a real browser: sizes, contrast, and a matter brought up by tapping."""

from __future__ import annotations

import pytest

from bot.services.open_pages import code_of
from tests.browser.devtools import Page, opened
from tests.browser.looks import ELDER, PC, PHONE, Limits, faults
from tests.console.kit import COMMUNITY, Office
from tests.trust.figures import Ledger

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


NOTES = Limits(text=15)
"""Of the ordinary edition: what is to be read has 18, a line beside it at least this."""


async def measured(page: Page, office: Office, limits: Limits) -> list[str]:
    """What all pages do wrong."""
    wrong = []
    for path in PAGES:
        await page.go(office.url + HERE + path)
        wrong += [f"{path}: {fault}" for fault in await faults(page, limits)]
    return wrong + page.problems


@pytest.mark.trust
@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
async def test_every_page_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int], figure: Ledger
) -> None:
    """C-41: running text, the lines beside it, what is tapped, contrast, no sideways scrolling."""
    body = "parseFloat(getComputedStyle(document.body).fontSize)"
    async with opened(browser, office.url + "/h5", *size) as page:
        wrong = await measured(page, office, NOTES)
        running = await page.value(body)
    figure(
        "C-41",
        f"residents' pages in a browser {size[0]} pixels wide: running text of {running} px",
        len(PAGES),
        f"{len(wrong)} notes below {NOTES.text} px, targets below {NOTES.target} px, contrasts"
        " below 4.5:1 (3:1 where large), or pages wider than the screen",
        len(wrong) + (running < ELDER.text),
    )
    assert wrong == []
    assert running >= ELDER.text


@pytest.mark.trust
async def test_the_large_edition_keeps_its_sizes(
    office: Office, browser: str, figure: Ledger
) -> None:
    """C-41: 长辈版, by one tap."""
    async with opened(browser, office.url + HERE, *PHONE) as page:
        await page.follow(".size")
        wrong = await measured(page, office, ELDER)
        await page.follow(".size")
        assert await page.value("document.documentElement.className") == ""
    figure(
        "C-41",
        f"residents' pages in the large edition, {PHONE[0]} pixels wide",
        len(PAGES),
        f"{len(wrong)} texts below {ELDER.text} px, targets below {ELDER.target} px, contrasts"
        " below 4.5:1 (3:1 where large), or pages wider than the screen",
        len(wrong),
    )
    assert wrong == []


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
