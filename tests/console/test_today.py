"""The front page: what is new and pressing, what is wrong, the rates with what they are made of."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.engine.context import Scene
from bot.models import (
    Audience,
    Delivery,
    Notice,
    NoticeState,
    Outgoing,
    Role,
    Run,
    Targets,
)
from tests.console.kit import COMMUNITY, ELSEWHERE, STREET, Clerk, Office
from tests.console.matters import FIRST, elsewhere, settled, tell

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def front(clerk: Clerk) -> str:
    answer = await clerk.get("")
    assert answer.status == 200
    return answer.text


async def test_what_is_not_public_says_nothing_here_either(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    await tell(office, "老人被打骂的事", audience=Audience.PRIVATE, ago=timedelta(days=60))
    page = await front(clerk)
    assert "老人被打骂" not in page
    assert "内容不公开" in page


async def test_the_rates_stand_with_what_they_are_divided_by(office: Office) -> None:
    await settled(office)
    clerk = await office.clerk(Role.COMMUNITY)
    for number in range(6):
        await tell(office, f"算三率的第{number}件")
    page = await front(clerk)
    assert re.search(r"响应率 \d+(\.\d)?% \d+/\d+ 首次人工答复在时限内的件数÷受理件数", page)
    assert re.search(r"办结率 \d+(\.\d)?% \d+/\d+ 已办结件数÷受理件数", page)
    assert "满意率 — 不足5件，不列百分比（0/0）" in page


async def test_what_is_wrong_with_the_works_is_said(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    assert "没发出去" not in await front(clerk)

    def fail(scene: Scene) -> None:
        outbox = scene._store.outbox
        for state in (Delivery.FAILED, Delivery.UNCERTAIN):
            row = Outgoing(id=f"row-{state}", channel="webhook/坏的", chat="", user="x", text="x")
            outbox.add(row, scene.now, due_at=None, once="")
            outbox.settle(row.id, state, scene.now)
        late = Outgoing(id="row-late", channel="nowhere/没有", chat="", user="y", text="y")
        outbox.add(late, scene.now, due_at=scene.now - timedelta(minutes=9), once="")

    await office.scene(fail)
    page = await front(clerk)
    assert "webhook/坏的 一天里有1条消息没发出去。" in page
    assert "webhook/坏的 一天里有1条消息不确定送没送到" in page
    assert re.search(r"有消息等了\d+分钟还没发出去", page)


async def test_a_channel_without_its_connection_is_named(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    monkeypatch.setitem(office.service.watch._connected, "wecom_aibot/断了", False)
    assert "wecom_aibot/断了 没有连上" in await front(clerk)


async def test_unanswered_questions_lead_to_their_list(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    answer = await clerk.get("")
    assert 'href="/console/questions"' in answer.body
    assert "没答上的问题" in answer.text


async def test_the_notices_of_the_day_that_concern_the_area(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)

    def plan(scene: Scene) -> None:
        for name, area in (("自家的", COMMUNITY), ("别家的", ELSEWHERE)):
            notice = Notice(
                id=f"n-{name}",
                author="c:x",
                text=f"{name}停水通知\n请存水",
                targets=Targets(areas=(area,)),
                planned_at=scene.now,
                state=NoticeState.SENT,
                created_at=scene.now,
            )
            scene._store.notices.save(notice)
            run = Run(notice=notice.id, planned_at=scene.now, started_at=scene.now, receivers=1)
            scene._store.notices.start_run(run)

    await office.scene(plan)
    page = await front(clerk)
    assert "自家的停水通知" in page
    assert "别家的停水通知" not in page


async def test_htmx_gets_the_board_alone(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    url = office.url + "/console"
    async with clerk.session.get(url, headers={"HX-Request": "true"}) as answer:
        body = await answer.text()
    assert "<html" not in body
    assert "先办这几件" in body
    assert 'hx-trigger="every 60s"' in (await clerk.get("")).body


async def test_the_street_counts_all_its_communities(office: Office) -> None:
    await settled(office)
    await elsewhere(office, "邻里社区的事")
    above = await office.clerk(Role.STREET, STREET)
    own = await office.clerk(Role.STEWARD, FIRST)

    def fresh(page: str) -> int:
        found = re.search(r"(\d+) 今天新来", page)
        assert found, page
        return int(found[1])

    assert fresh(await front(above)) > fresh(await front(own))
