"""The page of one matter: what it tells, and what is done there."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
import pytest

from bot.engine.context import Scene
from bot.models import Access, Appeal, Audience, Door, Kind, Level, Place, Role, State, Track
from tests.console.kit import COMMUNITY, GRID, Answer, Clerk, Office
from tests.console.matters import FIRST, XSS, elsewhere, settled, tell

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def seen_on(clerk: Clerk, number: str) -> str:
    page = await clerk.get(f"/appeals/{number}")
    found = re.search(r'name="seen" value="([^"]*)"', page.body)
    assert found, page.text
    return found[1]


async def do(clerk: Clerk, number: str, act: str, **fields: Any) -> Answer:
    """Open the page, fill a form in, send it."""
    return await clerk.post(
        f"/appeals/{number}", act=act, seen=await seen_on(clerk, number), **fields
    )


async def now(office: Office, number: str) -> Appeal:
    found: Appeal = await office.scene(lambda s: s._store.appeals.by_number(number))
    return found


def offered(answer: Answer) -> set[str]:
    return set(re.findall(r'name="act" value="([^"]+)"', answer.body))


async def test_it_reads_from_the_first_word_to_the_last(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    made = await tell(office, "3幢2单元502室门口灯不亮", place=Place(building="3幢", room="502室"))
    assert (await do(clerk, made.number, "受理")).status == 303
    assert (await do(clerk, made.number, "备注", words="业主周末才在家")).status == 303
    done = await do(clerk, made.number, "办结", words="已换灯泡")
    assert done.to == f"/console/appeals/{made.number}"
    page = await clerk.get(f"/appeals/{made.number}")
    text = page.text
    story = [text.index(word) for word in ("原话", "经过", "受理", "已换灯泡", "业主周末才在家")]
    assert story == sorted(story)
    for word in ("居民甲", "业主周末才在家", "待受理 → 办理中", "首次回应", "已回应", "等评价"):
        assert word in text, word
    assert "style=" not in page.body


async def test_the_group_and_the_asker_are_told_and_the_page_says_so(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    made = await tell(office, "滑梯松了")
    await do(clerk, made.number, "受理")
    page = await clerk.get(f"/appeals/{made.number}")
    assert "告诉了海棠苑一群" in page.text
    assert re.search(r"海棠苑一群 · (等着发|正在发|已发出)", page.text)


STEPS: list[tuple[str, str, dict[str, str], dict[str, object]]] = [
    ("受理", "受理", {}, {"state": State.WORKING}),
    ("分派给人", "分派", {"who": "@网格长老何"}, {"state": State.WORKING}),
    ("分派给单位", "分派", {"unit": "物业"}, {"state": State.WORKING, "unit": "物业"}),
    ("转办", "转办", {"unit": "城管", "day": "2099-12-01"}, {"unit": "城管"}),
    ("转办没期限", "转办", {"unit": "消防救援站"}, {"unit": "消防救援站"}),
    ("要求补充", "要求补充", {"words": "是几楼"}, {"state": State.NEEDS_INFO}),
    (
        "挂账",
        "挂账",
        {"day": "2099-12-10", "words": "等12月20日的材料"},
        {"state": State.PARKED},
    ),
    ("延期", "延期", {"day": "2099-12-10", "words": "等业主回来"}, {"state": State.PENDING}),
    ("上报", "上报", {"to": "大工委", "words": "短期解决不了"}, {"venue": "大工委"}),
    ("上报社区", "上报", {"to": "社区", "words": "要动资金"}, {"level": Level.COMMUNITY}),
    ("办结", "办结", {"words": "已换灯泡，燃气泄漏也查过"}, {"result": "已换灯泡，燃气泄漏也查过"}),
    ("不受理", "不受理", {"words": "归市政，请打12345"}, {"state": State.DECLINED}),
    ("拆分", "拆分", {"parts": "3幢灯不亮\n\n5幢门坏了"}, {"summary": "3幢灯不亮"}),
    ("同类排查", "同类排查", {"places": "5幢、7幢"}, {"state": State.PENDING}),
    ("催办", "催办", {}, {"state": State.PENDING}),
    ("分类", "分类", {"category": "停车管理"}, {"category": "TCGL"}),
    ("现场处置", "现场处置", {}, {"track": Track.SPOT}),
    ("备注", "备注", {"words": "先电话"}, {"state": State.PENDING}),
    ("撤回", "撤回", {}, {"state": State.WITHDRAWN}),
]


@pytest.mark.parametrize(
    ("act", "fields", "after"), [s[1:] for s in STEPS], ids=[s[0] for s in STEPS]
)
async def test_every_step_of_a_new_matter(
    office: Office, act: str, fields: dict[str, str], after: dict[str, object]
) -> None:
    clerk = await office.clerk(Role.GRID_LEAD, COMMUNITY, name="办事的人")
    made = await tell(office, "灯不亮", category="GGSS")
    answer = await do(clerk, made.number, act, **fields)
    assert answer.status == 303, answer.text
    found = await now(office, made.number)
    assert {name: getattr(found, name) for name in after} == after
    history = await office.scene(lambda s: s.appeals.history(found))
    assert len(history) == 2


async def walked(office: Office, clerk: Clerk, *steps: tuple[str, dict[str, str]]) -> str:
    """A matter on which these steps were taken; its number."""
    kind = (
        Kind.SUGGESTION if steps and steps[-1][0] in {"采纳", "列入议事", "不采纳"} else Kind.APPEAL
    )
    made = await tell(office, "走几步的事", kind=kind)
    for act, fields in steps:
        answer = await do(clerk, made.number, act, **fields)
        assert answer.status == 303, (act, answer.text)
    return made.number


PATHS: dict[str, tuple[list[tuple[str, dict[str, str]]], State]] = {
    "补充": ([("要求补充", {"words": "几楼"}), ("补充", {"words": "三楼"})], State.PENDING),
    "恢复": ([("挂账", {"day": "2099-12-10", "words": "等料"}), ("恢复", {})], State.WORKING),
    "销号": ([("办结", {"words": "好了"}), ("销号", {})], State.STRUCK),
    "重开": ([("办结", {"words": "好了"}), ("重开", {"words": "又不亮"})], State.WORKING),
    "答复": (
        [("上报", {"to": "大工委", "words": "难"}), ("答复", {"words": "下月改造"})],
        State.PENDING,
    ),
    "回头看": ([("办结", {"words": "好了"}), ("回头看", {"day": "2099-01-01"})], State.DONE),
    "看过了": (
        [("办结", {}), ("回头看", {"day": "2099-01-01"}), ("看过了", {"words": "没有反弹"})],
        State.DONE,
    ),
    "采纳": ([("采纳", {"words": "下月试行"})], State.STRUCK),
    "列入议事": ([("列入议事", {})], State.WORKING),
    "不采纳": ([("不采纳", {"words": "消防上不允许"})], State.STRUCK),
    "撤销": ([("受理", {}), ("撤销", {})], State.PENDING),
}


@pytest.mark.parametrize(("steps", "end"), PATHS.values(), ids=PATHS.keys())
async def test_steps_that_come_later(
    office: Office, steps: list[tuple[str, dict[str, str]]], end: State
) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    assert (await now(office, await walked(office, clerk, *steps))).state is end


async def test_a_claim_is_confirmed_or_given_back(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")

    def claimed(scene: Scene, number: str) -> None:
        appeal = scene._store.appeals.by_number(number)
        assert appeal is not None
        scene._store.appeals.save(
            msgspec.structs.replace(
                appeal, claimant="供电所", claimed_by="x:partner", claimed_at=scene.now
            )
        )

    for act, fields, left in (("确认认领", {}, "供电所"), ("退回认领", {"words": "已有人办"}, "")):
        made = await tell(office, "有人认领的事")
        await office.scene(lambda scene, n=made.number: claimed(scene, n))
        assert (await do(clerk, made.number, act, **fields)).status == 303
        assert (await now(office, made.number)).claimant == left


async def test_merging_takes_the_short_number_of_the_same_group(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    into, made = await tell(office, "先说的"), await tell(office, "后说的")
    wrong = await do(clerk, made.number, "合并", other="那一件")
    assert (wrong.status, "请填写另一件的编号" in wrong.text) == (400, True)
    nothing = await do(clerk, made.number, "合并", other="987654")
    assert (nothing.status, "没有找到" in nothing.text) == (404, True)
    assert (await do(clerk, made.number, "合并", other=f"{into.short}号")).status == 303
    assert (await now(office, made.number)).merged_into == into.id
    page = await clerk.get(f"/appeals/{made.number}")
    assert f"已并到 {into.short}号" in page.text
    assert "并进来的" in (await clerk.get(f"/appeals/{into.number}")).text


async def test_only_what_is_possible_is_offered(office: Office) -> None:
    community = await office.clerk(Role.COMMUNITY, name="陈敏")
    steward = await office.clerk(Role.STEWARD, FIRST)
    reader = await office.clerk(Role.COMMUNITY, COMMUNITY, Access.READER)
    made = await tell(office, "谁能做什么")
    path = f"/appeals/{made.number}"
    assert {"受理", "办结", "不受理", "加照片"} <= offered(await community.get(path))
    assert "不受理" not in offered(await steward.get(path))
    assert not {"重开", "销号", "恢复", "采纳", "确认认领", "答复", "撤销"} & offered(
        await community.get(path)
    )
    assert offered(await reader.get(path)) == set()
    assert (await reader.post(path, act="受理", seen="")).status == 403
    seen = await seen_on(steward, made.number)
    forged = await steward.post(path, act="不受理", words="不想办", seen=seen)
    assert forged.status == 404
    assert (await now(office, made.number)).state is State.PENDING


@pytest.mark.parametrize(
    ("act", "fields", "words"),
    [
        ("要求补充", {"words": " "}, "请填写要问什么"),
        ("挂账", {"day": "", "words": "x"}, "请填写日期"),
        ("挂账", {"day": "明天", "words": "x"}, "没有这样的日期"),
        ("挂账", {"day": "2020-01-01", "words": "x"}, "日期已经过去了"),
        ("挂账", {"day": "2099-01-01", "words": ""}, "请填写原因"),
        ("延期", {"day": "2026-01-01", "words": "没写完的原因"}, "没写完的原因"),
        ("转办", {"unit": "物也"}, "物业"),
        ("拆分", {"parts": "只有一件"}, "至少两件事"),
        ("同类排查", {"places": "到处"}, "到处"),
        ("分派", {}, "请填写派给谁"),
        ("没有这一步", {}, "没有找到"),
        ("加照片", {}, "还没有选照片"),
    ],
)
async def test_a_wrong_form_says_what_to_do_and_keeps_what_was_typed(
    office: Office, act: str, fields: dict[str, str], words: str
) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    made = await tell(office, "填错了的事")
    answer = await do(clerk, made.number, act, **fields)
    assert answer.status in {400, 404}
    assert words in answer.text + answer.body
    for typed in fields.values():
        assert typed.strip() in answer.body
    assert (await now(office, made.number)).state is State.PENDING


async def test_the_second_of_two_sees_what_the_first_did(office: Office) -> None:
    first = await office.clerk(Role.COMMUNITY, name="手快的人")
    second = await office.clerk(Role.COMMUNITY, name="手慢的人")
    made = await tell(office, "两个人都要办")
    old = await seen_on(second, made.number)
    await do(first, made.number, "不受理", words="归市政")
    late = await second.post(f"/appeals/{made.number}", act="办结", words="我写了半天", seen=old)
    assert late.status == 409
    for word in ("您的这一步还没有做", "手快的人", "不受理", "归市政", "我写了半天"):
        assert word in late.text, word
    assert (await now(office, made.number)).state is State.DECLINED
    await do(first, made.number, "备注", words="只是备注，不算动静")
    again = await do(second, made.number, "重开", words="是我们的")
    assert again.status == 303


async def test_nothing_typed_becomes_another_command(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    victim, made = await tell(office, "不相干的事"), await tell(office, "写得很怪的事")
    evil = f"x\n#撤回 {victim.number}\r\n撤回 {victim.number}\n；#办结 {victim.number}"
    assert (await do(clerk, made.number, "备注", words=evil)).status == 303
    assert (await do(clerk, made.number, "办结", words=evil)).status == 303
    assert (await now(office, victim.number)).state is State.PENDING
    assert (await now(office, made.number)).state is State.DONE
    assert (await do(clerk, victim.number, "合并", other=f"1 #撤回 {made.number}")).status == 400


async def test_what_is_not_public_is_shown_when_asked_for_and_noted(office: Office) -> None:
    await settled(office)
    clerk = await office.clerk(Role.STEWARD, FIRST, name="值守的人")
    made = await tell(
        office,
        "隔壁总在打骂老人",
        audience=Audience.PRIVATE,
        by="胆小的邻居",
        place=Place(building="9幢", room="901室"),
    )
    await office.scene(
        lambda s: s.desk.remark(made, "电话13800000000", s.people.on_duty(FIRST)[0], "")
    )
    path = f"/appeals/{made.number}"
    masked = await clerk.get(path)
    for word in ("打骂老人", "胆小的邻居", "901室", "13800000000"):
        assert word not in masked.body, word
    opened = await clerk.get(path, open="1")
    for word in ("打骂老人", "胆小的邻居", "901室", "13800000000"):
        assert word in opened.body, word

    lines = await office.scene(lambda s: s._store.audit.lines(subject=f"appeal:{made.id}"))
    looked = [(line.action, line.door) for line in lines if line.action.startswith("查看")]
    assert looked == [("查看原文", Door.CONSOLE), ("查看", Door.CONSOLE)]


async def test_looking_at_what_is_public_leaves_no_line(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    made = await tell(office, "谁都能看的事")
    await clerk.get(f"/appeals/{made.number}", open="1")
    lines = await office.scene(lambda s: s._store.audit.lines(subject=f"appeal:{made.id}"))
    assert [line.action for line in lines] == ["登记"]


async def test_what_is_not_there_and_what_is_elsewhere_look_the_same(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, GRID)
    other = await elsewhere(office, "别处的事")
    near = await tell(office, "隔壁网格的事", area=FIRST)
    numbers = (other.number, near.number, "SQ20200101-0001", "x")
    told = [await clerk.get(f"/appeals/{number}") for number in numbers]
    assert [answer.status for answer in told] == [404] * 4
    assert len({answer.text for answer in told}) == 1


async def test_markup_is_only_text_everywhere(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    made = await tell(office, XSS, by="<b>居民</b>")
    await do(clerk, made.number, "备注", words=XSS)
    await do(clerk, made.number, "办结", words=XSS)
    page = await clerk.get(f"/appeals/{made.number}")
    assert "<script>window" not in page.body
    assert "<img src=x" not in page.body
    assert "<b>居民" not in page.body
    wrong = await clerk.post(f"/appeals/{made.number}", act=XSS, words=XSS, seen="")
    assert "<script>window" not in wrong.body


async def test_alike_matters_stand_beside_each_other(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    one = await tell(office, "8幢路灯不亮", place=Place(building="8幢"))
    other = await tell(office, "8幢路灯又不亮了", place=Place(building="8幢"), by="居民乙")
    page = await clerk.get(f"/appeals/{other.number}")
    assert "像是同一件事" in page.text
    assert one.number in page.body


async def test_two_forms_at_once_take_one_step(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY, name="陈敏")
    made = await tell(office, "点了两下的事")
    seen = await seen_on(clerk, made.number)
    path = f"/appeals/{made.number}"
    answers = await asyncio.gather(
        *(clerk.post(path, act="办结", words="好了", seen=seen) for _ in range(3))
    )
    assert 303 in {answer.status for answer in answers}
    history = await office.scene(lambda s: s.appeals.history(made))
    assert [event.action for event in history].count("办结") == 1
