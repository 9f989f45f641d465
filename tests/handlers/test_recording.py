"""A complaint becomes an appeal: number, place, deadline, and a receipt that a group may read."""

from __future__ import annotations

import pytest

from bot.models import Audience, State, Urgency
from bot.testing.conversation import Group, World


def test_said_in_the_group(group: Group, world: World) -> None:
    assert group.says("居民甲", "3幢2单元502室门口的楼道灯不亮") == [
        "已登记 1号：3幢门口的楼道灯不亮（公共设施）。\n"
        "物业最迟11月27日前处理，办好会在群里告诉您。\n"
        "查进度回复「进度 1」。"
    ]
    appeal = world.appeal(1)
    assert appeal.number == "SQ20261121-0001"
    assert appeal.text == "3幢2单元502室门口的楼道灯不亮"
    assert appeal.place.full == "3幢2单元502室楼道"
    assert (appeal.category, appeal.urgency, appeal.state) == ("GGSS", Urgency.P2, State.PENDING)
    assert "编号 SQ20261121-0001" in world.trace.steps[-1]


def test_said_in_private(group: Group, world: World, steward: Group, lead: Group) -> None:
    chat = world.private("居民甲")
    assert chat.says("居民甲", "5幢单元门关不上") == [
        "已登记 SQ20261121-0001（1号）：5幢单元门关不上（公共设施）。\n"
        "物业最迟11月27日前处理，办好会告诉您。\n"
        "查进度回复「进度 1」。"
    ]
    told = (
        "居民甲 私聊登记了 SQ20261121-0001（1号）：5幢单元门关不上\n"
        "接手回复「受理 1」，看全文回复「详情 1」。"
    )
    assert (steward.said, lead.said, group.said) == ([told], [told], [])


@pytest.mark.parametrize(
    ("said", "first_line"),
    [
        ("16幢附近的车棚顶板破损严重", "已登记 1号：16幢附近的车棚顶板破损严重（公共设施）。"),
        ("16幢2单元门口的灯不亮", "已登记 1号：16幢门口的灯不亮（公共设施）。"),
        ("3-502楼上漏水，一直滴", "已登记 1号：3幢楼上漏水，一直滴（房屋渗漏）。"),
        ("西门的道闸抬不起来", "已登记 1号：西门的道闸抬不起来（公共设施）。"),
        ("7幢灯坏了@所有人", "已登记 1号：7幢灯坏了（公共设施）。"),
        ("7幢灯坏了，找我13812345678", "已登记 1号：7幢灯坏了，找我138****5678（公共设施）。"),
    ],
)
def test_what_the_group_reads(group: Group, said: str, first_line: str) -> None:
    assert group.says("居民甲", said)[0].split("\n")[0] == first_line


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("3幢电梯坏了", "物业最迟11月22日（周日）9:00前处理"),
        ("3幢门口垃圾没人清", "物业保洁最迟11月23日前处理"),
        ("3幢楼道灯不亮", "物业最迟11月27日前处理"),
        ("建议在东门加装一个快递柜", "物业最迟11月27日前答复，有结果会在群里告诉您。"),
    ],
)
def test_until_when(group: Group, said: str, until: str) -> None:
    assert until in group.says("居民甲", said)[0]


def test_a_suggestion_is_asked_for_no_place(group: Group, world: World) -> None:
    assert group.says("居民甲", "建议社区多组织些活动")[0].startswith("已登记 1号")
    assert world.appeal(1).urgency is Urgency.P3


@pytest.mark.parametrize(
    "typed",
    [
        "登记 5幢门口积水严重",
        "#登记5幢门口积水严重",
        "＃登记：5幢门口积水严重",
        "/登记 5幢门口积水严重",
        "@海棠管家 登记5幢门口积水严重",
        "登记一下，5幢门口积水严重",
    ],
)
def test_on_somebodys_behalf(group: Group, world: World, typed: str) -> None:
    assert group.says("管家", typed)[0].startswith("已登记 1号：5幢门口积水严重（水电气）。")
    assert world.appeal(1).text.lstrip("，") == "5幢门口积水严重"


@pytest.mark.parametrize("typed", ["#登记", "登记：", "@海棠管家 登记", "#登记 12"])
def test_the_word_alone_says_how_it_goes_on(group: Group, typed: str) -> None:
    assert group.says("管家", typed) == ["请把事情写在后面，例：登记 3幢楼道灯不亮"]


@pytest.mark.parametrize("talk", ["登记 张三 2份", "登记 你好", "登记 我要两箱"])
def test_a_list_of_neighbours_is_no_appeal(group: Group, talk: str) -> None:
    assert group.says("居民甲", talk) == []
    assert group.says("居民甲", talk, mention=True)[0].startswith("已登记 1号")


CHATTER = [
    "大家早上好，今天降温",
    "谢谢管家",
    "我家冰箱坏了",
    "朋友家楼道灯不亮",
    "路灯修好了，真快",
    "3幢楼道灯不亮，哈哈开玩笑的",
    "+1",
    "👍",
]


def test_chatter_is_left_alone(group: Group, world: World) -> None:
    for talk in CHATTER:
        assert group.says("居民甲", talk) == [], talk
        assert world.trace.steps


def test_staff_talk_is_not_recorded_unless_to_the_bot(group: Group, world: World) -> None:
    assert group.says("管家", "3幢楼道灯不亮，我去看看") == []
    assert "工作人员说的话不自动登记" in world.trace.steps
    assert group.says("管家", "3幢楼道灯不亮", mention=True)[0].startswith("已登记 1号")


def test_thanks_reopen_nothing(group: Group, world: World) -> None:
    group.says("居民甲", "3幢楼道灯不亮")
    group.says("管家", "办结 1 换了灯泡")
    assert group.says("居民甲", "谢谢，3幢楼道灯修好了") == []
    assert world.appeal(1).state is State.STRUCK


def test_numbers_run_by_group_and_by_day(group: Group, next_door: Group, world: World) -> None:
    group.says("居民甲", "3幢楼道灯不亮")
    next_door.says("居民乙", "13幢楼道灯不亮")
    world.wait("24h")
    group.says("居民甲", "4幢楼道灯不亮")
    numbers = [world.appeal(1).number, world.appeal(1, "二群").number, world.appeal(2).number]
    assert numbers == ["SQ20261121-0001", "SQ20261121-0002", "SQ20261122-0001"]


def test_what_is_public_is_marked_so(group: Group, world: World) -> None:
    group.says("居民甲", "3幢楼道灯不亮")
    assert world.appeal(1).audience is Audience.PUBLIC


def test_a_hundred_matters_in_an_hour_are_kept_and_answered_once(
    group: Group, world: World
) -> None:
    said = [group.says("居民甲", f"{n}幢路灯不亮") for n in range(1, 101)]
    assert all("已登记" in answers[0] for answers in said[:10])
    assert said[10] == ["您这一小时说的事比较多，都记下了，不再一条条回。查进度回复「进度」。"]
    assert said[11:] == [[]] * 89
    assert world.appeal(100).text == "100幢路灯不亮"
    world.wait("1h")
    assert "已登记 101号" in group.says("居民甲", "101幢路灯不亮")[0]
    assert "已登记 102号" in group.says("居民乙", "102幢路灯不亮")[0]


def test_no_matter_of_a_long_message_is_lost(group: Group, world: World) -> None:
    told = "，还有".join(f"{n}幢路灯不亮" for n in range(1, 8))
    (said,) = group.says("居民甲", told)
    assert said.startswith("已登记7件：1号1幢路灯不亮")
    assert world.appeal(7).text == told
