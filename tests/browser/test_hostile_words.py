"""Words that would like to be a page: in names, matters, answers, questions, notices.

Every page that shows them is opened; nothing of them runs, and the policy has nothing to refuse.
"""

from __future__ import annotations

import re

import pytest

from bot.engine.context import Scene
from bot.models import Access, Role
from bot.services.open_pages import code_of
from bot.web.console.guard import SESSION
from bot.web.console.visit import HOME
from tests.browser.devtools import opened
from tests.browser.looks import PC, PHONE
from tests.console import objects
from tests.console.kit import ELSEWHERE, STREET, Clerk, Office
from tests.console.matters import recorded
from tests.trust.figures import Ledger

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

CORPUS = (
    "<script>harm=1</script>",
    "<img src=x onerror=harm=2>",
    '"><svg onload=harm=3>',
    "'-window.harm=4-'",
    "</textarea><iframe srcdoc='<script>parent.harm=5</script>'>",
    "{{7*7}}{% raw %}${window.harm=6}",
    "javascript:window.harm=7//",
    "<a href=javascript:window.harm=8>点我</a><style>*{display:none}</style>",
)

# An account's name may not be longer, with what the makers add to it.
NAME = 28


async def fill(office: Office, words: str, number: int) -> dict[str, str]:
    """Every kind of object with these words in it; gives the address of each."""

    def tell(scene: Scene) -> None:
        for _ in range(2):
            recorded(scene, words, area=f"{ELSEWHERE}/第9微网格", by=f"{words}{number}")

    made = {kind: await make(office) for kind, make in objects.MAKERS.items()}
    await office.scene(tell)
    return made


async def addresses(office: Office, clerk: Clerk, made: dict[str, str]) -> list[str]:
    """Every page of the console, of those objects too."""
    found = []
    for door in office.console.doors():
        if not door.is_safe or ("{" in door.path and not door.about):
            continue
        path = re.sub(r"\{[^}]+\}", made.get(door.about, ""), door.path)
        answer = await clerk.get(path)
        if answer.status == 200 and answer.headers["Content-Type"].startswith("text/html"):
            found.append(path)
    return found


@pytest.mark.trust
@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
async def test_words_stay_words_on_every_page(
    office: Office,
    browser: str,
    size: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
    figure: Ledger,
) -> None:
    clerk = await office.clerk(Role.STREET, STREET, Access.ADMIN)
    made: dict[str, str] = {}
    for number, words in enumerate(CORPUS):
        monkeypatch.setattr(objects, "SECRET", words[:NAME])
        made = await fill(office, words, number)
    await office.console.refresh()
    seen = 0
    async with opened(browser, office.url + "/healthz", *size) as page:
        await page.hold(office.url, SESSION, clerk.held, HOME)
        paths = [HOME + path for path in await addresses(office, clerk, made)]
        paths += [
            f"/h5/{code_of(ELSEWHERE)}{path}" for path in ("", "/appeals", "/notices", "/faq")
        ]
        for path in paths:
            await page.go(office.url + path)
            assert await page.value("window.harm") is None, path
            assert page.problems == [], path
            seen += 1
    figure(
        "C-23",
        f"{len(CORPUS)} hostile texts in all that pages show, {size[0]} pixels wide",
        seen * len(CORPUS),
        "0 ran, 0 refusals by the policy",
    )
    assert seen >= 30
