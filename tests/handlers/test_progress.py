"""进度 12: how it stands, for those who may know."""

from __future__ import annotations

import pytest

from bot.testing.conversation import Group, World

NONE = "您没有正在办理的诉求。有事直接说，例：登记 3幢楼道灯不亮"


@pytest.fixture
def lamp(group: Group) -> Group:
    """居民甲's lamp is 1号."""
    group.says("居民甲", "3幢2单元502门口的灯不亮")
    return group


@pytest.mark.parametrize(
    "typed", ["进度 1", "进度1", "进度１号", "＃进度 1", "进展 1？", "@海棠管家 进度1"]
)
def test_anybody_in_the_group(lamp: Group, typed: str) -> None:
    for who in ("居民甲", "居民乙", "管家"):
        assert lamp.says(who, typed) == [
            "1号：3幢门口的灯不亮，已登记，等物业接手，最迟11月27日前。"
        ]


def test_step_by_step(lamp: Group) -> None:
    lamp.says("管家", "受理 1")
    assert lamp.says("居民甲", "进度 1") == ["1号：3幢门口的灯不亮，物业正在办理，最迟11月27日前。"]
    lamp.says("管家", "办结 1 换了灯泡")
    assert lamp.says("居民甲", "进度 1") == ["1号：3幢门口的灯不亮，11月21日已办好：换了灯泡。"]
    lamp.says("居民甲", "4幢灯不亮")
    lamp.says("居民甲", "撤销")
    assert lamp.says("居民甲", "进度 2") == ["2号：4幢灯不亮，已经撤回了。"]


def test_ones_own(lamp: Group, world: World) -> None:
    lamp.says("居民甲", "4幢电梯坏了")
    assert lamp.says("居民甲", "进度")[0].count("\n") == 1
    assert world.private("居民甲").says("居民甲", "进度")[0].count("\n") == 1
    assert lamp.says("居民乙", "进度") == [NONE]


@pytest.mark.parametrize("asked", ["我报的灯修好了吗", "上次反映的灯有下文吗", "我的诉求处理了吗"])
def test_asked_in_other_words(lamp: Group, asked: str) -> None:
    standing = "1号：3幢门口的灯不亮，已登记，等物业接手，最迟11月27日前。"
    assert lamp.says("居民甲", asked) == [standing]
    assert lamp.says("居民甲", asked, mention=True) == [standing]


@pytest.mark.parametrize("asked", ["我报的灯修好了吗", "门禁有下文了吗"])
def test_what_is_not_ones_own_is_not_told_unasked(lamp: Group, asked: str) -> None:
    assert lamp.says("居民乙", asked) == []


def test_of_several_the_one_that_is_named(lamp: Group) -> None:
    lamp.says("居民甲", "5幢门禁坏了")
    assert lamp.says("居民甲", "门禁有下文了吗")[0].startswith("2号：5幢门禁坏了，已登记")
    assert lamp.says("居民甲", "有下文了吗") == []


def test_numbers_that_are_not_there(lamp: Group) -> None:
    assert lamp.says("居民甲", "进度 9") == []
    assert lamp.says("居民甲", "进度 9", mention=True) == [
        "这个群没有9号，回复「进度」看看您自己的。"
    ]


def test_only_in_that_group(lamp: Group, next_door: Group, world: World) -> None:
    assert next_door.says("居民乙", "进度 1", mention=True) == [
        "这个群没有1号，回复「进度」看看您自己的。"
    ]
    assert world.private("居民乙").says("居民乙", "进度 1") == [
        "您这里没有1号，回复「进度」看看您自己的。"
    ]
