"""One message walks all the way through the house."""

from __future__ import annotations

from bot.testing.conversation import Group, World


def test_a_complaint_becomes_an_appeal_with_a_number(group: Group) -> None:
    group.says("居民甲", "3幢2单元502室门口的楼道灯不亮")
    assert group.heard("已登记 1号：3幢")
    assert not group.heard("502")
    assert not group.heard("2单元")


def test_chatter_is_left_alone(group: Group, world: World) -> None:
    assert group.says("居民甲", "大家早上好，今天降温") == []
    assert world.trace.steps
