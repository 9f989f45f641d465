"""Suggestions with ends of their own, and praise that is passed on."""

from __future__ import annotations

import pytest

from bot.models import Kind, Outcome, Role, State, Verdict
from bot.testing.conversation import Group, World

IDEA = "建议在东门加装一个快递柜"


@pytest.fixture
def idea(group: Group, world: World) -> Group:
    """居民甲 has an idea."""
    group.says("居民甲", IDEA)
    assert world.appeal(1).kind is Kind.SUGGESTION
    return group


@pytest.mark.parametrize(
    ("order", "state", "verdict", "said"),
    [
        ("采纳 1 下月装", State.STRUCK, Verdict.ADOPTED, f"采纳了：{IDEA}。\n下月装。"),
        ("列入议事 1", State.WORKING, Verdict.AGENDA, f"列入议事会讨论：{IDEA}。"),
        ("不采纳 1 占路", State.STRUCK, Verdict.REJECTED, f"这次不采纳：{IDEA}。\n占路。"),
    ],
)
def test_what_becomes_of_it(
    world: World, idea: Group, order: str, state: State, verdict: Verdict, said: str
) -> None:
    assert idea.says("网格长", order) == [f"1号建议{said}"]
    assert (world.appeal(1).state, world.appeal(1).verdict) == (state, verdict)


def test_it_can_be_taken_back(world: World, idea: Group) -> None:
    idea.says("网格长", "采纳 1")
    idea.says("网格长", "撤销")
    assert (world.appeal(1).state, world.appeal(1).verdict) == (State.PENDING, None)


def test_turning_down_needs_a_reason(world: World, idea: Group) -> None:
    (said,) = idea.says("网格长", "不采纳 1")
    assert "原因" in said
    assert world.appeal(1).verdict is None


def test_the_steward_may_not_decide(world: World, idea: Group) -> None:
    (said,) = idea.says("管家", "采纳 1")
    assert "网格长" in said
    assert world.appeal(1).verdict is None


def test_an_appeal_has_no_such_end(world: World, group: Group) -> None:
    group.says("居民甲", "3幢路灯不亮")
    assert group.says("网格长", "采纳 1") == ["1号是诉求，没有「采纳」这一步。"]
    assert world.appeal(1).state is State.PENDING


def test_ideas_are_not_rated(idea: Group) -> None:
    assert "您看行不行" not in idea.says("管家", "办结 1 装好了")[0]


@pytest.mark.parametrize(
    "words", ["要表扬一下3幢的保洁阿姨，下雪天一早就来扫", "给门卫王师傅点个赞，帮我把轮椅抬上楼"]
)
def test_praise_is_passed_on_without_a_word_in_the_group(
    world: World, group: Group, words: str
) -> None:
    assert group.says("居民甲", words) == []
    assert world.private("管家").heard("请转告被表扬的人")
    assert (world.appeal(1).kind, world.appeal(1).state) == (Kind.PRAISE, State.STRUCK)


def test_praise_by_command(world: World, group: Group) -> None:
    assert group.says("居民甲", "表扬 保洁张阿姨 雪天一早就扫路") == ["记下了，一定转告，谢谢您。"]
    assert world.private("管家").heard("保洁张阿姨 雪天一早就扫路")
    assert world.appeal(1).text == "保洁张阿姨 雪天一早就扫路"


@pytest.mark.parametrize(
    "words",
    ["物业真是好呀👍 垃圾桶满三天了", "帮忙点赞，投我家宝宝一票", "谢谢大家", "保洁阿姨怎么没来"],
)
def test_what_is_no_praise(world: World, group: Group, words: str) -> None:
    group.says("居民甲", words)
    kinds = [a.kind for a in world.read(lambda store: store.appeals.by_short(1, None))]
    assert Kind.PRAISE not in kinds


def test_staff_praise_nobody_into_the_books(world: World, group: Group) -> None:
    world.person("小李", Role.COMMUNITY, "海棠街道/春晓社区")
    assert group.says("小李", "表扬一下志愿者们，今天辛苦了") == []
    assert world.trace.outcome is Outcome.SILENT
