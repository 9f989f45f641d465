"""Taking a matter down for somebody who calls or comes to the office."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from bot.errors import Faulty, NotFound
from bot.models import CONSOLE, Appeal, Note, Person, Role
from bot.ports import Store
from bot.rules.permissions import covers

LONGEST_NAME = 20
NAMELESS = "来电居民"


class Way(StrEnum):
    """How somebody reached the office."""

    CALL = "电话"
    VISIT = "来访"


class ReceptionService:
    """People without a chat account, within one transaction."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def receive(self, name: str, area: str, clerk: Person) -> Person:
        """Somebody who lives in an area below the clerk's own, and reads no chat of ours.

        Raises `Faulty`, `NotFound`.
        """
        name = " ".join(name.split())
        if len(name) > LONGEST_NAME or not name.isprintable():
            raise Faulty("称呼", "long")
        if not covers(clerk.area, area):
            raise NotFound(area)
        user = f"来人{self._store.appeals.next_number('callers')}"
        person = Person(
            id=f"{CONSOLE}:{user}",
            channel=CONSOLE,
            user=user,
            name=name or NAMELESS,
            role=Role.RESIDENT,
            area=area,
        )
        self._store.people.save(person)
        return person

    def taken_down(self, message: str, clerk: Person, way: Way, contact: str) -> Appeal | None:
        """What a message became; who took it down and how to reach its asker stands beside it.

        None when it became no matter.
        """
        appeal = self._recorded_by(message)
        if appeal is None:
            return None
        reach = f"，联系方式：{contact}" if contact else ""
        words = f"{clerk.name}代为登记（{way}）{reach}"
        note = Note(id="", appeal=appeal.id, at=self._now, author=clerk.id, text=words)
        self._store.notes.add(note)
        return appeal

    def _recorded_by(self, message: str) -> Appeal | None:
        for event in self._store.events.caused_by(message):
            if event.subject.startswith("appeal:"):
                return self._store.appeals.get(event.subject.partition(":")[2])
        return None
