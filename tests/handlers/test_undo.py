"""撤销 takes one's own last step back; 撤回 says that it need not be done any more."""

from __future__ import annotations

import pytest

from bot.models import State
from bot.testing.conversation import Group, World

NOTHING = "5分钟内没有可以撤销的操作。"


@pytest.fixture
def lamp(group: Group) -> Group:
    """居民甲's lamp is 1号."""
    group.says("居民甲", "3幢楼道灯不亮")
    return group


@pytest.mark.parametrize(
    "typed", ["撤销", "撤回", "撤销 1", "撤回1", "＃撤销", "@海棠管家 撤回 1号"]
)
def test_ones_own_appeal(lamp: Group, world: World, typed: str) -> None:
    assert lamp.says("居民甲", typed) == ["已撤回 1号：3幢楼道灯不亮。"]
    assert world.appeal(1).state is State.WITHDRAWN


def test_also_after_the_place_was_told(group: Group, world: World) -> None:
    group.says("居民甲", "路灯坏了")
    group.says("居民甲", "16幢")
    assert group.says("居民甲", "撤销") == ["已撤回 1号：16幢路灯坏了。"]


def test_ones_own_appeal_any_day(lamp: Group, world: World) -> None:
    world.wait("2d")
    assert lamp.says("居民甲", "撤回 1") == ["已撤回 1号：3幢楼道灯不亮。"]


def test_nothing_left_to_undo(lamp: Group) -> None:
    lamp.says("居民甲", "撤销")
    assert lamp.says("居民甲", "撤销") == []
    assert lamp.says("居民甲", "撤销", mention=True) == [NOTHING]
    assert lamp.says("居民甲", "撤回 1", mention=True) == ["1号已由您9:00撤销，不用再点了。"]


@pytest.mark.parametrize("typed", ["撤销 1", "撤回 1"])
def test_not_anothers(lamp: Group, world: World, typed: str) -> None:
    assert lamp.says("居民乙", typed) == ["1号不是您反映的，撤回要由反映的人或管家来。"]
    assert world.appeal(1).state is State.PENDING


@pytest.mark.parametrize(
    ("step", "before"),
    [
        ("受理 1", State.PENDING),
        ("转 1 电梯维保", State.PENDING),
        ("办结 1 换好了", State.PENDING),
    ],
)
@pytest.mark.parametrize("typed", ["撤销", "撤销 1"])
def test_a_stewards_step(lamp: Group, world: World, step: str, before: State, typed: str) -> None:
    untouched = world.appeal(1)
    lamp.says("管家", step)
    assert lamp.says("管家", typed) == [f"已撤销：1号恢复为「{before}」。"]
    assert world.appeal(1) == untouched


def test_one_step_at_a_time(lamp: Group, world: World) -> None:
    lamp.says("管家", "受理 1")
    lamp.says("管家", "办结 1 换好了")
    assert lamp.says("管家", "撤销") == ["已撤销：1号恢复为「办理中」。"]
    assert lamp.says("管家", "撤销") == [NOTHING]
    assert world.appeal(1).result == ""


def test_for_five_minutes(lamp: Group, world: World) -> None:
    lamp.says("管家", "办结 1")
    world.wait("5m")
    world.wait("1s")
    assert lamp.says("管家", "撤销") == [NOTHING]
    assert lamp.says("管家", "撤销 1") == [
        "5分钟内您没有动过1号，撤销不了。\n整条不办了请回复「撤回 1」。"
    ]


def test_not_after_somebody_else(lamp: Group, world: World) -> None:
    lamp.says("管家", "受理 1")
    lamp.says("网格长", "转 1 物业")
    assert lamp.says("管家", "撤销") == ["这件事后来又有人处理过，撤不回来了。"]
    assert lamp.says("管家", "撤销 1") == ["这件事后来又有人处理过，撤不回来了。"]
    assert world.appeal(1).unit == "物业"


def test_the_asker_cannot_undo_what_is_in_hand_by_the_bare_word(lamp: Group, world: World) -> None:
    lamp.says("管家", "受理 1")
    assert lamp.says("居民甲", "撤销") == ["这件事后来又有人处理过，撤不回来了。"]
    assert lamp.says("居民甲", "撤回 1") == ["已撤回 1号：3幢楼道灯不亮。"]


def test_staff_withdraw_and_think_again(lamp: Group, world: World) -> None:
    assert lamp.says("管家", "撤回 1") == ["已撤回 1号：3幢楼道灯不亮。"]
    assert lamp.says("管家", "撤销") == ["已撤销：1号恢复为「待受理」。"]
    assert world.appeal(1).state is State.PENDING


def test_the_asker_hears_that_a_step_was_taken_back(
    group: Group, world: World, steward: Group
) -> None:
    asker = world.private("居民甲")
    asker.says("居民甲", "5幢单元门坏了")
    steward.says("管家", "办结 1 修好了")
    assert steward.says("管家", "撤销") == ["1号恢复为「待受理」，已告诉反映的人。"]
    assert asker.heard("已撤销：1号恢复为「待受理」。")


def test_those_who_were_told_in_private_hear_it(group: Group, world: World, steward: Group) -> None:
    asker = world.private("居民甲")
    asker.says("居民甲", "5幢单元门坏了")
    assert asker.says("居民甲", "撤销") == ["1号已撤回。"]
    assert steward.heard("居民甲 撤回了 SQ20261121-0001。")


@pytest.mark.parametrize("talk", ["撤销处分的通知", "撤回了一条消息", "撤回", "撤销"])
def test_talk_of_it_is_no_command(group: Group, talk: str) -> None:
    assert group.says("居民甲", talk) == []
