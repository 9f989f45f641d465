"""Appeals: recording them and finding them again. What is done to them is the desk's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from bot.errors import Ambiguous, NotAllowed, NotFound
from bot.models import (
    SHANGHAI,
    Appeal,
    Audience,
    Event,
    Group,
    Kind,
    Note,
    Person,
    Place,
    Role,
    State,
    Track,
    Urgency,
)
from bot.ports import Store
from bot.rules.appeal_flow import OPEN, Act
from bot.rules.deadlines import contact_due, due_at
from bot.rules.partners import serves
from bot.rules.permissions import Deed, covers, may
from bot.rules.taxonomy import Category
from bot.services.history import aside, note, subject
from bot.services.knowledge import Knowledge
from bot.services.narrowing import fits, narrowing


class Report(Struct, frozen=True, kw_only=True):
    """What is known of a matter when it is recorded."""

    text: str
    summary: str
    category: Category
    place: Place
    reporter: Person
    group: Group | None
    source: str
    needs_place: bool = False
    urgency: Urgency | None = None
    audience: Audience | None = None
    kind: Kind = Kind.APPEAL
    track: Track = Track.LISTED
    parent: str = ""
    cause: str = ""


class Around(Struct, frozen=True, kw_only=True):
    """What belongs to an appeal: how many joined it, and the short numbers of others."""

    supporters: int = 0
    merged: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    above: tuple[int, ...] = ()
    head: tuple[int, ...] = ()


class Alarm(StrEnum):
    """What an alarm is to us: the first word of it, one that says more, or the same again."""

    NEW = "new"
    MORE = "more"
    AGAIN = "again"


class AppealsService:
    """Appeals within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def record(self, report: Report) -> Appeal:
        """Store a new appeal under the day's next number."""
        area = report.group.area if report.group is not None else report.reporter.area
        urgency = report.urgency or Urgency(report.category.urgency)
        appeal = Appeal(
            id=f"a{self._store.appeals.next_number('appeals')}",
            number=self._next_number(),
            short=self._store.appeals.next_number(f"short/{_group_id(report) or area}"),
            group=_group_id(report),
            area=area,
            reporter=report.reporter.id,
            source=report.source,
            text=report.text,
            summary=report.summary,
            category=report.category.code,
            place=report.place,
            urgency=urgency,
            audience=report.audience or audience_of(report.category),
            unit=report.category.unit,
            state=State.NEEDS_INFO if report.needs_place else State.PENDING,
            created_at=self._now,
            due_at=self._due(report.category, urgency),
            contact_due_at=self._contact_due(report, urgency),
            stopped_at=self._now if report.needs_place else None,
            kind=report.kind,
            track=report.track,
            parent=report.parent,
        )
        if appeal.kind is Kind.PRAISE:  # nothing is owed but to pass it on
            appeal = msgspec.structs.replace(
                appeal, state=State.STRUCK, stopped_at=None, closed_at=self._now
            )
        self._store.appeals.add(appeal)
        self._note(Act.RECORD, report, None, appeal)
        return appeal

    def alarm(self, report: Report, key: str, quiet: timedelta) -> tuple[Appeal, Alarm]:
        """Record an alarm once: the same `key` within `quiet` after it is the same alarm.

        Of what is told again only a building that was not known is kept.
        """
        name = f"alarm:{key}"
        known = self._alarm_since(name, self._now - quiet)
        if known is None:
            appeal = self.record(report)
            self._store.events.add(
                Event(
                    id="",
                    at=self._now,
                    actor="",
                    subject=name,
                    action="报警",
                    after={"appeal": appeal.id},
                    cause=report.cause,
                )
            )
            return appeal, Alarm.NEW
        if report.place.building in {"", known.place.building}:
            return known, Alarm.AGAIN
        placed = msgspec.structs.replace(known, place=report.place)
        self._store.appeals.save(placed)
        self._note(Act.SUPPLY, report, known, placed)
        return placed, Alarm.MORE

    def find(self, reference: str, person: Person, group: Group | None) -> Appeal:
        """By `SQ20261121-0012` or the short number. Raises `NotFound`, `Ambiguous`.

        What a person may not see does not exist for them.
        """
        if reference.startswith("SQ"):
            found = self._store.appeals.by_number(reference)
            candidates = [] if found is None else [found]
        else:
            here = None if group is None else group.id
            candidates = list(self._store.appeals.by_short(int(reference), here))
        visible = [a for a in candidates if self.may_see(a, person, group)]
        open_ones = [a for a in visible if a.state in OPEN]
        chosen = open_ones if len(visible) > 1 and open_ones else visible
        if not chosen:
            raise NotFound(reference)
        if len(chosen) > 1:
            raise Ambiguous([a.number for a in chosen[:5]])
        return chosen[0]

    def may_see(self, appeal: Appeal, person: Person, group: Group | None) -> bool:
        """The asker, staff in charge, and for public matters everyone in the same group."""
        if person.id == appeal.reporter:
            return True
        if may(person.role, Deed.HANDLE) and covers(person.area, appeal.area):
            return True
        if person.role is Role.PARTNER and self._serves(person, appeal):
            return True
        return appeal.audience is Audience.PUBLIC and group is not None and group.id == appeal.group

    def get(self, appeal: str) -> Appeal | None:
        """By our id."""
        return self._store.appeals.get(appeal)

    def listed(self, person: Person, group: Group | None, limit: int) -> Sequence[Appeal]:
        """Open appeals that a person is in charge of: of this group, or of their whole area.

        In a group, and to volunteers, only public ones. Raises `NotAllowed`.
        """
        area = person.area if group is None else group.area
        if not may(person.role, Deed.LIST) or not covers(person.area, area):
            raise NotAllowed(Deed.LIST)
        found = self._store.appeals.listed(
            group=None if group is None else group.id, area=area, states=OPEN, limit=limit
        )
        if person.role is Role.PARTNER:
            return [appeal for appeal in found if self._serves(person, appeal)]
        everything = group is None and may(person.role, Deed.HANDLE)
        return [a for a in found if everything or a.audience is Audience.PUBLIC]

    def narrowed(
        self, appeals: Sequence[Appeal], wish: str, person: Person
    ) -> Sequence[Appeal] | None:
        """Those of a list that a word behind 清单 names; None when it names nothing."""
        if not wish:
            return appeals
        test = narrowing(wish, person, self._now, self._knowledge.taxonomy)
        return None if test is None else [appeal for appeal in appeals if test(appeal)]

    def described(self, words: str, person: Person, group: Group | None) -> Sequence[Appeal]:
        """Open appeals in somebody's charge that a description fits, the most urgent first."""
        if not may(person.role, Deed.HANDLE):
            return []
        area = person.area if group is None else group.area
        if not covers(person.area, area):
            return []
        listed = self.listed(person, group, 500)
        return [appeal for appeal in listed if fits(words, appeal, self.category(appeal))]

    def brought_up(self, person: Person, group: Group | None, limit: int) -> Sequence[Appeal]:
        """What was brought up from an area, newest first. Raises `NotAllowed`."""
        area = person.area if group is None else group.area
        if not may(person.role, Deed.HANDLE) or not covers(person.area, area):
            raise NotAllowed(Deed.LIST)
        found = self._store.appeals.escalated(area, limit)
        return [a for a in found if group is None or a.audience is Audience.PUBLIC]

    def own(self, person: Person, limit: int) -> Sequence[Appeal]:
        """A resident's own open appeals."""
        return self._store.appeals.reported_by(person.id, OPEN, limit)

    def own_closed(self, person: Person, limit: int) -> Sequence[Appeal]:
        """A resident's own matters that were dealt with, newest first."""
        return self._store.appeals.reported_by(person.id, (State.DONE, State.STRUCK), limit)

    def told_since(self, person: Person, since: datetime, limit: int) -> int:
        """How many matters a person has brought up since then, counted up to `limit`."""
        return self._store.appeals.told_by(person.id, since, limit)

    def first_closed(self) -> datetime | None:
        """When the longest closed one was closed that nobody has answered for."""
        return self._store.appeals.first_closed()

    def closed_before(self, at: datetime, limit: int) -> Sequence[Appeal]:
        """Those that were closed by then and that nobody has answered for."""
        return self._store.appeals.closed_before(at, limit)

    def first_recheck(self) -> datetime | None:
        """When something is to be looked at again."""
        return self._store.appeals.first_recheck()

    def to_recheck(self, limit: int) -> Sequence[Appeal]:
        """What is to be looked at again by now."""
        return self._store.appeals.to_recheck(self._now, limit)

    def history(self, appeal: Appeal) -> Sequence[Event]:
        """Who did what, oldest first."""
        return self._store.events.of(subject(appeal))

    def just_before(self, appeal: Appeal, actor: Person, within: timedelta) -> Event | None:
        """What somebody else moved a moment before this actor's last step."""
        moves = [event for event in self.history(appeal) if not aside(event)]
        if len(moves) < 2 or moves[-1].actor != actor.id or moves[-1].action == Act.UNDO:
            return None
        earlier = moves[-2]
        other = earlier.actor not in {"", actor.id, appeal.reporter}
        return earlier if other and earlier.at > self._now - within else None

    def urged_today(self, appeal: Appeal, person: Person) -> bool:
        """Whether somebody has urged it within a day."""
        return any(
            event.action == Act.URGE
            and event.actor == person.id
            and event.at > self._now - timedelta(days=1)
            for event in self.history(appeal)
        )

    def merged(self, appeal: Appeal) -> Sequence[Appeal]:
        """What goes on in an appeal besides itself."""
        return self._store.appeals.merged_into(appeal.id)

    def notes(self, appeal: Appeal) -> Sequence[Note]:
        """Internal remarks, oldest first: for staff alone."""
        return self._store.notes.of(appeal.id)

    def around(self, appeal: Appeal) -> Around:
        """What belongs to an appeal: by short numbers."""
        above = self._store.appeals.get(appeal.parent) if appeal.parent else None
        head = self._store.appeals.get(appeal.merged_into) if appeal.merged_into else None
        merged = self.merged(appeal)
        behind = {*self._store.supporters.of(appeal.id), *(other.reporter for other in merged)}
        return Around(
            supporters=len(behind - {appeal.reporter}),
            merged=tuple(other.short for other in merged),
            below=tuple(other.short for other in self._store.appeals.below(appeal.id)),
            above=() if above is None else (above.short,),
            head=() if head is None else (head.short,),
        )

    def category(self, appeal: Appeal) -> Category:
        """Its row of the taxonomy."""
        return self._knowledge.taxonomy.get(appeal.category)

    def _serves(self, partner: Person, appeal: Appeal) -> bool:
        """Whether a partner unit may take it on: public, in its area, of its kinds, or its own."""
        if appeal.audience is not Audience.PUBLIC or not covers(partner.area, appeal.area):
            return False
        kinds = serves(partner.serves, self.category(appeal), appeal.summary)
        return kinds or appeal.claimed_by == partner.id

    def _alarm_since(self, name: str, since: datetime) -> Appeal | None:
        """What an alarm was recorded as, if that was not before `since` and is still open."""
        earlier = self._store.events.of(name)
        if not earlier or earlier[-1].at <= since:
            return None
        appeal = self._store.appeals.get(earlier[-1].after["appeal"])
        return appeal if appeal is not None and appeal.state in OPEN else None

    def _note(self, act: Act, report: Report, before: Appeal | None, after: Appeal) -> None:
        note(
            self._store,
            self._now,
            act,
            report.reporter,
            before=before,
            after=after,
            cause=report.cause,
        )

    def _next_number(self) -> str:
        day = self._now.astimezone(SHANGHAI).strftime("%Y%m%d")
        return f"SQ{day}-{self._store.appeals.next_number(f'day/{day}'):04d}"

    def _due(self, category: Category, urgency: Urgency) -> datetime:
        calendar, hours = self._knowledge.calendar, self._knowledge.hours
        return due_at(self._now, category.due, calendar, hours, urgency)

    def _contact_due(self, report: Report, urgency: Urgency) -> datetime | None:
        """By when a person has to answer; praise waits for none."""
        if report.kind is Kind.PRAISE:
            return None
        calendar, hours = self._knowledge.calendar, self._knowledge.hours
        return contact_due(self._now, report.category.contact_hours, calendar, hours, urgency)


def audience_of(category: Category) -> Audience:
    """Who may read an appeal of a category."""
    return Audience.PRIVATE if category.public.startswith("never") else Audience.PUBLIC


def _group_id(report: Report) -> str:
    return "" if report.group is None else report.group.id
