"""What a person may know, correct and have erased of what is kept about them."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from bot.errors import Faulty, NotAllowed
from bot.language.mask import mask
from bot.language.places import find_places
from bot.models import GONE, Appeal, Audience, Erased, Event, Holdings, Person, Role, State
from bot.ports import Store
from bot.rules.appeal_flow import OPEN
from bot.services.audit import AuditService
from bot.services.jobs import JobsService
from bot.services.media import ERASE

VERSION = "2026-11"
"""Of the words by which people are told what is kept: others are told again."""

SCRUB = "privacy.scrub"
LAST_WORDS = timedelta(minutes=2)
LONGEST_NAME = 16


class PrivacyService:
    """One transaction with a person's rights."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def first_time(self, person: Person) -> bool:
        """Whether a resident must still be told what is kept; from now on they have been."""
        if person.role is not Role.RESIDENT:
            return False
        return self._store.erasure.told(person.id, self._now, VERSION)

    def holdings(self, person: Person) -> Holdings:
        """What is kept of somebody."""
        return self._store.erasure.holdings(person)

    def rename(self, person: Person, name: str, cause: str) -> Person:
        """Another name for oneself. Raises `Faulty`."""
        wanted = name.strip()
        if not 0 < len(wanted) <= LONGEST_NAME:
            raise Faulty("name")
        return self._changed(person, cause, name=wanted)

    def rehouse(self, person: Person, words: str, cause: str) -> Person:
        """Where one lives: building and unit, never the room. Raises `Faulty`."""
        place = next((span.place for span in find_places(words) if span.place.building), None)
        if place is None:
            raise Faulty("home")
        return self._changed(person, cause, home=f"{place.building}{place.unit}")

    def unhouse(self, person: Person, cause: str) -> Person:
        """Nobody needs to know where one lives."""
        return self._changed(person, cause, home="")

    def erase(self, person: Person, cause: str) -> Erased:
        """Take a resident out of everything. What stands open goes on without them when it is
        public, and ends when it is not. Raises `NotAllowed` for staff: the office manages them.
        """
        if person.role is not Role.RESIDENT:
            raise NotAllowed("删除")
        appeals = self._store.appeals.reported_by(person.id, tuple(State), 1_000_000)
        gone: list[str] = []
        ended: list[Appeal] = []
        for appeal in appeals:
            one = self.anonymise(appeal, _called(person))
            gone += one.sha256
            ended += one.ended
        erased = self._store.erasure.person(person, cause)
        jobs = JobsService(self._store, self._now, "")
        for name in {*gone, *erased.sha256}:
            jobs.add(ERASE, {"sha256": name})
        numbers = " ".join(appeal.number for appeal in appeals)
        name = _called(person) or person.user
        payload = {"message": cause, "name": name, "numbers": numbers}
        jobs.add(SCRUB, payload, self._now + LAST_WORDS)
        counts = {"count": str(sum(erased.rows.values()) + len(appeals))}
        AuditService(self._store, self._now).note(
            self._store.audit.alias(person.id),
            "删除个人信息",
            f"person:{self._store.audit.alias(person.id)}",
            after=counts,
        )
        return msgspec.structs.replace(
            erased, rows={**erased.rows, "appeals": len(appeals)}, ended=tuple(ended)
        )

    def anonymise(self, appeal: Appeal, name: str = "") -> Erased:
        """Nobody stands behind it any more; what is open and public can still be worked on."""
        public = appeal.audience is Audience.PUBLIC
        ends = not public and appeal.state in OPEN
        if ends:
            self._end(appeal)
        summary = mask(appeal.summary) if public else ""
        if name:
            summary = summary.replace(name, "某某")
        erased = self._store.erasure.appeal(appeal.id, summary)
        return msgspec.structs.replace(erased, ended=(appeal,) if ends else ())

    def _end(self, appeal: Appeal) -> None:
        ended = msgspec.structs.replace(appeal, state=State.WITHDRAWN, closed_at=self._now)
        self._store.appeals.save(ended)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=GONE,
                subject=f"appeal:{appeal.id}",
                action="撤回",
                before={"state": appeal.state},
                after={"state": ended.state},
                cause="",
            )
        )

    def _changed(self, person: Person, cause: str, **fields: str) -> Person:
        changed = msgspec.structs.replace(person, **fields)
        self._store.people.save(changed)
        before = {name: getattr(person, name) for name in fields}
        AuditService(self._store, self._now).note(
            person, "更正", f"person:{person.id}", before, fields
        )
        return changed


def _called(person: Person) -> str:
    """The name under which others may have spoken of a person; too short a one says nothing."""
    return person.name if len(person.name) > 1 else ""
