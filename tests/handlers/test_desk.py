"""The steward's desk: 清单 详情 受理 转 办结, in the group and in private."""

from __future__ import annotations

import pytest

from bot.models import Role, State
from bot.testing.conversation import Group, World
from tests.handlers.conftest import NEXT_DOOR

LAMP = "3幢2单元502室门口的楼道灯不亮"


@pytest.fixture
def lamp(group: Group) -> Group:
    """居民甲's lamp is 1号."""
    group.says("居民甲", LAMP)
    return group


def asked(closed: str) -> str:
    """The end of a matter as 居民甲 is told it."""
    return f"居民甲，{closed}\n您看行不行？回复 1满意 2基本满意 3不满意"


def test_from_the_list_to_the_end(lamp: Group, world: World) -> None:
    assert lamp.says("管家", "清单") == [
        "一群 未办结1件：\n1号 3幢门口的楼道灯不亮（待受理，11月27日前）"
    ]
    assert lamp.says("管家", "受理1") == [
        "1号已由管家接手：3幢门口的楼道灯不亮。\n最迟11月27日前办好。"
    ]
    assert lamp.says("管家", "转 1 物业工程部") == [
        "1号已转给物业工程部：3幢门口的楼道灯不亮。\n最迟11月27日前办好。"
    ]
    assert lamp.says("管家", "办结 1 已换灯泡") == [
        asked("1号已办好：3幢门口的楼道灯不亮。\n已换灯泡。")
    ]
    assert lamp.says("管家", "清单") == ["现在没有未办结的诉求。"]
    assert world.appeal(1).state is State.DONE
    subject = f"appeal:{world.appeal(1).id}"
    history = world.read(lambda store: store.events.of(subject))
    assert [event.action for event in history] == ["登记", "受理", "转办", "办结"]


@pytest.mark.parametrize(
    ("typed", "state"),
    [
        ("受理 1", State.WORKING),
        ("＃受理１", State.WORKING),
        ("/接单 1", State.WORKING),
        ("@海棠管家 受理1号", State.WORKING),
        ("受理 SQ20261121-0001", State.WORKING),
        ("转1物业", State.WORKING),
        ("转给 1 物业", State.WORKING),
        ("办结1", State.DONE),
        ("#结案1", State.DONE),
        ("完成 1，换好了", State.DONE),
        ("办好 1：换好了", State.DONE),
    ],
)
def test_however_it_is_typed(lamp: Group, world: World, typed: str, state: State) -> None:
    assert len(lamp.says("管家", typed)) == 1
    assert world.appeal(1).state is state
    assert world.trace.steps[0].startswith("指令「")


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        ("已换灯泡。", "已换灯泡。"),
        ("换好了！", "换好了！"),
        ("换好了，试过两次", "换好了，试过两次。"),
        ("@所有人 换好了", "换好了。"),
        ("换好了，找13812345678", "换好了，找138****5678。"),
        ("3幢2单元502室的也换了", "3幢的也换了。"),
    ],
)
def test_the_result_ends_cleanly(lamp: Group, result: str, shown: str) -> None:
    done = f"1号已办好：3幢门口的楼道灯不亮。\n{shown}"
    assert lamp.says("管家", f"办结 1 {result}") == [asked(done)]


def test_without_a_result(lamp: Group) -> None:
    assert lamp.says("管家", "办结1") == [asked("1号已办好：3幢门口的楼道灯不亮。")]


def test_details_in_the_group_and_in_private(lamp: Group, steward: Group) -> None:
    public = (
        "1号（SQ20261121-0001）：3幢门口的楼道灯不亮\n公共设施维修，物业负责，待受理，11月27日前"
    )
    assert lamp.says("管家", "详情 1") == [public]
    assert steward.says("管家", "详情 1") == [
        f"{public}\n反映人：居民甲，地点：3幢2单元502室楼道\n原话：「{LAMP}」"
    ]


def test_done_in_private_is_said_in_the_group(lamp: Group, steward: Group) -> None:
    assert steward.says("管家", "受理 1") == ["1号已受理，已在一群里说了。"]
    assert lamp.heard("1号已由管家接手")
    assert steward.says("管家", "办结 1 换好了") == ["1号已办结，已在一群里说了。"]
    assert lamp.heard("换好了。")


