"""Illness, quarrels, children: the group hears one line, those on duty hear it in private."""

from __future__ import annotations

import pytest

from bot.models import Audience
from bot.testing.conversation import Group, World

LINE = "已收到，工作人员会私下联系您，群里不再细说。"

UNASKED = [
    "我婆婆得了癌症，没人照顾，能不能派人来看看",
    "我奶奶是独居老人，这几天没人照顾，能不能派人上门看看",
    "我家孩子在学校被欺负了，不知道跟谁说",
    "楼上漏水不肯赔，找他吵了几次了，4幢301的",
    "3幢502老人瘫痪在床，3幢楼道灯不亮没法出门",
]
ASKED = ["我爸住院要人陪，3幢502", "我抗原阳了，在3幢2单元502，怎么报备", "我老公家暴怎么办"]


@pytest.mark.parametrize("words", UNASKED)
def test_overheard(group: Group, world: World, steward: Group, lead: Group, words: str) -> None:
    assert group.says("居民甲", words) == [LINE]
    told = f"一群 居民甲 反映了一件不便公开的事（SQ20261121-0001）：\n「{words}」\n请私下联系。"
    assert (steward.said, lead.said) == ([told], [told])
    assert world.appeal(1).audience is Audience.PRIVATE


@pytest.mark.parametrize("words", ASKED)
def test_told_to_the_bot(group: Group, steward: Group, words: str) -> None:
    said = group.says("居民甲", words, mention=True)
    assert said == [LINE] or said[0].startswith("请")
    assert words in steward.said[-1]


def test_told_in_private(group: Group, world: World, steward: Group) -> None:
    chat = world.private("居民甲")
    assert chat.says("居民甲", "我爸住院要人陪，3幢502") == [
        "已收到（SQ20261121-0001），工作人员会私下联系您。"
    ]
    assert steward.heard("私聊 居民甲 反映了一件不便公开的事（SQ20261121-0001）")


def test_nothing_is_promised_when_nobody_is_there(world: World) -> None:
    lonely = world.group("空群", "海棠街道/空社区/第9微网格")
    assert lonely.says("居民甲", UNASKED[0]) == [
        "已收到。这里暂时没有值守的人，请直接打社区电话说。"
    ]


@pytest.fixture
def known(group: Group) -> Group:
    """A private matter, 1号, beside a public one, 2号."""
    group.says("居民甲", UNASKED[0])
    group.says("居民乙", "3幢楼道灯不亮")
    return group


def test_the_list_in_the_group_leaves_it_out(known: Group, steward: Group) -> None:
    assert known.says("管家", "清单") == [
        "一群 未办结1件：\n2号 3幢楼道灯不亮（待受理，11月27日前）"
    ]
    assert "1号 我婆婆得了癌症" in steward.says("管家", "清单")[0]


def test_details_only_in_private(known: Group, steward: Group) -> None:
    assert known.says("管家", "详情 1") == ["这条不便在群里看，请私聊我发「详情 1」。"]
    assert "原话：「我婆婆得了癌症" in steward.says("管家", "详情 1")[0]


def test_others_do_not_know_of_it(known: Group, world: World) -> None:
    assert known.says("居民乙", "进度 1", mention=True) == [
        "这个群没有1号，回复「进度」看看您自己的。"
    ]
    assert known.says("居民甲", "进度 1") == ["这条的进展会私下告诉您，也可以私聊我发「进度 1」。"]
    assert "等" in world.private("居民甲").says("居民甲", "进度 1")[0]


def test_steps_are_told_to_the_asker_alone(known: Group, world: World) -> None:
    asker = world.private("居民甲")
    assert known.says("管家", "受理 1") == ["1号已受理，已告诉反映的人。"]
    assert asker.said == ["您反映的事（1号）已由管家接手，最迟11月23日前办好。"]
    assert known.says("管家", "转 1 网格员小陈") == ["1号已转给网格员小陈，已告诉反映的人。"]
    assert asker.heard("您反映的事（1号）已转给网格员小陈，最迟11月23日前办好。")
    assert known.says("管家", "办结 1 已上门") == ["1号已办结，已告诉反映的人。"]
    assert asker.heard("您反映的事（1号）已办好：已上门。")


def test_taken_back_without_repeating_it(known: Group, steward: Group) -> None:
    assert known.says("居民甲", "撤回 1") == ["已撤回，也告诉值守人员了。"]
    assert steward.heard("居民甲 撤回了 SQ20261121-0001。")


NO_PLEAS = [
    "独居老人有什么补助",
    "孩子放学看不清路",
    "楼上小两口吵架呢哈哈",
    "我妈住院了",
    "孩子发烧了在家休息",
]


def test_no_plea_no_answer(group: Group, steward: Group) -> None:
    for talk in NO_PLEAS:
        assert group.says("居民甲", talk) == [], talk
        assert steward.said == [], talk


def test_a_wish_about_health_is_no_secret(group: Group) -> None:
    assert group.says("居民甲", "建议卫生站周末也开门，增加一个窗口")[0].startswith("已登记 1号")
