"""How much a group lets the bot hear: all, commands, or mentions only. Danger is always heard."""

from __future__ import annotations

import pytest

from bot.models import Listen, Role
from bot.testing.conversation import Group, World

SAID = {
    "complaint": "3幢楼道灯不亮",
    "question": "请问吸入式疫苗怎么预约？",
    "order": "清单",
    "record": "登记 3幢楼道灯不亮",
    "help": "帮助",
}
HEARD = {
    Listen.ALL: {"complaint", "question", "order", "record", "help"},
    Listen.COMMANDS: {"order", "record", "help"},
    Listen.MENTION: set[str](),
}


@pytest.fixture(params=list(HEARD))
def quiet(request: pytest.FixtureRequest, world: World) -> tuple[Group, Listen]:
    """A group in each of the modes."""
    world.faq("吸入式疫苗预约", "先到卫生服务站登记。", "社区卫生服务站")
    group = world.group("一群", listen=request.param)
    world.person("管家", Role.STEWARD)
    return group, request.param


@pytest.mark.parametrize("what", SAID)
def test_unaddressed(quiet: tuple[Group, Listen], world: World, what: str) -> None:
    group, listen = quiet
    who = "管家" if what == "order" else "居民甲"
    answered = group.says(who, SAID[what]) != []
    assert answered is (what in HEARD[listen])
    if not answered:
        assert "这个群设为只" in world.trace.steps[-1]


def test_addressed_everything_is_heard(quiet: tuple[Group, Listen]) -> None:
    group, _ = quiet
    for what, words in SAID.items():
        assert group.says("管家" if what == "order" else "居民甲", words, mention=True), what


def test_an_answer_to_the_bots_question_needs_no_mention(quiet: tuple[Group, Listen]) -> None:
    group, _ = quiet
    assert group.says("居民甲", "@海棠管家 楼道灯不亮") == ["收到，楼道灯不亮。是几幢附近？"]
    assert group.says("居民甲", "16")[0].startswith("已登记 1号：16幢楼道灯不亮")
    group.says("管家", "@海棠管家 发布 明天8:00 停水")
    assert group.says("管家", "确认")[0].startswith("好，")


def test_a_group_that_is_only_spoken_to_hears_no_talk_but_danger(world: World) -> None:
    group = world.group("一群", listen=Listen.NONE)
    assert group.says("居民甲", "帮助", mention=True) == []
    assert world.trace.steps[-1] == "这个群设为只发不听"
    assert "119" in group.says("居民甲", "3幢着火了")[0]