def test_reported_in_private_the_asker_hears_it(group: Group, world: World, steward: Group) -> None:
    asker = world.private("居民甲")
    asker.says("居民甲", "5幢单元门坏了")
    assert steward.says("管家", "受理 1") == ["1号已受理，已告诉反映的人。"]
    assert asker.heard("您反映的事（1号）已由管家接手，最迟11月27日前办好。")
    assert group.says("管家", "办结 1 修好了")[0].startswith("居民甲，1号已办好：5幢单元门坏了。")
    assert asker.heard("您反映的事（1号）已办好：修好了。")


def test_ones_own_appeal_is_told_to_nobody_twice(
    group: Group, world: World, steward: Group
) -> None:
    steward.says("管家", "登记 5幢单元门坏了")
    assert steward.says("管家", "办结 1") == ["1号已办结。"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("受理", "受理哪一条？例：受理 12"),
        ("办结", "哪一条办好了？例：办结 12 已换灯泡"),
        ("详情", "看哪一条？例：详情 12"),
        ("#转", "哪一条转给谁？例：转办 12 物业"),
        ("发布", "什么时候发什么？例：发布 明天8:00 停水通知：…"),
        ("登记", "请把事情写在后面，例：登记 3幢楼道灯不亮"),
        ("#受理 灯泡", "受理哪一条？例：受理 12"),
        ("转 1", "1号转给谁？例：转办 1 物业"),
        ("受理 99", "这个群没有99号，回复「清单」看有哪些。"),
        ("办结 SQ20261121-0099", "这个群没有SQ20261121-0099，回复「清单」看有哪些。"),
        ("办洁 1", "没有「办洁」这个指令，是「办结 1」吗？"),
        ("受里 1号", "没有「受里」这个指令，是「受理 1号」吗？"),
        ("办接 1 换好了", "没有「办接」这个指令，是「办结 1 换好了」吗？"),
        ("#清但", "没有「清但」这个指令，是「清单」吗？"),
    ],
)
def test_wrong_input_is_put_right(lamp: Group, typed: str, answer: str) -> None:
    assert lamp.says("管家", typed) == [answer]


STEWARDS_TALK = [
    "转发一下",
    "转12号楼的快递",
    "完成了",
    "办好了",
    "受理了12件",
    "今天 12 点开会",
    "下午 3 点",
    "收到 12",
    "清理 3",
    "登机 12 号口",
    "进展顺利",
    "清单在哪里",
]


def test_a_steward_may_just_talk(lamp: Group, world: World) -> None:
    for talk in STEWARDS_TALK:
        assert lamp.says("管家", talk) == [], talk
        assert world.appeal(1).state is State.PENDING


def test_steps_that_no_longer_fit(lamp: Group) -> None:
    lamp.says("管家", "受理 1")
    assert lamp.says("管家", "受理 1") == [
        "1号已由您9:00受理，现在是「办理中」，可以：办结 1、转办 1、上报 1、延期 1"
    ]
    lamp.says("管家", "办结 1")
    for typed in ("办结 1", "受理 1", "转 1 物业"):
        assert lamp.says("管家", typed) == [
            "1号已由您9:00办结，现在是「已办结」，可以：销号 1、重开 1、回头看 1"
        ]


def test_a_long_list_shows_the_most_urgent(group: Group, steward: Group) -> None:
    for building in range(3, 9):
        group.says("居民甲", f"{building}幢楼道灯不亮")
    group.says("居民甲", "9幢电梯坏了")
    shown = group.says("管家", "清单")[0].split("\n")
    assert shown[0] == "一群 未办结7件，先看最急的3件，私聊发「清单」看全部："
    assert shown[1] == "7号 9幢电梯坏了（待受理，11月22日前）"
    assert len(shown) == 4
    assert len(steward.says("管家", "清单")[0].split("\n")) == 8


NOT_YOURS = "1号不在您负责的网格，请找本网格的管家。"
BY_A_STEWARD = "要由管家来点。您可以回复「进度 1」看到哪一步了。"


