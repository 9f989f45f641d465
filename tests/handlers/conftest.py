"""Who else lives here: neighbours above, beside and below the steward of 一群."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.testing.conversation import Group, World

COMMUNITY = "海棠街道/春晓社区"
NEXT_DOOR = "海棠街道/春晓社区/第2微网格"


@pytest.fixture
def steward(group: Group, world: World) -> Group:
    """The private chat of 一群's steward 管家."""
    return world.private("管家")


@pytest.fixture
def lead(group: Group, world: World) -> Group:
    """The private chat of the grid lead 网格长."""
    return world.private("网格长")


@pytest.fixture
def next_door(group: Group, world: World) -> Group:
    """二群 of the next micro-grid, with its steward 二管家."""
    made = world.group("二群", NEXT_DOOR)
    world.person("二管家", Role.STEWARD, NEXT_DOOR)
    return made


@pytest.fixture
def office(next_door: Group, world: World) -> Group:
    """The private chat of 社区小李, who is in charge of both groups."""
    return world.person("社区小李", Role.COMMUNITY, COMMUNITY)
