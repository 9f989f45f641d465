"""Answers, questions and notices in a real browser: looked at, and done by clicking."""

from __future__ import annotations

import pytest

from bot.engine.context import Scene
from bot.models import Doubt, NoticeState, Role
from bot.web.console.visit import HOME
from tests.browser.devtools import Page
from tests.browser.looks import faults
from tests.browser.test_console_frame import BOTH, inside
from tests.console.kit import COMMUNITY, Office

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

NASTY = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{7*7}}'


def problems(page: Page) -> list[str]:
    """All but the icon that a browser asks for on the bare page before it is in."""
    return [one for one in page.problems if not one.endswith("/favicon.ico")]


async def noted(office: Office, text: str) -> int:
    def note(scene: Scene) -> int:
        person = scene._store.people.staff()[0]
        area = COMMUNITY + "/第1微网格"
        return scene.learning.note(text, Doubt.UNSURE, person, area, "", "").number

    number: int = await office.scene(note)
    return number


@BOTH
async def test_every_page_can_be_read_and_tapped(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    number = await noted(office, "月亮上有没有邮局")
    async with inside(office, browser, size) as page:
        for path in (
            "/faq",
            "/faq?q=没有的话",
            "/faq/new",
            "/faq/entry/JK01",
            "/faq/try?q=体检要带什么",
            "/faq/import",
            "/questions",
            "/questions?show=drafts",
            f"/questions/{number}",
            "/notices",
            "/notices/new",
            "/notices/new?template=停水",
            "/notices/list?show=awaiting",
            "/notices/list?show=all",
            "/notices/plan",
        ):
            await page.go(office.url + HOME + path)
            assert await faults(page) == [], path
        assert problems(page) == []


@BOTH
async def test_an_answer_is_written_tried_and_taken_out_by_clicking(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with inside(office, browser, size) as page:
        await page.go(office.url + HOME + "/faq")
        await page.follow('.actions a[href$="/faq/new"]')
        await page.write("[name=question]", f"石凳几点凉{NASTY}")
        await page.write("[name=answer]", f"傍晚六点以后。{NASTY}")
        await page.write("[name=source]", "社区")
        await page.follow("form.card .button.main")
        assert "石凳几点凉" in await page.value("document.title")
        assert await page.value("document.querySelectorAll('main img').length") == 0
        await page.follow('form[action$="/expire"] button')
        await page.follow('form[action$="/undo"] button')
        assert "在用" in await page.value("document.querySelector('.actions').innerText")
        await page.go(office.url + HOME + "/faq/try")
        await page.write("#asked", "65岁体检要带什么")
        await page.until("document.querySelector('#result').innerText.includes('一字不差')")
        await page.go(office.url + HOME + "/faq")
        await page.write("#q", "石凳几点凉")
        await page.until("document.querySelectorAll('#found .line').length == 1")
        await page.follow("#found .line")
        await page.follow('form[action$="/remove"] button')
        await page.until("document.body.innerText.includes('撤销删除')")
        assert problems(page) == []


@BOTH
async def test_a_question_becomes_an_answer_by_clicking(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    number = await noted(office, f"秋千什么时候修好 {size[0]}")
    async with inside(office, browser, size) as page:
        await page.go(f"{office.url}{HOME}/questions/{number}")
        await page.follow(f'a[href$="from={number}"]')
        await page.write("[name=answer]", "这周五修好。")
        await page.follow("form.card .button.main")
        await page.until("document.body.innerText.includes('现在起就这样答')")
        assert problems(page) == []


async def compose(page: Page, url: str, text: str) -> None:
    await page.go(url + HOME + "/notices/new")
    await page.write("[name=text]", text)
    await page.click('[name=group][value="sandbox:g1"]')
    await page.until("document.querySelector('#look').innerText.includes('海棠苑一群')")


@BOTH
async def test_a_notice_is_written_seen_confirmed_and_called_off_by_clicking(
    office: Office, browser: str, size: tuple[int, int]
) -> None:
    async with inside(office, browser, size) as page:
        await compose(page, office.url, f"讲座：周五下午。{NASTY}")
        await page.click('[name=timing][value="once"]')
        await page.value("document.querySelector('[name=day]').value = '2030-06-01'")
        await page.follow(".bar .button.main")
        assert "号通知" in await page.value("document.title")
        assert await faults(page) == []
        await page.follow('form[action$="/confirm"] button')
        assert "排好了" in await page.value("document.querySelector('.actions').innerText")
        await page.follow('form[action$="/pause"] button')
        await page.follow('form[action$="/resume"] button')
        await page.follow('form[action$="/cancel"] button')
        assert "取消了" in await page.value("document.querySelector('.actions').innerText")
        assert problems(page) == []


async def test_nothing_of_it_needs_a_script(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    form = {"text": "没有脚本也能写。", "group": "sandbox:g1", "timing": "now"}
    looked = await clerk.post("/notices/new", **form, look="1")
    assert "1个群：海棠苑一群" in looked.text
    kept = await clerk.post("/notices/new", **form)
    assert kept.status == 303
    drafts = await office.service.database.read(lambda s: s.notices.by_state(NoticeState.DRAFT, 50))
    assert "没有脚本也能写。" in {one.text for one in drafts}
