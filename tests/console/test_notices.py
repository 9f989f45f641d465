"""What a clerk does with notices."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest

from bot.engine.context import Scene
from bot.models import SHANGHAI, Delivery, Notice, NoticeState, Outgoing, Role, Run, Targets
from bot.services.notice_drafting import Sketch
from bot.services.notice_looks import Wording
from bot.services.notice_views import View
from bot.services.reach import Reach
from bot.web.console.notice_words import warnings
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, STREET, Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


def noon(office: Office, days: int) -> datetime:
    here = office.service.clock.now().astimezone(SHANGHAI) + timedelta(days=days)
    return here.replace(hour=12, minute=0, second=0, microsecond=0)


def once(office: Office, text: str, days: int = 3, **more: Any) -> dict[str, Any]:
    """The form of a notice to the first group, some days ahead at noon."""
    at = noon(office, days)
    told = {"text": text, "group": "sandbox:g1", "timing": "once"}
    return told | {"day": at.date().isoformat(), "clock": "12:00"} | more


async def stored(office: Office, path: str) -> Notice:
    number = path.rpartition("/")[2]
    found = await office.service.database.read(lambda s: s.notices.get(f"n{number}"))
    assert found is not None, path
    return found


async def written(clerk: Clerk, form: dict[str, Any]) -> str:
    """Keep a draft; its path."""
    answer = await clerk.post("/notices/new", **form)
    assert answer.status == 303, answer.text
    return answer.to.removeprefix("/console")


async def step(clerk: Clerk, path: str, name: str, words: str = "") -> Answer:
    return await clerk.post(f"{path}/step/{name}", words=words)


async def test_a_notice_is_written_seen_and_confirmed(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = await written(clerk, once(office, "停水通知：周六9点到11点停水。"))
    page = await clerk.get(path)
    for told in ("1个群：海棠苑一群", "停水通知：周六9点到11点停水。", "没确认", "确认"):
        assert told in page.text
    done = await step(clerk, path, "confirm")
    assert done.to == f"/console{path}"
    notice = await stored(office, path)
    assert (notice.state, notice.planned_at) == (NoticeState.PLANNED, noon(office, 3))
    month = f"{noon(office, 3):%Y-%m}"
    assert "停水通知：周六9点到11点停水。" in (await clerk.get("/notices", month=month)).text


async def test_the_preview_follows_what_is_typed_and_ticked(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    empty = await clerk.post("/notices/preview", timing="now")
    assert "请写要发的话" in empty.text
    assert "没有人收得到" in empty.text
    both = once(
        office, "明天停电。\n一群：9点开始\n二群：10点开始", group=["sandbox:g1", "sandbox:g2"]
    )
    seen = await clerk.post("/notices/preview", **both)
    assert "明天停电。 9点开始" in seen.text
    assert "明天停电。 10点开始" in seen.text
    again = once(
        office, "垃圾分类", timing="again", beat="weekly", hour="08:30", weekday=["0", "4"]
    )
    told = (await clerk.post("/notices/preview", **again)).text
    assert "每周一、周五8:30，接下来：" in told
    assert told.count("8:30") == 4
    calling = await clerk.post("/notices/preview", **once(office, "@所有人 明天停电"))
    assert "不会真的叫大家" in calling.text
    night = once(office, "夜里的话", clock="23:00")
    assert "夜里不打扰" in (await clerk.post("/notices/preview", **night)).text
    urgent = await clerk.post("/notices/preview", **(night | {"urgent": "1"}))
    assert "夜里不打扰" not in urgent.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": ""}, "请写要发的话"),
        ({"text": "【时间】停水，请接水。地点：____"}, "还空着"),
        ({"text": "长" * 2001}, "最多2000字"),
        ({"group": ""}, "没有人收得到"),
        ({"day": "2020-01-01"}, "已经过去了"),
        ({"day": "2026-13-99"}, "请选哪天几点发"),
        ({"timing": "again", "beat": "weekly", "hour": "08:00"}, "请选每周星期几"),
        ({"timing": "again", "beat": "", "hour": "08:00"}, "请选哪天几点发"),
    ],
)
async def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, change: dict[str, str], told: str
) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.post("/notices/new", **(once(office, "原来写的话") | change))
    assert (page.status, told in page.text) == (400, True), page.text
    if "text" not in change:
        assert "原来写的话" in page.body


async def test_what_a_channel_cuts_or_cannot_carry_is_told() -> None:
    view = View(text="长", groups=("一群",), pieces=2, lacking=1)
    notice = Notice(
        id="n1", author="a", text="长", targets=Targets(), state=NoticeState.DRAFT,
        planned_at=datetime(2026, 11, 27, tzinfo=SHANGHAI),
        created_at=datetime(2026, 11, 26, tzinfo=SHANGHAI),
    )  # fmt: skip
    sketch = Sketch(
        notice=notice, fault=None, reach=Reach(), views=[view], times=[notice.planned_at],
        put_off=False, silent=[], repeated=["一群"], second=True, approvers=[],
    )  # fmt: skip
    told = warnings(sketch)
    assert told[0] == "一群前后几分钟有同样的话。"
    assert "会分成2条" in told[1]
    assert "只收到文字" in told[2]
    assert "现在没有别人能审" in told[3]


async def test_roles_tags_and_all_but_one(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    most = await clerk.post(
        "/notices/preview", **once(office, "都看", group="", area=COMMUNITY, without="sandbox:g2")
    )
    assert "3个群" in most.text
    assert "海棠苑二群" not in most.text
    stewards = await clerk.post(
        "/notices/preview", **once(office, "管家开会", group="", role="steward")
    )
    assert "私下发给3个人" in stewards.text
    also = once(office, "管家和一群", role="steward")
    assert "1个群，私下发给3个人" in (await clerk.post("/notices/preview", **also)).text
    nobody = once(office, "老小区", group="", tag="没有这个标签")
    assert "没有人收得到" in (await clerk.post("/notices/preview", **nobody)).text


async def test_a_second_person_approves_or_sends_back(office: Office) -> None:
    author = await office.clerk(Role.COMMUNITY, name="写的人")
    judge = await office.clerk(Role.COMMUNITY, name="审的人")
    path = await written(author, once(office, "【政策】居住证续签可以网上办。"))
    assert "要第二个人看过才发" in (await author.get(path)).text
    assert (await judge.get(path)).status == 404
    await step(author, path, "confirm")
    assert "通过" not in (await author.get(path)).body.partition("经过")[0].partition("发往")[2]
    listed = await judge.get("/notices/list", show="awaiting")
    assert "居住证续签可以网上办" in listed.text
    assert "退回要写原因" in (await _said(judge, await step(judge, path, "reject"))).text
    await step(judge, path, "reject", "日期没有写")
    page = await author.get(path)
    assert "日期没有写" in page.text
    form = await author.get(f"{path}/edit")
    stamp = re.search(r'name="based_on" value="(\w+)"', form.body)
    assert stamp
    better = once(office, "【政策】居住证续签12月起可以网上办。", based_on=stamp[1])
    assert (await author.post(f"{path}/edit", **better)).to == f"/console{path}"
    late = await author.post(f"{path}/edit", **better)
    assert (late.status, "它变过了" in late.text) == (409, True)
    await step(author, path, "confirm")
    own = await _said(author, await step(author, path, "approve"))
    assert "要另一个人来审" in own.text
    assert (await stored(office, path)).state is NoticeState.AWAITING
    await step(judge, path, "approve")
    assert (await stored(office, path)).state is NoticeState.PLANNED
    assert "审的人" in (await author.get(path)).text


async def _said(clerk: Clerk, answer: Answer) -> Answer:
    """The page on which the reply stands."""
    return await clerk.get(answer.to.removeprefix("/console"))


async def test_planned_ones_are_moved_paused_resumed_and_called_off(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = await written(clerk, once(office, "电影：广场晚上七点。"))
    await step(clerk, path, "confirm")
    await step(clerk, path, "postpone", f"{noon(office, 5):%Y年%m月%d日}9:00")
    assert (await stored(office, path)).planned_at == noon(office, 5).replace(hour=9)
    page = await clerk.get(path)
    assert "撤销刚才那步" in page.text
    await clerk.post(f"{path}/undo")
    assert (await stored(office, path)).planned_at == noon(office, 3)
    wrong = await _said(clerk, await step(clerk, path, "postpone", "昨天8:00"))
    assert "已经过去了" in wrong.text
    await step(clerk, path, "pause")
    assert (await stored(office, path)).state is NoticeState.PAUSED
    await step(clerk, path, "resume")
    assert (await stored(office, path)).state is NoticeState.PLANNED
    await step(clerk, path, "cancel")
    assert (await stored(office, path)).state is NoticeState.CANCELLED
    assert (await clerk.post(f"{path}/step/nonsense")).status == 404


async def test_other_words_for_what_is_planned_take_its_place(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = await written(clerk, once(office, "义诊：上午九点。"))
    await step(clerk, path, "confirm")
    form = await clerk.get(f"{path}/edit")
    stamp = re.search(r'name="based_on" value="(\w+)"', form.body)
    assert stamp
    answer = await clerk.post(f"{path}/edit", **once(office, "义诊：上午十点。", based_on=stamp[1]))
    other = answer.to.removeprefix("/console")
    assert other != path
    assert (await stored(office, path)).state is NoticeState.PLANNED
    await step(clerk, other, "confirm")
    assert (await stored(office, path)).state is NoticeState.CANCELLED
    assert (await stored(office, other)).state is NoticeState.PLANNED


async def ran(office: Office, author: str, count: int = 3) -> str:
    """A notice that was sent a while ago; one failed, one is uncertain. Its path."""

    def send(scene: Scene) -> str:
        person = next(owner for account, owner in scene.accounts.all() if account.name == author)
        at = scene.now - timedelta(days=1)
        groups = scene.notices.scope(person)[:count]
        wording = Wording(
            text="检修路灯，请当心脚下。",
            targets=Targets(groups=tuple(group.id for group in groups)),
            planned_at=at,
        )
        draft = scene.notices.draft(person, wording, "")
        scene._store.notices.save(msgspec.structs.replace(draft, state=NoticeState.SENT))
        run = Run(notice=draft.id, planned_at=at, started_at=at, receivers=count)
        scene._store.notices.start_run(run)
        states = [Delivery.FAILED, Delivery.UNCERTAIN, Delivery.SENT]
        for index, group in enumerate(groups):
            row = Outgoing(
                id="", channel=group.channel, chat=group.chat, user="", text=wording.text,
                kind="notice", cause=run.cause,
            )  # fmt: skip
            scene._store.outbox.add(row, scene.now, due_at=None, once=f"{run.cause}/{group.id}")
            put = scene._store.outbox.caused_by(run.cause)[-1]
            error = "" if index else "机器人已被移出群"
            scene._store.outbox.settle(put.id, states[index], scene.now, error=error)
        return f"/notices/{draft.id[1:]}"

    made: str = await office.scene(send)
    return made


async def test_the_ledger_names_every_receiver_and_only_the_failed_go_again(
    office: Office,
) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="补发的人")
    path = await ran(office, "补发的人")
    page = await clerk.get(path)
    assert "送到 1 ，没送到 1 ，不确定 1" in page.text
    assert "机器人已被移出群" in page.text
    assert "检修路灯" in (await clerk.get("/notices/list", show="failed")).text
    await step(clerk, path, "resend")

    def again(scene: Scene) -> int:
        notice = scene.notices.get(f"n{path.rpartition('/')[2]}")
        assert notice is not None
        return scene.runs.progress(scene.runs.runs(notice)[0]).failed

    assert await office.scene(again) == 0
    part = await clerk.get(f"{path}/progress")
    assert "<html" not in part.body
    assert "发得怎样" in part.text


async def test_what_was_sent_is_corrected_or_withdrawn(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="更正的人")
    path = await ran(office, "更正的人")
    answer = await step(clerk, path, "correct", "检修改到明天，请当心脚下。")
    draft = answer.to.removeprefix("/console")
    assert draft != path
    page = await clerk.get(draft)
    assert "【更正】检修改到明天" in page.text
    assert "更正或代替" in page.text
    other = await ran(office, "更正的人")
    await step(clerk, other, "withdraw", "时间写错了")
    assert (await stored(office, other)).state is NoticeState.WITHDRAWN
    assert "作废了" in (await clerk.get(other)).text


async def test_a_template_is_filled_on_the_page(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.get("/notices/new", template="停水")
    assert "「停水」填几项" in page.text
    some = once(office, "", template="停水", fill="1") | {"field_时间": "明天9点到11点"}
    missing = await clerk.post("/notices/new", **some)
    assert (missing.status, "模板还差：范围" in missing.text) == (400, True)
    whole = await clerk.post("/notices/new", **(some | {"field_范围": "1-20幢"}))
    assert whole.status == 200
    assert "1-20幢" in whole.body.partition("<textarea")[2]


async def test_pictures_go_along_with_a_draft(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = await written(clerk, once(office, "看图：新的停车线。"))
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
        "606060600000000500010dfa27b50000000049454e44ae426082"
    )
    done = await clerk.post(f"{path}/pictures", clerk.files({"file": ("线.png", png)}))
    assert done.status == 303
    assert len((await stored(office, path)).media) == 1
    none = await clerk.post(f"{path}/pictures", clerk.files({}))
    assert "请先选图片或文件" in (await _said(clerk, none)).text


async def test_days_and_lists_find_what_is_there(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    day = noon(office, 9)
    for number in range(6):
        form = once(office, f"第{number}场讲座。", 9, clock=f"1{number}:00")
        await step(clerk, await written(clerk, form), "confirm")
    month = await clerk.get("/notices", month=f"{day:%Y-%m}")
    assert "还有2条" in month.text
    alone = await clerk.get("/notices", day=day.date().isoformat())
    assert "第5场讲座" in alone.text
    assert "第5场讲座" in (await clerk.get("/notices/list", show="all", q="第5场 讲座")).text
    assert "没有找到" in (await clerk.get("/notices/list", show="all", q="没人写过这句")).text
    assert (await clerk.get("/notices", month="2026-99", day="x")).status == 200


async def test_notices_of_another_community_are_not_there(office: Office) -> None:
    author = await office.clerk(Role.COMMUNITY)
    path = await written(author, once(office, "只给我们看的话。"))
    await step(author, path, "confirm")
    other = await office.clerk(Role.COMMUNITY, ELSEWHERE)
    assert (
        "只给我们看的话" not in (await other.get("/notices", month=f"{noon(office, 3):%Y-%m}")).text
    )
    assert "只给我们看的话" not in (await other.get("/notices/list", show="all")).text
    for way in ("", "/progress", "/edit"):
        assert (await other.get(path + way)).status == 404, way
    for way in ("/edit", "/undo", "/pictures", "/step/cancel", "/step/approve"):
        assert (await other.post(path + way, **once(office, "x"))).status == 404, way
    assert (await stored(office, path)).state is NoticeState.PLANNED
    grid = await office.clerk(Role.STEWARD, GRID)
    foreign = await grid.post("/notices/new", **once(office, "不归我管的群"))
    assert foreign.status == 404
    above = await office.clerk(Role.STREET, STREET)
    assert (await above.get(path)).status == 200
    theirs = await _said(above, await step(above, path, "cancel"))
    assert "是别人写的" in theirs.text
