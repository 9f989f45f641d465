"""A transaction to try services in: `within(lambda store: …)` at 2026-11-21 09:00."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.app import Database, build_knowledge
from bot.config import Config
from bot.models import Group, Person, Place, Role
from bot.ports import Store
from bot.services.appeals import AppealsService, Report
from bot.services.desk import DeskService
from bot.services.knowledge import Knowledge
from bot.services.notice_runs import NoticeRuns
from bot.services.notices import NoticesService
from bot.testing.conversation import AREA, START
from tests.blank import lay_blank

T = TypeVar("T")


def person(name: str, role: Role = Role.RESIDENT, area: str = AREA) -> Person:
    """Somebody on a channel called test."""
    return Person(id=f"test:{name}", channel="test", user=name, name=name, role=role, area=area)


def group(name: str, area: str = AREA) -> Group:
    """A group on a channel called test."""
    return Group(id=f"test:{name}", channel="test", chat=name, name=name, area=area)


RESIDENT = person("居民甲")
STEWARD = person("管家", Role.STEWARD)
LEAD = person("网格长", Role.GRID_LEAD)
FIRST = group("一群")


class Room:
    """One store; a transaction for each call of `within`, and services at a given minute."""

    def __init__(self, folder: Path, knowledge: Knowledge | None = None) -> None:
        self._runner = asyncio.Runner()
        self._database = self._runner.run(_opened(folder))
        self.knowledge: Knowledge = knowledge or build_knowledge(Config())

    def within(self, fn: Callable[[Store], T]) -> T:
        """Run in one transaction."""
        return self._runner.run(self._database.write(fn))

    def appeals(self, store: Store, minutes: float = 0) -> AppealsService:
        """The register, some minutes after the start."""
        return AppealsService(store, self.knowledge, START + timedelta(minutes=minutes))

    def desk(self, store: Store, minutes: float = 0) -> DeskService:
        """The desk, some minutes after the start."""
        return DeskService(store, self.knowledge, START + timedelta(minutes=minutes))

    def notices(self, store: Store, minutes: float = 0) -> NoticesService:
        """Notices, some minutes after the start."""
        return NoticesService(store, self.knowledge, START + timedelta(minutes=minutes))

    def runs(self, store: Store, minutes: float = 0) -> NoticeRuns:
        """What became of them, some minutes after the start."""
        return NoticeRuns(store, self.knowledge, START + timedelta(minutes=minutes))

    def report(
        self, text: str = "3幢灯坏了", code: str = "GGSS", *, building: str = "3幢"
    ) -> Report:
        """What 居民甲 says in 一群."""
        return Report(
            text=text,
            summary=text,
            category=self.knowledge.taxonomy.get(code),
            place=Place(building=building),
            reporter=RESIDENT,
            group=FIRST,
            source="群",
            needs_place=building == "",
        )

    def close(self) -> None:
        """Close the database."""
        self._runner.run(self._database.close())
        self._runner.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A store with 一群, 居民甲 and 管家."""
    made = Room(tmp_path)

    def seed(store: Store) -> None:
        store.people.save_group(FIRST)
        store.people.save(RESIDENT)
        store.people.save(STEWARD)

    made.within(seed)
    yield made
    made.close()


async def _opened(folder: Path) -> Database:
    return Database.open(lay_blank(folder / "services.db"))
