"""Danger: the safety line before anything else, those on duty alerted once, no false alarms."""

from __future__ import annotations

import pytest

from bot.models import Audience, Listen, Role, State, Urgency
from bot.testing.conversation import Group, World

FIRE = "请先拨 119，人先撤到楼外，不要坐电梯，不要开关电器。\n已同时通知管家等值守人员。"


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("着火了，快来人", "119"),
        ("16幢2单元楼道里好大的煤气味", "119"),
        ("电梯里有人被困住了，3幢", "96333"),
        ("有人晕倒在12幢门口，叫不醒", "120"),
        ("我爷爷走丢了，到现在没回来", "110"),
        ("有人拿刀砍人", "110"),
        ("有人要跳楼，7幢楼顶", "110"),
    ],
)
def test_the_number_to_ring_comes_first(
    group: Group, steward: Group, lead: Group, said: str, call: str
) -> None:
    answer = group.says("居民甲", said)
    assert len(answer) == 1
    assert call in answer[0].split("\n")[0]
    assert answer[0].endswith("\n已同时通知管家等值守人员。")
    assert len(steward.said) == len(lead.said) == 1
    assert steward.said[0].startswith(f"【紧急】一群 居民甲：「{said}」\n已请对方先拨 ")
    assert steward.said[0].endswith("请马上核实。（SQ20261121-0001）")


@pytest.mark.parametrize("listen", list(Listen))
@pytest.mark.parametrize("mention", [False, True])
def test_in_every_listening_mode(world: World, listen: Listen, mention: bool) -> None:
    group = world.group("一群", listen=listen)
    steward = world.person("管家", Role.STEWARD)
    assert group.says("居民甲", "着火了，快来人", mention=mention) == [FIRE]
    assert len(steward.said) == 1


def test_in_private(group: Group, world: World, steward: Group) -> None:
    assert world.private("居民甲").says("居民甲", "家里着火了") == [FIRE]
    assert steward.heard("【紧急】私聊 居民甲：「家里着火了」")
    assert group.said == []


def test_what_is_recorded_is_not_shown(group: Group, world: World, steward: Group) -> None:
    group.says("居民甲", "16幢着火了")
    appeal = world.appeal(1)
    assert (appeal.urgency, appeal.audience) == (Urgency.P0, Audience.STAFF)
    assert group.says("管家", "清单") == ["现在没有未办结的诉求。"]
    assert "16幢着火了" in steward.says("管家", "清单")[0]


def test_ten_neighbours_are_one_alarm(group: Group, world: World, steward: Group) -> None:
    world.wait("9m")
    assert group.says("居民甲", "着火了，快来人") == [FIRE]
    for minute in range(1, 10):
        world.wait("1m")
        assert group.says(f"居民{minute}", "着火了") == []
    assert len(steward.said) == 1
    assert "不再重复" in world.trace.steps[-1]
    world.wait("1m")
    assert group.says("居民甲", "着火了，快来人") == [FIRE]
    assert len(steward.said) == 2


def test_what_a_neighbour_adds_about_the_place_is_passed_on(
    group: Group, world: World, steward: Group
) -> None:
    group.says("居民甲", "着火了，快来人")
    assert group.says("居民乙", "是16幢3单元着火了") == []
    assert group.says("居民丙", "16幢着火了") == []
    assert steward.said[1:] == [
        "【紧急】一群 居民乙 补充：「是16幢3单元着火了」\n与 SQ20261121-0001 是同一件。"
    ]
    assert world.appeal(1).place.building == "16幢"


def test_another_danger_is_another_alarm(group: Group, steward: Group) -> None:
    group.says("居民甲", "着火了，快来人")
    assert "120" in group.says("居民甲", "有人晕倒了，叫不醒")[0]
    assert len(steward.said) == 2


def test_another_group_hears_it_too(group: Group, next_door: Group) -> None:
    group.says("居民甲", "着火了，快来人")
    assert next_door.says("居民乙", "着火了，快来人") == [FIRE]


def test_the_alarm_outlives_a_restart(group: Group, world: World, steward: Group) -> None:
    group.says("居民甲", "着火了，快来人")
    world.restart()
    assert group.says("居民乙", "着火了") == []
    assert len(steward.said) == 1


def test_something_about_to_fall(group: Group, steward: Group, world: World) -> None:
    assert group.says("居民甲", "7幢屋檐的瓦片往下掉，下面有人走") == [
        "请绕开走，先别靠近，也请提醒旁边的人。\n"
        "已同时通知管家等值守人员。\n"
        "已登记 1号，查进度回复「进度 1」。"
    ]
    assert steward.heard("已请大家绕开，请马上核实。（SQ20261121-0001）")
    assert world.appeal(1).urgency is Urgency.P1
    assert group.says("居民乙", "9幢外墙瓷砖脱落，砸到车了")[0].startswith("请绕开走")
    assert group.says("管家", "清单")[0].startswith("一群 未办结2件")


def test_told_is_said_only_when_somebody_was(world: World) -> None:
    lonely = world.group("空群", "海棠街道/空社区/第9微网格")
    assert lonely.says("居民甲", "着火了，快来人") == [FIRE.split("\n", maxsplit=1)[0]]


def test_without_a_steward_the_community_is_told(world: World) -> None:
    group = world.group("一群")
    office = world.person("社区小李", Role.COMMUNITY, "海棠街道/春晓社区")
    group.says("居民甲", "着火了，快来人")
    assert len(office.said) == 1


def test_the_one_who_calls_is_not_told_of_it(group: Group, steward: Group, lead: Group) -> None:
    assert group.says("管家", "16幢着火了，大家快撤") == [FIRE]
    assert (len(steward.said), len(lead.said)) == (0, 1)


def test_a_false_alarm_is_taken_back_quietly(group: Group, world: World, steward: Group) -> None:
    group.says("居民甲", "着火了，快来人")
    assert group.says("居民甲", "撤销") == ["已撤回，也告诉值守人员了。"]
    assert steward.heard("居民甲 撤回了 SQ20261121-0001，请再核实一下。")
    assert world.appeal(1).state is State.WITHDRAWN
    assert group.says("居民乙", "真的着火了，快来人") == [FIRE]


NO_DANGER = [
    "今天消防演练，大家别慌",
    "热得要着火了",
    "我的手机丢了",
    "猫走丢了",
    "孩子的红领巾不见了",
    "煤气费在哪里交",
    "电视里演着火了",
    "笑死，肚子痛得要叫救命了哈哈",
    "请大家注意，严禁楼道充电，防止起火",
    "去年那场火灾，着火的是12幢",
    "晚上一起吃火锅",
    "着火点在哪是考点",
]


def test_no_false_alarm(group: Group, steward: Group) -> None:
    for talk in NO_DANGER:
        assert not any("119" in said or "110" in said for said in group.says("居民甲", talk))
        assert steward.said == [], talk


def test_danger_comes_before_an_order(group: Group) -> None:
    assert group.says("管家", "登记 16幢着火了快来人") == [FIRE]


def test_a_command_that_is_only_like_danger_raises_no_alarm(group: Group, steward: Group) -> None:
    (preview,) = group.says("管家", "发布 立即 刚才的通知看到的请转告楼里老人")
    assert "发往" in preview
