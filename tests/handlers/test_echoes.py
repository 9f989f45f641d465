"""我们也是: neighbours who stand behind what was just said."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.models import Outcome, State
from bot.testing.conversation import Group, World


@pytest.fixture
def lamp(group: Group) -> Group:
    """居民甲 has told of a lamp."""
    assert "已登记 1号" in group.says("居民甲", "3幢路灯不亮")[0]
    return group


def behind(world: World) -> Sequence[str]:
    """Who joined the first appeal."""
    appeal = world.appeal(1).id
    return world.read(lambda store: store.supporters.of(appeal))


def test_the_first_voice_is_told_the_next_ones_are_counted(world: World, lamp: Group) -> None:
    (said,) = lamp.says("居民乙", "我们也是")
    assert said.startswith("1号已有2户反映，一起办")
    assert lamp.says("居民丙", "+1") == []
    assert lamp.says("居民丁", "同上") == []
    (said,) = lamp.says("居民戊", "加1")
    assert said.startswith("1号已有5户反映")
    assert len(behind(world)) == 4


def test_nobody_counts_twice(world: World, lamp: Group) -> None:
    lamp.says("居民乙", "+1")
    assert lamp.says("居民乙", "+1") == []
    assert lamp.says("居民甲", "+1") == []
    assert len(behind(world)) == 1


def test_it_can_be_taken_back(world: World, lamp: Group) -> None:
    lamp.says("居民乙", "我们也是")
    lamp.says("居民乙", "撤销")
    assert behind(world) == []
    assert world.appeal(1).state is State.PENDING


@pytest.mark.parametrize("between", ["今天苹果十块一斤，要的接龙", "居住证怎么续签", "早上好"])
def test_after_other_talk_it_is_not_about_that(world: World, lamp: Group, between: str) -> None:
    lamp.says("居民丙", between)
    assert lamp.says("居民乙", "+1") == []
    assert world.trace.outcome is Outcome.SILENT
    assert behind(world) == []


def test_a_number_brings_it_back(lamp: Group) -> None:
    lamp.says("居民丙", "今天苹果十块一斤")
    assert "1号已有2户反映" in lamp.says("居民乙", "1号我们也是")[0]


def test_a_day_later_it_is_talk(world: World, lamp: Group) -> None:
    world.wait("25h")
    assert lamp.says("居民乙", "我们也是") == []


def test_another_building_is_a_matter_of_its_own(world: World, lamp: Group) -> None:
    (said,) = lamp.says("居民乙", "5幢也不亮")
    assert said.startswith("已登记 2号：5幢路灯不亮")
    assert world.appeal(2).parent == world.appeal(1).id
    assert world.appeal(2).text == "5幢也不亮"


def test_the_same_building_is_the_same_matter(lamp: Group) -> None:
    assert "1号已有2户反映" in lamp.says("居民乙", "3幢也不亮")[0]


def test_what_is_done_is_not_joined(world: World, lamp: Group) -> None:
    lamp.says("管家", "办结 1 已换灯泡")
    assert lamp.says("居民乙", "1号我们也是") == []
    assert world.trace.outcome is Outcome.SILENT


def test_private_matters_are_joined_by_nobody(world: World, group: Group) -> None:
    group.says("居民甲", "登记 隔壁老夫妻天天吵架")
    assert group.says("居民乙", "我们也是") == []


def test_staff_do_not_count_themselves(lamp: Group) -> None:
    assert lamp.says("管家", "+1") == []
