"""The one question: 是几幢附近？ Asked once, and answered by the same person or by nobody."""

from __future__ import annotations

import pytest

from bot.models import State
from bot.testing.conversation import Group, World

QUESTION = "收到，路灯坏了好几天了。是几幢附近？"
RECEIPT = "已登记 1号：{}路灯坏了好几天了（公共设施）。"


@pytest.fixture
def asked(group: Group) -> Group:
    """居民甲 has complained of a lamp without saying where."""
    assert group.says("居民甲", "路灯坏了好几天了") == [QUESTION]
    return group


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("16", "16幢"),
        ("１６", "16幢"),
        ("16号", "16幢"),
        ("16#", "16幢"),
        ("16幢", "16幢"),
        ("十六幢吧", "16幢"),
        ("在16附近", "16幢"),
        ("就是16号楼", "16幢"),
        ("16-18", "16-18幢"),
        ("16幢门口", "16幢门口"),
        ("16幢2单元门口", "16幢门口"),
        ("16幢2单元502", "16幢"),
        ("14幢南边那个", "14幢"),
        ("东门", "东门"),
        ("长廊那边", "长廊"),
        ("中间那排", "中间那排"),
        ("竹林里", "竹林里"),
        ("@海棠管家 16幢", "16幢"),
        ("16幢的路灯坏了", "16幢"),
        ("16幢，什么时候来修？", "16幢"),
        ("哦那个路灯在14幢南边", "14幢"),
        ("不知道", ""),
        ("我也不清楚是几幢", ""),
        ("整个小区都有", ""),
    ],
)
def test_an_answer(asked: Group, world: World, answer: str, place: str) -> None:
    said = asked.says("居民甲", answer)
    assert said[0].split("\n")[0] == RECEIPT.format(place)
    assert world.appeal(1).state is State.PENDING


@pytest.mark.parametrize(
    "talk", ["大家早上好，今天降温", "晚上有空吗", "马上下班了", "上午好", "路过的时候看到的"]
)
def test_small_talk_is_no_place(asked: Group, world: World, talk: str) -> None:
    assert asked.says("居民甲", talk) == []
    assert world.appeal(1).state is State.NEEDS_INFO
    asked.says("居民甲", "16幢")
    assert asked.heard("已登记 1号：16幢路灯")


@pytest.mark.parametrize("answer", ["算了", "不用了。", "取消", "没事了", "撤销"])
def test_never_mind(asked: Group, world: World, answer: str) -> None:
    assert asked.says("居民甲", answer) == ["好的，这条不登记了。"]
    assert world.appeal(1).state is State.WITHDRAWN
    assert asked.says("居民甲", "16幢") == []


@pytest.mark.parametrize(
    "talk",
    [
        "谢谢",
        "哈哈",
        "大家吃了吗",
        "12幢王阿姨家做了青团，想吃的来拿",
        "3幢的体检在哪里做？",
        "这几天真冷，出门多穿点，路上小心",
    ],
)
def test_talk_of_the_same_person_is_no_answer(asked: Group, world: World, talk: str) -> None:
    assert asked.says("居民甲", talk) == []
    assert asked.says("居民甲", "16幢")[0].split("\n")[0] == RECEIPT.format("16幢")


def test_others_cannot_answer(asked: Group) -> None:
    assert asked.says("居民乙", "16幢") == []
    assert asked.says("居民乙", "我们16幢这边也是") == []
    assert asked.says("居民甲", "14幢")[0].split("\n")[0] == RECEIPT.format("14幢")


def test_an_emergency_comes_between(asked: Group) -> None:
    assert asked.says("居民甲", "着火了快来人")[0].startswith("请先拨 119")
    assert asked.says("居民甲", "16幢")[0].split("\n")[0] == RECEIPT.format("16幢")


@pytest.mark.parametrize(
    "complaint",
    [
        "14幢的狗一直叫，吵死了",
        "3幢单元门关不上了",
        "5幢垃圾没人清",
        "登记 7幢电梯坏了",
        "7幢电梯坏了",
    ],
)
def test_a_new_complaint_is_its_own(asked: Group, world: World, complaint: str) -> None:
    assert asked.says("居民甲", complaint)[0].startswith("已登记 2号")
    assert world.appeal(1).state is State.NEEDS_INFO
    assert asked.says("居民甲", "16幢")[0].split("\n")[0] == RECEIPT.format("16幢")


def test_a_second_question_takes_the_place_of_the_first(asked: Group, world: World) -> None:
    assert asked.says("居民甲", "电梯也坏了") == ["收到，电梯也坏了。是几幢附近？"]
    assert asked.says("居民甲", "7幢")[0].startswith("已登记 2号：7幢电梯也坏了")
    assert world.appeal(1).state is State.NEEDS_INFO


def test_the_same_complaint_again_is_not_recorded_twice(asked: Group) -> None:
    assert asked.says("居民甲", "路灯坏了没人管") == [QUESTION]
    assert asked.says("居民甲", "16幢")[0].startswith("已登记 1号")
    assert asked.says("居民甲", "3幢灯不亮")[0].startswith("已登记 2号")


def test_after_half_an_hour_it_stays_on_the_list(
    asked: Group, world: World, steward: Group
) -> None:
    world.wait("29m")
    world.restart()
    world.wait("1m")
    assert asked.says("居民甲", "16幢") == []
    assert steward.says("管家", "清单") == [
        "第1微网格 未办结1件：\n1号 路灯坏了好几天了（待补充地点，11月27日前）"
    ]
    assert asked.says("居民甲", "进度 1") == [
        "1号：路灯坏了好几天了，还差地点，请说一下是几幢附近。"
    ]


def test_within_half_an_hour_even_after_a_restart(asked: Group, world: World) -> None:
    world.wait("29m")
    world.restart()
    assert asked.says("居民甲", "16幢")[0].split("\n")[0] == RECEIPT.format("16幢")


def test_an_answer_elsewhere_is_none(asked: Group, world: World, next_door: Group) -> None:
    assert next_door.says("居民甲", "16幢") == []
    assert world.appeal(1).state is State.NEEDS_INFO


def test_the_steward_may_take_it_before_the_answer(asked: Group, world: World) -> None:
    asked.says("管家", "受理 1")
    assert asked.says("居民甲", "16幢") == []
    assert world.appeal(1).state is State.WORKING


@pytest.mark.parametrize("thing", ["楼道灯不亮", "单元门坏了", "电梯坏了", "垃圾桶满了没人清"])
def test_what_every_building_has_is_asked_for(group: Group, thing: str) -> None:
    assert group.says("居民甲", thing) == [f"收到，{thing}。是几幢附近？"]


@pytest.mark.parametrize("thing", ["西门的道闸抬不起来", "长廊的座椅断了", "健身角的器材坏了"])
def test_what_there_is_once_is_not(group: Group, thing: str) -> None:
    assert group.says("居民甲", thing)[0].startswith("已登记 1号")
