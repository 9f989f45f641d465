"""What a clerk does with questions that found no answer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.engine.context import Scene
from bot.models import Doubt, Incoming, OpenQuestion, QuestionState, Role
from bot.services.learning import Exchange
from tests.console.kit import COMMUNITY, ELSEWHERE, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")
FIRST = COMMUNITY + "/第1微网格"


async def said(office: Office, who: str, text: str, number: str, seconds: int = 0) -> None:
    incoming = Incoming(
        channel="sandbox",
        chat="g1",
        sender=who,
        message_id=number,
        text=text,
        sent_at=office.service.clock.now() + timedelta(seconds=seconds),
        sender_name=who,
    )
    await office.service.engine.receive(incoming)


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def asked(office: Office) -> AsyncIterator[None]:
    """Two ask the same in the first group, a steward answers."""
    steward = await office.scene(
        lambda s: next(p for p in s._store.people.staff() if p.role is Role.STEWARD)
    )
    await said(office, "居民甲", "@海棠管家 我们小区可以养蜜蜂吗", "bees-1")
    await said(office, "居民乙", "@海棠管家 小区可以养蜜蜂吗", "bees-2")
    await said(office, steward.user, "楼顶和阳台都不能养蜜蜂。", "bees-3", 60)
    yield


async def waiting(office: Office, words: str) -> list[OpenQuestion]:
    found = await office.scene(lambda s: s.questions.of(COMMUNITY, QuestionState.OPEN))
    return [one for one in found if words in one.text]


async def noted(office: Office, text: str, area: str = FIRST) -> int:
    def note(scene: Scene) -> int:
        person = scene._store.people.staff()[0]
        return scene.learning.note(text, Doubt.UNSURE, person, area, "", "").number

    number: int = await office.scene(note)
    return number


async def stands(office: Office, number: int) -> QuestionState:
    found = await office.service.database.read(lambda s: s.questions.get(number))
    assert found is not None
    return found.state


async def test_alike_questions_stand_together_with_what_was_answered(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.get("/questions")
    assert "问过2次" in page.text
    assert "楼顶和阳台都不能养蜜蜂" in page.text
    assert "没答上的 2" in page.text


async def test_one_click_fills_the_form_and_saving_takes_them_off_the_list(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    first = (await waiting(office, "蜜蜂"))[0]
    form = await clerk.get("/faq/new", **{"from": str(first.number)})
    assert "楼顶和阳台都不能养蜜蜂。" in form.body
    assert "这2个问题就算答了" in form.text
    numbers = re.findall(r'name="question_number" value="(\d+)"', form.body)
    saved = await clerk.post(
        "/faq/new",
        question=first.text,
        answer="楼顶和阳台都不能养蜜蜂。",
        source="社区答复",
        area=FIRST,
        audience="public",
        question_number=numbers,
    )
    assert saved.status == 303
    assert await waiting(office, "蜜蜂") == []
    assert "看这条问答" in (await clerk.get("/questions", show="adopted")).text


async def test_a_question_is_put_to_an_entry_that_is_there(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    number = await noted(office, "爸妈体检去哪里做呀")
    page = await clerk.get(f"/questions/{number}")
    assert "老年体检" in page.text
    searched = await clerk.get(f"/questions/{number}", q="流感")
    assert "流感疫苗接种" in searched.text
    done = await clerk.post(f"/questions/{number}/attach", entry="JK01")
    assert done.to == "/console/questions"
    entry = await office.service.database.read(lambda s: s.faq.get("JK01"))
    assert entry is not None
    assert "爸妈体检去哪里做呀" in entry.phrasings
    assert await stands(office, number) is QuestionState.ADOPTED


async def test_what_is_dropped_can_be_put_back(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST)
    number = await noted(office, "月亮上有没有邮局")
    gone = await clerk.post(f"/questions/{number}/drop")
    assert await stands(office, number) is QuestionState.DISMISSED
    page = await clerk.get(gone.to.removeprefix("/console"))
    assert "拿错了" in page.text
    assert (await clerk.post("/questions/restore", numbers=str(number))).status == 303
    assert await stands(office, number) is QuestionState.OPEN
    twice = await clerk.post("/questions/restore", numbers=str(number))
    assert (twice.status, "已经不在" in twice.text) == (409, True)


async def test_drafts_are_adopted_or_thrown_away_by_the_command(office: Office) -> None:
    steward = await office.scene(
        lambda s: next(p for p in s._store.people.staff() if p.role is Role.STEWARD)
    )

    async def draft(text: str) -> int:
        found = await office.scene(
            lambda s: s.learning.learn(Exchange(text, "在3幢东侧。"), steward, FIRST, "", "")
        )
        return int(found.number)

    good, bad = await draft("快递柜装在哪边"), await draft("谁家的猫最胖呀")
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.get("/questions", show="drafts")
    assert "快递柜装在哪边" in page.text
    assert (await clerk.post(f"/questions/{good}/adopt")).status == 303
    assert await stands(office, good) is QuestionState.ADOPTED
    assert (await clerk.post(f"/questions/{bad}/decline")).status == 303
    assert await stands(office, bad) is QuestionState.OPEN
    plain = await office.clerk(Role.STEWARD, FIRST)
    assert (await plain.post(f"/questions/{bad}/adopt")).status == 403


async def test_questions_of_another_community_are_not_there(office: Office) -> None:
    number = await noted(office, "我们这儿的喷泉几点停")
    other: Clerk = await office.clerk(Role.COMMUNITY, ELSEWHERE)
    assert "喷泉" not in (await other.get("/questions")).text
    assert (await other.get(f"/questions/{number}")).status == 404
    for step in ("attach", "drop", "adopt", "decline"):
        answer = await other.post(f"/questions/{number}/{step}", entry="JK01")
        assert answer.status == 404, step
    assert (await other.post("/questions/restore", numbers=str(number))).status == 404
    assert (await other.get("/faq/new", **{"from": str(number)})).status == 404
    assert await stands(office, number) is QuestionState.OPEN
