"""Who comes in is greeted once; events answer no question and start no talk."""

from __future__ import annotations

import pytest

from bot.models import Outcome
from bot.testing.conversation import World


def test_a_newcomer_is_greeted_once(world: World) -> None:
    chat = world.private("居民甲")
    world.happened("enter_chat", "居民甲")
    assert chat.heard("您好，我是海棠管家")
    world.wait("1d")
    world.happened("enter_chat", "居民甲")
    assert len(chat.said) == 1
    assert world.trace.steps == ("又进来了，问候过，不再说",)


def test_an_event_does_not_answer_an_open_question(world: World) -> None:
    chat = world.private("居民甲")
    world.said("居民甲", "路灯不亮")
    assert chat.heard("几幢")
    world.happened("enter_chat", "居民甲")
    world.happened("feedback", "居民甲", "没用：3幢")
    world.said("居民甲", "3幢")
    assert chat.heard("已登记")


def test_an_opinion_is_kept_and_not_answered(world: World) -> None:
    world.happened("feedback", "居民甲", "没用（不完整）：没说几点")
    assert world.heard == []
    assert world.trace.outcome is Outcome.ACTED
    assert "没用（不完整）" in world.trace.steps[0]


@pytest.mark.parametrize("kind", ["unheard_of", ""])
def test_an_event_that_nobody_wants_is_stored_in_silence(world: World, kind: str) -> None:
    world.happened(kind, "居民甲", "帮助")
    assert world.heard == []
    assert world.trace.outcome is Outcome.SILENT
