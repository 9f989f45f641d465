"""Taking a matter down for somebody who calls or comes by."""

from __future__ import annotations

from typing import Any

import pytest

from bot.engine.context import Scene
from bot.models import Access, Appeal, Audience, Kind, Role, State
from tests.console.kit import COMMUNITY, ELSEWHERE, Answer, Clerk, Office
from tests.console.matters import FIRST

pytestmark = pytest.mark.asyncio(loop_scope="module")

CALL = {"text": "楼道灯不亮，晚上看不清台阶", "place": "3幢2单元", "kind": "诉求", "way": "电话"}


async def take(clerk: Clerk, **fields: str) -> Answer:
    whole: dict[str, Any] = {**CALL, "area": FIRST, **fields}
    return await clerk.post("/appeals/new", **whole)


async def made(office: Office, answer: Answer) -> Appeal:
    assert answer.status == 303, answer.text
    number = answer.to.rpartition("/")[2]
    found: Appeal = await office.scene(lambda s: s._store.appeals.by_number(number))
    return found


async def test_a_call_becomes_a_matter_of_the_caller(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="接电话的人")
    appeal = await made(office, await take(clerk, name="李阿姨", contact="13800000001"))
    assert (appeal.state, appeal.area, appeal.place.building) == (State.PENDING, FIRST, "3幢")
    assert appeal.text == "3幢2单元 楼道灯不亮，晚上看不清台阶"
    page = await clerk.get(f"/appeals/{appeal.number}")
    for word in ("李阿姨", "接电话的人代为登记（电话），联系方式：13800000001"):
        assert word in page.text, word
    assert "已登记" in page.text  # what the bot replied
    started = await clerk.post(f"/appeals/{appeal.number}", act="受理", seen="zzzz")
    assert started.status == 303
    after = await clerk.get(f"/appeals/{appeal.number}")
    assert "请另外告诉他" in after.text


@pytest.mark.parametrize(
    ("kind", "text", "state"),
    [
        (Kind.SUGGESTION, "长廊加两张椅子", State.PENDING),
        (Kind.PRAISE, "保洁张阿姨雪天一早就扫路", State.STRUCK),
    ],
)
async def test_ideas_and_praise(office: Office, kind: Kind, text: str, state: State) -> None:
    clerk = await office.clerk(Role.STEWARD, FIRST)
    appeal = await made(office, await take(clerk, kind=kind, text=text, place=""))
    assert (appeal.kind, appeal.state, appeal.text) == (kind, state, text)


async def test_those_on_duty_hear_of_it(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="接电话的人")
    appeal = await made(office, await take(clerk, text="电梯门关不上", place="5幢"))

    def told(scene: Scene) -> list[str]:
        event = scene.appeals.history(appeal)[0]
        return [row.text for row in scene._store.outbox.caused_by(event.cause) if not row.chat]

    assert any("电梯门关不上" in text for text in await office.scene(told))


async def test_what_is_private_stays_so(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="接电话的人")
    answer = await take(clerk, text="隔壁夫妻打架，孩子一直哭，求帮忙", place="9幢")
    assert (await made(office, answer)).audience is not Audience.PUBLIC


@pytest.mark.parametrize(
    ("fields", "words", "status"),
    [
        ({"text": "  "}, "请填写是什么事", 400),
        ({"text": "长" * 501}, "是什么事太长了", 400),
        ({"kind": "投诉"}, "没有这样的种类", 400),
        ({"way": "托梦"}, "没有这样的怎么来的", 400),
        ({"name": "名" * 21}, "称呼太长了", 400),
        ({"area": ELSEWHERE}, "没有找到", 404),
        ({"area": ""}, "没有找到", 404),
    ],
)
async def test_a_wrong_form_keeps_what_was_typed(
    office: Office, fields: dict[str, str], words: str, status: int
) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="接电话的人")
    answer = await take(clerk, **{"contact": "13800000002", **fields})
    assert (answer.status, words in answer.text) == (status, True), answer.text
    assert "13800000002" in answer.body


async def test_who_may_only_look_takes_nothing_down(office: Office) -> None:
    reader = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.READER)
    assert (await take(reader)).status == 403