@pytest.mark.parametrize("order", ["受理 1", "转办 1 物业", "办结 1"])
@pytest.mark.parametrize(
    ("who", "role", "area", "refusal"),
    [
        ("居民乙", Role.RESIDENT, "", BY_A_STEWARD),
        ("先锋", Role.VOLUNTEER, "", BY_A_STEWARD),
        ("二管家", Role.STEWARD, NEXT_DOOR, NOT_YOURS),
        ("二网格长", Role.GRID_LEAD, NEXT_DOOR, NOT_YOURS),
    ],
)
def test_who_may_not(
    lamp: Group, world: World, who: str, role: Role, area: str, refusal: str, order: str
) -> None:
    world.person(who, role, area or "海棠街道/春晓社区/第1微网格")
    act = order.split(maxsplit=1)[0]
    expected = refusal if refusal == NOT_YOURS else act + refusal
    assert lamp.says(who, order) == [expected]
    assert world.appeal(1).state is State.PENDING


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.STEWARD, "海棠街道/春晓社区/第1微网格"),
        (Role.GRID_WORKER, "海棠街道/春晓社区/第1微网格"),
        (Role.GRID_LEAD, "海棠街道/春晓社区/第1微网格"),
        (Role.GRID_LEAD, "海棠街道/春晓社区"),
        (Role.COMMUNITY, "海棠街道/春晓社区"),
        (Role.STREET, "海棠街道"),
    ],
)
def test_who_may(lamp: Group, world: World, role: Role, area: str) -> None:
    world.person("小陈", role, area)
    assert lamp.says("小陈", "受理 1")[0].startswith("1号已由小陈接手")


@pytest.mark.parametrize(
    ("who", "role", "answer"),
    [
        ("居民乙", Role.RESIDENT, "清单要由管家来点。有事您可以直接跟我说。"),
        ("先锋", Role.VOLUNTEER, "一群 未办结1件：\n1号 3幢门口的楼道灯不亮（待受理，11月27日前）"),
    ],
)
def test_who_may_see_the_list(lamp: Group, world: World, who: str, role: Role, answer: str) -> None:
    world.person(who, role)
    assert lamp.says(who, "清单") == [answer]


def test_the_list_of_another_grid(lamp: Group, next_door: Group) -> None:
    assert lamp.says("二管家", "清单") == ["这个群不在您负责的网格，请找本网格的管家。"]


def test_a_stranger_to_the_number_hears_nothing(lamp: Group) -> None:
    assert lamp.says("居民乙", "办结 99") == []
    assert lamp.says("居民乙", "办结 99", mention=True) == [
        "这个群没有99号，回复「进度」看看您自己的。"
    ]


def test_the_same_short_number_in_two_groups(
    lamp: Group, next_door: Group, office: Group, world: World
) -> None:
    next_door.says("居民乙", "13幢楼道灯不亮")
    assert office.says("社区小李", "办结 1 换好了") == [
        "有2件对得上，是哪一件？回复数字就好：\n"
        "1 二群 1号 13幢楼道灯不亮\n2 一群 1号 3幢门口的楼道灯不亮"
    ]
    assert office.says("社区小李", "1") == ["1号已办结，已在二群里说了。"]
    assert next_door.heard("居民乙，1号已办好：13幢楼道灯不亮。\n换好了。")
    assert world.appeal(1).state is State.PENDING


def test_details_for_the_asker_hold_no_more_than_the_group_reads(lamp: Group, world: World) -> None:
    assert "原话" not in world.private("居民甲").says("居民甲", "详情 1")[0]
    assert world.private("居民乙").says("居民乙", "详情 1") == [
        "您这里没有1号，回复「进度」看看您自己的。"
    ]


EVERY_COMMAND = (
    "帮助",
    "登记 3幢楼道灯不亮",
    "登记",
    "清单",
    "详情 1",
    "受理 1",
    "受理",
    "转 1 物业",
    "办结 1",
    "办结 1",
    "撤销",
    "撤销",
    "撤销 9",
    "撤回 1",
    "进度",
    "进度 1",
    "发布 明天8:00 停水",
    "取消",
    "发布 昨天8:00 停水",
    "通知清单",
    "取消通知",
    "办洁 1",
    "@海棠管家",
)


def test_whatever_is_answered_has_its_reason(lamp: Group, world: World) -> None:
    for typed in EVERY_COMMAND:
        assert lamp.says("管家", typed), typed
        assert world.trace.steps, typed
        assert world.trace.handler, typed
