"""The simulator in a real browser, against the real service: what a newcomer does first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.language.text import clean
from tests.browser.devtools import Page, opened

pytestmark = pytest.mark.slow

PC = (1366, 768)
PHONE = (390, 844)
TINY_PHONE = (320, 640)
BUBBLES = "[...document.querySelectorAll('#log .message')]"
READY = (
    "(document.querySelector('#chats .row') && document.getElementById('app').dataset.screen"
    " === 'list' || (document.getElementById('title')?.innerText ?? '…') !== '…'"
    " && !document.querySelector('[aria-busy]'))"
)
HOSTILE = {
    "image": "<img src=x onerror=\"window.harm=1\"><svg onload='window.harm=2'>",
    "script": "</p><script>window.harm=3</script>{{7*7}}${window.harm=4}",
    "link": "javascript:window.harm=5 https://example.invalid/" + "a" * 500,
    "right to left": "\u202e3幢 \u0645\u0631\u062d\u0628\u0627 abc\u2066",
    "emoji": "😀" * 2000,
    "long": "长" * 8000,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service as `haitang run` starts it; gives its address."""
    folder = tmp_path_factory.mktemp("service")
    own = {"HAITANG_SERVER__PORT": "0", "HAITANG_STORAGE__PATH": str(folder / "haitang.db")}
    others = {name: value for name, value in os.environ.items() if "HAITANG" not in name}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-u", "-m", "bot", "run"],
            cwd=Path(__file__).parents[2],
            env={**others, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            greeting = process.stdout.readline()
            assert "http://" in greeting, (folder / "log").read_text()
            yield greeting.partition("：")[2].strip()
        finally:
            process.terminate()
            process.wait(20)


@asynccontextmanager
async def simulator(browser: str, url: str, width: int, height: int) -> AsyncIterator[Page]:
    """The page, once it shows what its address says."""
    async with opened(browser, url, width, height) as page:
        await page.until(READY)
        yield page


async def said(page: Page, text: str) -> str:
    """Say something in the open chat; gives what came of it, as the page puts it."""
    before = await page.value(f"{BUBBLES}.length")
    await page.write("#text", text)
    await page.click("#send")
    own = f"{BUBBLES}.slice({before}).findLast(one => one.classList.contains('own'))"
    return str(
        await page.until(
            f"['已回', '没回', '已办'].find(word => word === "
            f"{own}?.querySelector('button.outcome')?.innerText)"
        )
    )


async def overflow(page: Page) -> int:
    """CSS pixels by which the page or the talk can be pushed sideways."""
    return int(
        await page.value(
            "Math.max(document.documentElement.scrollWidth - innerWidth,"
            " ...['scroller', 'chats', 'sheet-body'].map(id => document.getElementById(id))"
            " .map(one => one.scrollWidth - one.clientWidth))"
        )
    )


@pytest.mark.parametrize("size", [PC, PHONE], ids=["pc", "phone"])
async def test_it_opens_without_a_complaint(
    service: str, browser: str, size: tuple[int, int]
) -> None:
    async with simulator(browser, service, *size) as page:
        assert await page.until("document.querySelectorAll('#chats .row').length") >= 3
        await page.click("#chats [data-chat=g1]")
        await page.until(f"{BUBBLES}.length > 3")
        assert "海棠苑一群" in await page.value("document.getElementById('title').innerText")
        assert page.problems == []


@pytest.mark.parametrize(
    ("chat", "answer"),
    [
        ("g1", "已登记"),
        ("@wang", "已登记"),
        ("wecom:wang", "已登记"),  # a signed, encrypted callback through the stand-in
    ],
)
async def test_a_complaint_is_answered_below_it(
    service: str, browser: str, chat: str, answer: str
) -> None:
    async with simulator(browser, f"{service}#{chat}", *PC) as page:
        assert await said(page, "3幢楼道灯不亮") == "已回"
        await page.until(
            f"{BUBBLES}.findLastIndex(one => one.innerText.includes('{answer}'))"
            f" > {BUBBLES}.findLastIndex(one => one.innerText.includes('3幢楼道灯不亮')"
            "   && one.classList.contains('own'))"
        )
        assert page.problems == []


async def test_a_trace_says_why_it_stayed_silent(service: str, browser: str) -> None:
    async with simulator(browser, f"{service}#g3", *PC) as page:
        assert await said(page, "23幢电梯坏了") == "没回"
        await page.value(f"{BUBBLES}.at(-1).querySelector('.bubble').click()")
        assert await page.until("document.querySelector('#trace .verdict')?.innerText") == "没有回"
        steps = await page.value("document.querySelector('#trace .steps').innerText")
        assert "@" in steps


async def test_the_mention_is_heard(service: str, browser: str) -> None:
    async with simulator(browser, f"{service}#g3", *PC) as page:
        await page.click("#mention")
        assert await said(page, "23幢单元门关不上") == "已回"


@pytest.mark.parametrize("size", [PHONE, TINY_PHONE], ids=["390", "320"])
async def test_a_phone_never_scrolls_sideways(
    service: str, browser: str, size: tuple[int, int]
) -> None:
    async with simulator(browser, service, *size) as page:
        await page.until("document.querySelectorAll('#chats .row').length")
        assert await overflow(page) <= 0
        await page.click("#chats [data-chat=g1]")
        await page.until(f"{BUBBLES}.length > 3")
        assert await overflow(page) <= 0
        await page.click("#log button.outcome")
        await page.until("document.querySelector('#sheet .verdict')?.innerText")
        assert await overflow(page) <= 0
        await page.click("#sheet-close")
        await page.click("#who")
        await page.until("document.querySelectorAll('#sheet .person').length > 3")
        assert await overflow(page) <= 0


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_only_text(service: str, browser: str, text: str) -> None:
    async with simulator(browser, f"{service}#g2", *PHONE) as page:
        await page.until(f"{BUBBLES}.length")
        await said(page, text)
        shown = await page.value(f"{BUBBLES}.at(-1).querySelector('.bubble p').textContent")
        assert shown == clean(text)
        assert await page.value("window.harm") is None
        assert await page.value("document.querySelectorAll('#log img, #log script').length") == 0
        assert await overflow(page) <= 0
        assert page.problems == []


async def test_a_second_click_sends_nothing_twice(service: str, browser: str) -> None:
    text = "天气真好，晒晒被子"
    async with simulator(browser, f"{service}#g2", *PC) as page:
        await page.until(f"{BUBBLES}.length")
        await page.write("#text", text)
        await page.value("for (let i = 0; i < 3; i += 1) document.getElementById('send').click()")
        await page.until(f"{BUBBLES}.at(-1)?.querySelector('button.outcome')?.innerText === '没回'")
        count = f"{BUBBLES}.filter(one => one.innerText.includes({json.dumps(text)})).length"
        assert await page.value(count) == 1
