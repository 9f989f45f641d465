"""登录: a link into the console, for staff alone and never in a group.

The link itself is tried in `tests/console/test_entry.py`, where there is a console.
"""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.testing.conversation import Group, World
from handlers.phrases import signing as say


def test_a_steward_asks_in_private_but_there_is_no_console(world: World, group: Group) -> None:
    assert world.private("管家").says("管家", "登录") == [say.CLOSED]


def test_in_a_group_nobody_gets_a_link(world: World, group: Group) -> None:
    assert group.says("管家", "#登录") == [say.PRIVATELY]


def test_a_resident_is_told_what_it_is_for(world: World, group: Group) -> None:
    world.person("居民甲", Role.RESIDENT)
    assert world.private("居民甲").says("居民甲", "登录") == [say.ONLY_STAFF]


@pytest.mark.parametrize("words", ["登录", "后台", "怎么登录苏周到"])
def test_neighbours_talk_is_left_alone(group: Group, words: str) -> None:
    assert group.says("居民甲", words) == []
