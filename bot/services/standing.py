"""Standing messages: who wants which when, and each one said once a day or a week."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.errors import NotAllowed, NotPossible
from bot.models import SHANGHAI, Choice, Event, Person, Role, Standing
from bot.ports import Store
from bot.rules.permissions import STAFF
from bot.rules.standing import (
    BY_WEEK,
    OFF,
    ON,
    TIMED,
    TOLD,
    Hour,
    Timetable,
    before,
    due_at,
    next_at,
    next_ring,
    period,
    read_hour,
)
from bot.services.knowledge import Knowledge

AT_ONCE = 200
"""Messages of one transaction: nobody's answer waits for more."""
LONGEST = timedelta(days=31)
SHIPPED = Timetable()
CHANGED = "简报"


class Turn(Struct, frozen=True):
    """One person is to have one standing message, about what happened since then."""

    person: Person
    standing: Standing
    planned_at: datetime
    since: datetime


class Wanted(Struct, frozen=True):
    """How one person has one standing message; `hour` None where it has no time."""

    standing: Standing
    on: bool
    hour: Hour | None = None


class StandingService:
    """The clock's and the people's view of standing messages, within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._calendar = knowledge.calendar
        self._timetable = knowledge.standing
        self._now = now

    def next_ring(self) -> datetime:
        """When to look next; at once when the timetable or a choice is new."""
        return self._store.standing.next_ring(self._timetable.key) or self._now

    def due(self) -> Sequence[Turn]:
        """Whose turn it is now; each turn is claimed, so that it comes once."""
        wanted = list(self._everybody())
        turns: list[Turn] = []
        for person, standing, hour in wanted:
            turn = self._turn(person, standing, hour)
            if turn is not None and self._claim(turn):
                turns.append(turn)
                if len(turns) == AT_ONCE:
                    break
        # Whoever is left has their turn a second later; who joins meanwhile has the usual times.
        usual = [hour for hour in map(self._timetable.hour, TIMED) if hour is not None]
        later = next_ring([*(hour for _, _, hour in wanted), *usual], self._now)
        again = self._now if len(turns) == AT_ONCE else later or self._now + timedelta(days=1)
        self._store.standing.ring_at(self._timetable.key, again)
        return turns

    def wants(self, person: Person, standing: Standing) -> bool:
        """Whether somebody is told of something that has no time of its own."""
        wish = self._store.standing.of(person.id).get(standing)
        return self._timetable.has(standing) if wish is None else wish != OFF

    def of(self, person: Person) -> Sequence[Wanted]:
        """How a person has each of them. Raises `NotAllowed`."""
        if person.role not in STAFF:
            raise NotAllowed(CHANGED)
        wishes = self._store.standing.of(person.id)
        return [
            self._wanted(person, standing, wishes.get(standing, ""))
            for standing in Standing
            if standing is not Standing.HOLIDAYS or person.role is Role.COMMUNITY
        ]

    def next_of(self, person: Person, standing: Standing) -> datetime | None:
        """When a person has it next; None when it is off or has no time."""
        wanted = self._wanted(person, standing, self._store.standing.of(person.id).get(standing))
        if not wanted.on or wanted.hour is None:
            return None
        told = self._store.reminders.last(_subject(person), standing)
        day = self._now.astimezone(SHANGHAI).date() - timedelta(days=1)
        while (at := next_at(wanted.hour, day, self._calendar)) is not None:
            if at > self._now and (told is None or period(standing, at.date()) > told):
                return at
            day = at.date()
        return None

    def turn_now(self, person: Person, standing: Standing) -> Turn:
        """As if its time were now."""
        wanted = self._wanted(person, standing, self._store.standing.of(person.id).get(standing))
        hour = wanted.hour or Hour(self._now.astimezone(SHANGHAI).time())
        return Turn(person, standing, self._now, self._since(person, standing, hour))

    def switch(self, person: Person, standing: Standing, on: bool, cause: str) -> Wanted:
        """Have it, or not. Raises `NotAllowed`."""
        return self._choose(person, standing, ON if on else OFF, cause)

    def move(self, person: Person, standing: Standing, words: str, cause: str) -> Wanted:
        """Have it at another time. Raises `NotAllowed`, and ValueError for what is no time."""
        usual = self._wanted(person, standing, self._store.standing.of(person.id).get(standing))
        if usual.hour is None:
            raise ValueError("no time")
        return self._choose(person, standing, str(read_hour(words, standing, usual.hour)), cause)

    def undo(self, event: Event, actor: Person, cause: str) -> Wanted:
        """Take one's own choice back. Raises `NotPossible` when another one came after it."""
        standing = Standing(event.subject.rpartition(":")[2])
        if self._store.standing.of(actor.id).get(standing, "") != event.after["wish"]:
            raise NotPossible(event.action)
        return self._choose(actor, standing, event.before["wish"], cause, action="撤销")

    def _choose(
        self, person: Person, standing: Standing, wish: str, cause: str, action: str = CHANGED
    ) -> Wanted:
        if person.role not in STAFF:
            raise NotAllowed(CHANGED)
        earlier = self._store.standing.of(person.id).get(standing, "")
        self._store.standing.choose(Choice(person=person.id, standing=standing, wish=wish))
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=person.id,
                subject=f"standing:{person.id}:{standing}",
                action=action,
                before={"wish": earlier},
                after={"wish": wish},
                cause=cause,
            )
        )
        return self._wanted(person, standing, wish)

    def _everybody(self) -> Iterator[tuple[Person, Standing, Hour]]:
        """Who wants what with a time, and when."""
        wishes = {(one.person, one.standing): one.wish for one in self._store.standing.choices()}
        for person in self._store.people.staff():
            if person.role not in STAFF or not person.area:
                continue
            for standing in TIMED:
                wanted = self._wanted(person, standing, wishes.get((person.id, standing)))
                if wanted.on and wanted.hour is not None:
                    yield person, standing, wanted.hour

    def _wanted(self, person: Person, standing: Standing, wish: str | None) -> Wanted:
        if standing not in TIMED:
            return Wanted(standing, self._timetable.has(standing) if not wish else wish != OFF)
        own = self._timetable.hour(standing)
        usual = own or SHIPPED.hour(standing)
        if not wish:
            return Wanted(standing, own is not None and person.role in TOLD[standing], usual)
        if wish in {ON, OFF} or usual is None:
            return Wanted(standing, wish == ON, usual)
        return Wanted(standing, True, read_hour(wish, standing, usual))

    def _turn(self, person: Person, standing: Standing, hour: Hour) -> Turn | None:
        at = due_at(hour, self._now, self._calendar)
        if at is None:
            return None
        return Turn(person, standing, at, self._since(person, standing, hour))

    def _since(self, person: Person, standing: Standing, hour: Hour) -> datetime:
        """When the one before it was due, or the last that came: downtime hides nothing."""
        usual = before(hour, self._now.astimezone(SHANGHAI).date(), self._calendar)
        told = self._store.reminders.last(_subject(person), standing)
        if told is None or told < self._now - LONGEST:
            return usual
        following = told.date() + timedelta(days=7 if standing in BY_WEEK else 1)
        return min(usual, before(hour, following, self._calendar))

    def _claim(self, turn: Turn) -> bool:
        """Once a period; of earlier ones a month is remembered."""
        subject = _subject(turn.person)
        first = period(turn.standing, turn.planned_at.date())
        fresh = self._store.reminders.start(subject, turn.standing, first, self._now)
        if fresh:
            self._store.reminders.forget(subject, turn.standing, first - LONGEST)
        return fresh


def _subject(person: Person) -> str:
    return f"standing:{person.id}"
