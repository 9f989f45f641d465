"""What a clerk does with answers."""

from __future__ import annotations

import re
import time

import pytest

from bot.engine.context import Scene
from bot.models import FaqEntry, GivenAnswer, Incoming, Role
from tests.console.kit import COMMUNITY, ELSEWHERE, GRID, STREET, Answer, Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = {
    "question": "广场几点熄灯",
    "phrasings": "广场的灯几点关\n小广场晚上几点没灯",
    "keywords": "熄灯",
    "answer": "广场的灯晚上十点关，路灯整夜亮。",
    "source": "春晓社区居委会",
    "tag": "便民服务",
    "area": COMMUNITY,
    "audience": "public",
    "valid_from": "",
    "valid_until": "",
}


def based_on(page: Answer) -> str:
    found = re.search(r'name="based_on" value="(\w+)"', page.body)
    assert found, page.text
    return found[1]


async def made(clerk: Clerk, **fields: str) -> str:
    """Write an entry; its path."""
    answer = await clerk.post("/faq/new", **(NEW | fields))
    assert answer.status == 303, answer.text
    return answer.to.removeprefix("/console")


async def heard(office: Office, text: str, number: str) -> str:
    """What a resident of the first group is answered who asks the bot."""
    incoming = Incoming(
        channel="sandbox",
        chat="g1",
        sender="居民甲",
        message_id=number,
        text=f"@海棠管家 {text}",
        sent_at=office.service.clock.now(),
    )
    receipt = await office.service.engine.receive(incoming)
    rows = await office.service.database.read(lambda s: s.outbox.caused_by(receipt.message))
    return "\n".join(row.text for row in rows)


