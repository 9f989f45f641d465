"""A community with one month of matters, made up: what is counted of it is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from bot.models import (
    SHANGHAI,
    Appeal,
    Audience,
    Event,
    Kind,
    Person,
    Place,
    Rating,
    Role,
    State,
    Verdict,
)
from bot.ports import Store
from bot.services.ledger.book import Ask, LedgerService
from bot.services.paper import Paper
from bot.services.reports.papers import ReportsService
from tests.services.conftest import FIRST, Room, person
from tests.storage.samples import appeal

T = TypeVar("T")

COMMUNITY = "海棠街道/春晓社区"
GRID = COMMUNITY + "/第1微网格"
NOW = datetime(2023, 2, 1, 9, 0, tzinfo=SHANGHAI)
WANG = person("3-502王姐", area=GRID)
STEWARD = person("管家", Role.STEWARD, GRID)
LEAD = person("网格长", Role.GRID_LEAD, GRID)
OFFICE = person("社区小陈", Role.COMMUNITY, COMMUNITY)


def at(day: int, hour: float = 9) -> datetime:
    """A moment of January 2023; days after the 31st are of February."""
    return datetime(2023, 1, 1, tzinfo=SHANGHAI) + timedelta(days=day - 1, hours=hour)


class Books:
    """Matters are put in as they stand; ledgers and reports are read at the first of February."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._number = 0
        self._waiting: list[Appeal] = []

    def put(self, **changes: Any) -> Appeal:
        """One appeal of January, closed in time unless `changes` says otherwise."""
        self._number += 1
        usual = {
            "number": f"SQ20230110-{self._number:04d}",
            "group": FIRST.id,
            "area": GRID,
            "reporter": WANG.id,
            "created_at": at(10),
            "due_at": at(17),
            "contact_due_at": at(11),
        }
        made = appeal(self._number, **usual | changes)

        self._waiting.append(made)
        return made

    def closed(self, **changes: Any) -> Appeal:
        """One that was done two days later."""
        done = {"state": State.STRUCK, "contacted_at": at(10, 12), "closed_at": at(12)}
        return self.put(**done | {"result": "已换灯泡"} | changes)

    def within(self, fn: Callable[[Store], T]) -> T:
        """Look into the store, with everything that was put."""
        waiting, self._waiting = self._waiting, []

        def both(store: Store) -> T:
            for each in waiting:
                _record(store, each)
            return fn(store)

        return self._room.within(both)

    def ledger(self, *, full: bool = False, actor: Person | None = OFFICE) -> Paper:
        """The ledger of January."""
        ask = Ask(area=COMMUNITY, first=at(1).date(), last=at(31).date(), full=full)
        return self.within(
            lambda store: LedgerService(store, self._room.knowledge, NOW).paper(ask, actor)
        )

    def report(self, fn: Callable[[ReportsService], Paper]) -> Paper:
        """A report on the first of February."""
        return self.within(lambda store: fn(ReportsService(store, self._room.knowledge, NOW)))


def _record(store: Store, appeal: Appeal) -> None:
    store.appeals.add(appeal)
    store.events.add(
        Event(
            id="",
            at=appeal.created_at,
            actor=appeal.reporter,
            subject=f"appeal:{appeal.id}",
            action="登记",
        )
    )


@pytest.fixture
def books(room: Room) -> Books:
    """An empty register."""

    def seed(store: Store) -> None:
        for one in (WANG, STEWARD, LEAD, OFFICE):
            store.people.save(one)

    room.within(seed)
    return Books(room)


@pytest.fixture
def january(books: Books) -> Books:
    """Ten accepted appeals of which seven are closed; two ideas, praise; what is not counted."""
    for rating in (Rating.GOOD, Rating.GOOD, Rating.GOOD, Rating.FAIR, Rating.BAD, None):
        books.closed(rating=rating, rated_at=None if rating is None else at(13))
    books.closed(closed_at=at(20), place=Place(building="7幢", room="101室"))
    books.put(handler=LEAD.id)  # late, never answered
    books.put(state=State.PARKED, stopped_at=at(12), parked_until=at(40), contacted_at=at(10, 10))
    books.put(
        category="LLJF", audience=Audience.PRIVATE, text="楼上打孩子，电话13800000000",
        summary="家庭纠纷", state=State.WORKING, due_at=at(38), contacted_at=at(12),
    )  # fmt: skip
    books.put(state=State.MERGED, merged_into="a1", closed_at=at(11))
    books.put(state=State.WITHDRAWN, closed_at=at(11))
    books.put(state=State.DECLINED, closed_at=at(11), result="不归社区管")
    books.put(kind=Kind.SUGGESTION, verdict=Verdict.ADOPTED, state=State.STRUCK, closed_at=at(15))
    books.put(kind=Kind.SUGGESTION)
    books.put(kind=Kind.PRAISE, state=State.STRUCK, closed_at=at(10))
    books.closed(created_at=at(32, 0), closed_at=at(32, 1))  # of another month
    books.closed(area="海棠街道/秋实社区/第1微网格")  # of another community
    books.within(lambda store: None)
    return books


def rows(paper: Paper, key: str) -> list[dict[str, Any]]:
    """A section's rows by the names of their columns."""
    section = paper.section(key)
    names = [column.name for column in section.columns]
    return [dict(zip(names, row, strict=True)) for row in section.rows]
