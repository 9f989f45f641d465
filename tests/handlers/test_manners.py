"""帮助 by role, small words, and nothing to those who did not ask."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.testing.conversation import Group, World
from handlers.phrases import manners as say


@pytest.mark.parametrize(
    ("role", "in_group", "in_private"),
    [
        (Role.RESIDENT, say.RESIDENT_HELP, say.RESIDENT_HELP),
        (Role.VOLUNTEER, say.VOLUNTEER_HELP, say.VOLUNTEER_HELP),
        (Role.PARTNER, say.PARTNER_HELP, say.PARTNER_HELP),
        (Role.STEWARD, say.STAFF_HELP_IN_GROUP, say.STEWARD_HELP),
        (Role.GRID_WORKER, say.STAFF_HELP_IN_GROUP, say.WORKER_HELP),
        (Role.GRID_LEAD, say.STAFF_HELP_IN_GROUP, say.STAFF_HELP),
        (Role.COMMUNITY, say.STAFF_HELP_IN_GROUP, say.STAFF_HELP),
        (Role.STREET, say.STAFF_HELP_IN_GROUP, say.STAFF_HELP),
    ],
)
def test_help_by_role(
    group: Group, world: World, role: Role, in_group: str, in_private: str
) -> None:
    chat = world.person("某人", role)
    assert group.says("某人", "帮助") == [in_group]
    assert chat.says("某人", "帮助") == [in_private]
    assert in_group.count("\n") <= 3


@pytest.mark.parametrize(
    "typed",
    [
        "帮助",
        "菜单",
        "#帮助",
        "／菜单",
        "@海棠管家 帮助",
        "@海棠管家 ？",
        "@海棠管家 你有什么功能？",
    ],
)
def test_ways_to_ask_for_help(group: Group, typed: str) -> None:
    assert group.says("居民甲", typed) == [say.RESIDENT_HELP]


def test_in_private_a_question_mark_will_do(group: Group, world: World) -> None:
    for typed in ("?", "？", "help", "怎么用"):
        assert world.private("居民甲").says("居民甲", typed) == [say.RESIDENT_HELP]


def examples(text: str) -> list[str]:
    """The command behind each colon of a help text."""
    return [line.split("：", 1)[1] for line in text.split("\n") if "：" in line]


@pytest.mark.parametrize("command", examples(say.STAFF_HELP))
def test_every_line_of_the_stewards_help_works_when_copied(
    group: Group, steward: Group, command: str
) -> None:
    for building in range(1, 13):
        group.says("居民甲", f"{building}幢楼道灯不亮")
    answer = steward.says("管家", command)
    assert len(answer) == 1
    nothing = ("还没有排好的通知", "没有可以撤销", "没有上报出去", "没有单位认领", "「超期」的诉求")
    assert "没有" not in answer[0] or any(words in answer[0] for words in nothing)


def test_spoken_to_without_wanting_anything(group: Group, world: World) -> None:
    here = "我在。问事情直接问；报修说哪一幢、什么问题。\n回复「帮助」看我能做什么。"
    assert group.says("居民甲", "@海棠管家") == [here]
    assert group.says("居民甲", "你好", mention=True) == [here]
    for words in ("在吗", "我想问一下", "管家你好！", ""):
        assert world.private("居民甲").says("居民甲", words) == [here]


def test_thanks(group: Group, world: World) -> None:
    assert group.says("居民甲", "谢谢管家，辛苦了") == []
    assert "是道谢，不打扰" in world.trace.steps
    assert group.says("居民甲", "谢谢", mention=True) == ["不客气，有事您说。"]


def test_talk_to_others(group: Group, world: World) -> None:
    for talk in (
        "你好",
        "在吗",
        "？",
        "?",
        "怎么用",
        "#团购#苹果",
        "#1幢的邻居",
        "@王阿姨 帮助",
        "/",
        "😀",
    ):
        assert group.says("居民甲", talk) == [], talk
        assert world.trace.steps, talk


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("#办洁 12", "没有「办洁」这个指令，是「办结 12」吗？"),
        ("＃进渡12", "没有「进渡」这个指令，是「进度 12」吗？"),
        ("@海棠管家 #清但", "没有「清但」这个指令，是「清单」吗？"),
    ],
)
def test_a_resident_with_a_sign_meant_us(group: Group, typed: str, answer: str) -> None:
    assert group.says("居民甲", typed) == [answer]


def test_without_a_sign_a_residents_words_are_talk(group: Group) -> None:
    assert group.says("居民甲", "办洁 12") == []


def test_an_echoed_mistake_calls_nobody(group: Group) -> None:
    assert group.says("管家", "办洁 1 @所有人 好了") == [
        "没有「办洁」这个指令，是「办结 1 好了」吗？"
    ]