async def test_the_list_is_searched_by_short_words_tag_and_validity(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    everything = await clerk.get("/faq")
    assert "社区办公时间" in everything.text
    assert "在用 105" in everything.text
    assert "第1页" in everything.text
    found = await clerk.get("/faq", q="体检 身份证")
    assert "老年体检" in found.text
    assert "社区办公时间" not in found.text
    assert "没有找到" in (await clerk.get("/faq", q="100%不会有_的话")).text
    tagged = await clerk.get("/faq", tag="健康", q="预约")
    assert "吸入式疫苗预约" in tagged.text
    ended = await clerk.get("/faq", show="expired")
    assert "已停用 3" in ended.text
    assert "社区办公时间" not in ended.text


async def test_a_new_answer_is_live_at_once(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    assert "十点关" not in await heard(office, "小广场晚上几点没灯", "live-1")
    begin = time.monotonic()
    path = await made(clerk)
    assert "十点关" in await heard(office, "小广场晚上几点没灯", "live-2")
    assert time.monotonic() - begin < 5
    page = await clerk.get(path)
    assert "1 次答过" in page.text
    assert "新增问答" in page.text


async def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    wrong = NEW | {"answer": "", "valid_from": "2026-12-31", "valid_until": "2026-1-1"}
    page = await clerk.post("/faq/new", **wrong)
    assert page.status == 400
    for told in ("请写答案", "有效截止不是日期", "广场的灯几点关"):
        assert told in page.text + page.body
    late = NEW | {"valid_from": "2026-12-31", "valid_until": "2026-12-01"}
    assert "比有效开始还早" in (await clerk.post("/faq/new", **late)).text


async def test_the_second_of_two_editors_sees_both_versions(office: Office) -> None:
    first, second = await office.clerk(Role.COMMUNITY), await office.clerk(Role.GRID_LEAD)
    path = await made(first, question="快递放哪里")
    seen_by_both = based_on(await first.get(path))
    mine = NEW | {"question": "快递放哪里", "based_on": seen_by_both}
    saved = await first.post(path, **(mine | {"answer": "放在东门驿站。"}))
    assert saved.status == 303
    late = await second.post(path, **(mine | {"answer": "放在西门柜子。"}))
    assert late.status == 409
    assert "也改了这一条" in late.text
    for told in ("放在东门驿站。", "放在西门柜子。"):
        assert told in late.text
    assert "放在东门驿站。" in (await first.get(path)).body
    again = await second.post(
        path, **(mine | {"answer": "放在西门柜子。", "based_on": based_on(late)})
    )
    assert again.status == 303
    page = await first.get(path)
    assert "放在西门柜子。" in page.body
    assert "看改了哪里" in page.text


async def test_ending_and_taking_out_can_be_undone(office: Office) -> None:
    clerk = await office.clerk(Role.COMMUNITY)
    path = await made(clerk, question="乒乓球台在哪")
    assert (await clerk.post(path + "/expire")).status == 303
    assert "已停用" in (await clerk.get(path)).text
    assert (await clerk.post(path + "/undo")).status == 303
    assert "在用" in (await clerk.get(path)).text
    gone = await clerk.post(path + "/remove")
    assert (await clerk.get(path)).status == 404
    listed = await clerk.get(gone.to.removeprefix("/console"))
    assert "撤销删除" in listed.text
    assert (await clerk.post(path + "/undo")).status == 303
    assert "乒乓球台在哪" in (await clerk.get(path)).text
    twice = await clerk.post(path + "/undo")
    assert (twice.status, "没有能撤销的一步了" in twice.text) == (409, True)


async def test_a_step_at_the_console_is_taken_back_by_a_word_in_the_chat(office: Office) -> None:
    steward_at_desk = await office.scene(
        lambda s: next(p for p in s._store.people.staff() if p.role is Role.COMMUNITY)
    )
    made_by_them = await office.scene(
        lambda s: s.faq_desk.create(
            FaqEntry(id="", question="门卡坏了找谁", answer="到东门岗亭换。", source="物业",
                     area=COMMUNITY),
            steward_at_desk,
        )
    )  # fmt: skip
    said = Incoming(
        channel=steward_at_desk.channel,
        chat="",
        sender=steward_at_desk.user,
        message_id="undo-faq",
        text="撤销",
        sent_at=office.service.clock.now(),
    )
    receipt = await office.service.engine.receive(said)
    rows = await office.service.database.read(lambda s: s.outbox.caused_by(receipt.message))
    assert "已撤销" in rows[0].text
    assert await office.service.database.read(lambda s: s.faq.get(made_by_them.id)) is None


async def test_a_steward_proposes_and_somebody_else_adopts(office: Office) -> None:
    steward = await office.clerk(Role.STEWARD, GRID)
    form = await steward.get("/faq/new")
    assert "交上去收录" in form.text
    sent = await steward.post("/faq/new", **(NEW | {"question": "雨伞能借吗", "area": GRID}))
    assert sent.to == "/console/questions?show=drafts"
    path = await made(await office.clerk(Role.COMMUNITY), question="棋牌室几点开")
    assert (await steward.post(path, **NEW)).status == 403
    assert "保存" not in (await steward.get(path)).text


async def test_answers_of_another_community_are_not_there(office: Office) -> None:
    path = await made(await office.clerk(Role.COMMUNITY), question="晾衣架归谁")
    other = await office.clerk(Role.COMMUNITY, ELSEWHERE)
    assert (await other.get(path)).status == 404
    assert "晾衣架归谁" not in (await other.get("/faq", q="晾衣架")).text
    for step in ("", "/expire", "/remove"):
        assert (await other.post(path + step, **NEW)).status == 404
    foreign = await other.post("/faq/new", **(NEW | {"area": COMMUNITY}))
    assert foreign.status == 404
    above = await office.clerk(Role.STREET, STREET)
    assert (await above.get(path)).status == 200


async def test_what_is_above_is_read_and_copied(office: Office) -> None:
    street = await office.clerk(Role.STREET, STREET)
    path = await made(street, question="街道热线是多少", area=STREET)
    clerk = await office.clerk(Role.COMMUNITY)
    page = await clerk.get(path)
    assert "照着写一条" in page.text
    assert (await clerk.post(path, **NEW)).status == 404
    copy = await clerk.get(f"/faq/new?copy={path.rpartition('/')[2]}")
    assert "街道热线是多少" in copy.body


async def test_the_test_box_says_who_wins_and_why(office: Office) -> None:
    clerk = await office.clerk(Role.STEWARD, GRID)
    same = await clerk.get("/faq/try", q="65岁体检要带什么")
    assert "一字不差" in same.text
    assert "【老年体检】" in same.text
    assert "对上的问法" in same.text
    unlike = await clerk.get("/faq/try", q="飞船几点开往月球基地")
    assert "答不上，转给管家" in unlike.text
    talk = await clerk.get(
        "/faq/try", q="我昨天陪我妈去体检了，排了好久的队，人真多，累死我了，回来倒头就睡"
    )
    assert "不像在问事情" in talk.text
    private = await clerk.get("/faq/try", q="体检要带什么", who="private")
    assert "私聊问我" in private.text
    assert "群里没叫我" not in private.text.partition("会怎么答")[2].partition("为什么")[0]


async def test_marks_are_counted_where_one_works(office: Office) -> None:
    path = await made(await office.clerk(Role.COMMUNITY), question="风筝在哪放")
    entry = path.rpartition("/")[2]

    def marked(scene: Scene) -> None:
        for number, useful in enumerate((True, True, False)):
            given = GivenAnswer(
                message=f"mark-{number}", channel="sandbox", chat="g1", user="居民甲",
                area=COMMUNITY + "/第1微网格", entry=entry, asked="风筝", at=scene.now,
            )  # fmt: skip
            scene.learning.answered(given)
            scene._store.questions.mark(given, f"p{number}", useful, scene.now)

    await office.scene(marked)
    clerk = await office.clerk(Role.COMMUNITY)
    assert "3 次答过 · 有用 2 · 没用 1" in (await clerk.get(path)).text
    listed = await clerk.get("/faq", q="风筝")
    assert "答过3次，有用2， 没用1" in listed.text
