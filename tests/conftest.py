"""Fixtures that every room of the tests may use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import load_dictionary
from bot.models import Role
from bot.testing.conversation import Group, World
from tests.blank import lay_blank
from tests.trust.figures import Ledger


@pytest.fixture(scope="session", autouse=True)
def dictionary(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load jieba once, with our words."""
    load_dictionary(tmp_path_factory.mktemp("dictionary"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An empty world at 2026-11-21 09:00, a Saturday."""
    lay_blank(tmp_path / "world.db")
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
def group(world: World) -> Group:
    """A group that listens to everything, with its steward 管家 and grid lead 网格长."""
    made = world.group("一群")
    world.person("管家", Role.STEWARD)
    world.person("网格长", Role.GRID_LEAD)
    return made


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Ledger:
    """Writes down what a check found, for `make trust`."""
    return Ledger(request.node.nodeid)
