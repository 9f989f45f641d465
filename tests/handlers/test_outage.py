"""停水: the group's newest notice comes before the bank and before a new appeal."""

from __future__ import annotations

import pytest

from bot.testing.conversation import Group, World

WORDS = "停水通知：今天9点到17点水管检修停水，请存水"


@pytest.fixture
def told(group: Group, world: World) -> Group:
    """一群, where a notice went out just now; the bank knows about water too."""
    world.faq("什么时候来水", "停水看小区公告栏。")
    group.says("管家", f"发布 立即 {WORDS}")
    group.says("管家", "确认")
    world.wait("1m")
    assert group.heard(WORDS)
    return group


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("什么时候来水？", False),
        ("停水要停到几点啊", False),
        ("水啥辰光来", False),
        ("还在停水吗？", True),
    ],
)
def test_the_notice_answers(told: Group, world: World, text: str, mention: bool) -> None:
    said = told.says("居民甲", text, mention=mention)
    assert len(said) == 1
    assert said[0].startswith(f"通知是这样说的：\n{WORDS}\n（")
    assert "先说通知" in world.trace.steps[-1]


@pytest.mark.parametrize("text", ["什么时候来电？", "停水真烦人", "几点开会"])
def test_other_talk_does_not_bring_it_up(told: Group, text: str) -> None:
    assert WORDS not in "".join(told.says("居民甲", text))


def test_without_a_notice_the_bank_answers(group: Group, world: World) -> None:
    world.faq("什么时候来水", "停水看小区公告栏。")
    assert "停水看小区公告栏" in group.says("居民甲", "什么时候来水？")[0]


def test_an_old_notice_says_nothing(told: Group, world: World) -> None:
    world.wait("25h")
    assert "停水看小区公告栏" in told.says("居民甲", "什么时候来水？")[0]


def test_a_neighbouring_group_is_not_told_of_it(
    told: Group, next_door: Group, world: World
) -> None:
    assert WORDS not in "".join(next_door.says("居民甲", "什么时候来水？"))
