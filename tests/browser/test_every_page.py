"""Every page that the router leads to, opened at both sizes: no complaint, nothing too small, and a
picture of each kept in `build/screenshots` (or the folder that HAITANG_SHOTS names)."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest

from bot.models import Access, Role
from bot.services.open_pages import code_of
from bot.web.console.guard import SESSION
from bot.web.console.visit import HOME
from tests.browser.devtools import Page, opened
from tests.browser.looks import PC, PHONE, faults
from tests.console.kit import COMMUNITY, STREET, Clerk, Office

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

ROOT = Path(__file__).parents[2]
SHOTS = Path(os.environ.get("HAITANG_SHOTS", ROOT / "build" / "screenshots"))
RESIDENTS = ("", "/notices", "/appeals", "/progress?number=1", "/faq", "/report", "/mine")


@pytest.fixture(scope="module")
def shots() -> None:
    """The folder of the pictures."""
    SHOTS.mkdir(parents=True, exist_ok=True)


async def pages(office: Office, clerk: Clerk) -> list[str]:
    """Every address of the console that needs no object and answers with a page."""
    found = []
    for door in office.console.doors():
        if door.is_safe and "{" not in door.path:
            answer = await clerk.get(door.path)
            if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
                found.append(door.path)
    return found


async def keep(page: Page, name: str) -> None:
    """A picture of what the page shows now."""
    shot = await page.call("Page.captureScreenshot")
    (SHOTS / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
@pytest.mark.usefixtures("shots")
async def test_every_page_of_the_console(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    clerk = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    wrong = []
    async with opened(browser, office.url + "/healthz", *size) as page:
        await page.hold(office.url, SESSION, clerk.held, HOME)
        addresses = await pages(office, clerk)
        for address in addresses:
            await page.go(office.url + HOME + address)
            wrong += [f"{address}: {fault}" for fault in await faults(page)]
            await keep(page, f"console{address.replace('/', '-')}-{size[0]}")
        wrong += page.problems
    assert wrong == []
    assert len(addresses) >= 20


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
@pytest.mark.usefixtures("shots")
async def test_every_page_of_the_residents(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    here = f"{office.url}/h5/{code_of(COMMUNITY)}"
    async with opened(browser, office.url + "/h5", *size) as page:
        for path in RESIDENTS:
            await page.go(here + path)
            await keep(page, f"h5{path.partition('?')[0].replace('/', '-')}-{size[0]}")
        assert page.problems == []
