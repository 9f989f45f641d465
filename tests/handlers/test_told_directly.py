"""Said to the bot itself, fewer words are enough than in the talk of a group."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.testing.conversation import Group, World


@pytest.mark.parametrize("words", ["5幢门口路灯", "7幢旁边窨井盖那里", "18幢树枝"])
def test_a_building_and_a_thing_are_enough(group: Group, words: str) -> None:
    assert group.says("居民甲", words) == []
    group.says("居民甲", words, mention=True)
    assert group.heard("已登记 1号")


@pytest.mark.parametrize("words", ["今天5幢见", "路灯", "5幢小王的快递"])
def test_less_is_not(group: Group, words: str) -> None:
    group.says("居民甲", words, mention=True)
    assert not group.heard("已登记")


def test_staff_are_not_taken_down(world: World, group: Group) -> None:
    group.says("管家", "5幢门口路灯", mention=True)
    assert not group.heard("已登记")


def test_the_trace_says_why(group: Group, world: World) -> None:
    group.says("居民甲", "5幢门口路灯", mention=True)
    assert any("当作诉求登记" in step for step in world.trace.steps)


def test_a_deadline_beyond_the_holiday_table_is_marked(world: World, group: Group) -> None:
    world.wait("40d")
    group.says("居民甲", "3幢楼道灯不亮")
    assert group.heard("（暂估）前处理")


def test_who_says_it_stays_out_of_the_receipt(group: Group) -> None:
    group.says("居民甲", "我是王大伟，3幢楼道灯不亮")
    assert group.heard("已登记 1号：3幢楼道灯不亮")
    assert not group.heard("王大伟")


def test_a_private_chat_counts_as_spoken_to(world: World, group: Group) -> None:
    steward = world.person("管家", Role.STEWARD)
    world.private("居民甲").says("居民甲", "5幢门口路灯")
    assert world.private("居民甲").heard("已登记")
    assert steward.heard("私聊登记了")
