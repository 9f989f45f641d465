"""Taking an older ledger over: all of it or nothing, the same line never twice, and back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.language.intents import Intent
from bot.language.mask import mask_name
from bot.language.places import find_place
from bot.language.summary import summarise
from bot.models import (
    SHANGHAI,
    Appeal,
    Audience,
    Event,
    Kind,
    Person,
    Place,
    State,
)
from bot.models.people import LEDGER
from bot.ports import Store
from bot.rules.appeal_flow import OPEN, STOPPED, Act
from bot.rules.audience import audience_of
from bot.rules.deadlines import contact_due, due_at
from bot.rules.permissions import STAFF, Deed, covers, may
from bot.rules.taxonomy import Category
from bot.services.audit import AuditService
from bot.services.history import note, subject
from bot.services.knowledge import Knowledge
from bot.services.ledger.reading import Old, Reading

NOTED = "历史台账导入"
_LONGEST_SPOT = 30
_LATEST = 8


class Plan(Struct, frozen=True):
    """What bringing a file in would do: `known` lines are here already."""

    fresh: tuple[Old, ...]
    known: int
    remarks: tuple[str, ...]


class Taken(Struct, frozen=True):
    """What was brought in, under a name by which all of it can be taken back."""

    batch: str
    fresh: int
    known: int


class LedgerImport:
    """Within one transaction. `actor` None is whoever owns the machine."""

    def __init__(
        self,
        store: Store,
        knowledge: Knowledge,
        now: datetime,
        audit: AuditService,
        cause: str = "",
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._audit = audit
        self._cause = cause
        self._areas: dict[str, str] = {}
        self._people: dict[tuple[str, str], str] = {}

    def plan(self, reading: Reading, area: str, actor: Person | None) -> Plan:
        """What would be new. Raises `NotAllowed`, `NotPossible` for no area."""
        self._authorise(area, actor)
        known = self._store.imports.known([old.key for old in reading.matters])
        fresh = [
            old
            for old in reading.matters
            if old.key not in known
            and not (old.number.startswith("SQ") and self._store.appeals.by_number(old.number))
        ]
        remarks = list(reading.remarks)
        strange = sorted({old.category for old in fresh if self._named(old) is None} - {""})
        if strange:
            remarks.append(f"这些类别本系统没有，按内容重新分类：{'、'.join(strange[:20])}。")
        waiting = sum(old.state in OPEN for old in fresh)
        if waiting:
            remarks.append(f"有{waiting}件没办结，导入后会出现在清单里，不会马上催办。")
        over = sum(self._is_over(old) for old in fresh)
        if over:
            days = self._knowledge.keeping.appeals.days
            remarks.append(
                f"有{over}件办结超过{days}天，按保存期限不留反映人、电话和原话，"
                "编号、分类、幢和时间留着，照样计数。"
            )
        return Plan(tuple(fresh), len(reading.matters) - len(fresh), tuple(remarks))

    def take(self, reading: Reading, area: str, actor: Person | None, who: str = "") -> Taken:
        """Bring it in. `who` stands in the audit when there is no actor."""
        plan = self.plan(reading, area, actor)
        if not plan.fresh:
            return Taken("", 0, plan.known)
        batch = f"T{self._store.appeals.next_number('ledger_imports')}"
        self._areas = _below(self._store, area)
        for old in plan.fresh:
            appeal = self._appeal(old, area)
            self._store.appeals.add(appeal)
            self._store.reminders.look_again(appeal.id, None)
            self._store.imports.add(old.key, appeal.id, old.number, batch)
            self._note(appeal, actor)
        self._audit.imported(actor or who, "ledger", len(plan.fresh))
        return Taken(batch, len(plan.fresh), plan.known)

    def undo(self, batch: str, actor: Person | None, who: str = "") -> int:
        """Take back what a file brought in: withdrawn, so that it counts no more; how many.

        Raises `NotFound`, `NotAllowed`, `NotPossible` when somebody has worked on one of them.
        """
        appeals = [
            appeal
            for each in self._store.imports.of(batch)
            if (appeal := self._store.appeals.get(each)) is not None
        ]
        if not appeals:
            raise NotFound(batch)
        for area in {appeal.area for appeal in appeals}:
            self._authorise(area, actor)
        touched = [a for a in appeals if len(self._store.events.of(subject(a))) > 1]
        if touched:
            numbers = "、".join(appeal.number for appeal in touched[:5])
            raise NotPossible(f"这批里有{len(touched)}件已经有人办过（{numbers}），撤不回来了。")
        for appeal in appeals:
            self._withdraw(appeal, actor)
        self._store.imports.forget(batch)
        self._audit.note(actor or who, "撤销导入", f"table:ledger/{batch}")
        return len(appeals)

    def latest(self, actor: Person) -> Sequence[tuple[str, int]]:
        """The newest batches within somebody's area, with their sizes."""
        found = []
        for batch, size in self._store.imports.latest(_LATEST):
            first = self._store.appeals.get(self._store.imports.of(batch)[0])
            if first is not None and covers(actor.area, first.area):
                found.append((batch, size))
        return found

    def _is_over(self, old: Old) -> bool:
        """Whether nobody may be found in it any more: it would be cleared at once."""
        return old.closed is not None and old.closed < self._now - self._knowledge.keeping.appeals

    def _authorise(self, area: str, actor: Person | None) -> None:
        if not area:
            raise NotPossible("请写明这份台账是哪里的，如「海棠街道/春晓社区」。")
        if actor is not None and not (may(actor.role, Deed.MANAGE) and covers(actor.area, area)):
            raise NotAllowed(Deed.MANAGE)

    def _named(self, old: Old) -> Category | None:
        return self._knowledge.taxonomy.by_name(old.category) if old.category else None

    def _category(self, old: Old) -> Category:
        named = self._named(old)
        if named is not None:
            return named
        guesses = self._knowledge.classifier.classify(f"{old.category} {old.content}")
        return self._knowledge.taxonomy.get(guesses[0].code if guesses else "")

    def _appeal(self, old: Old, base: str) -> Appeal:
        category = self._category(old)
        urgency = old.urgency or category.urgency
        calendar, hours = self._knowledge.calendar, self._knowledge.hours
        area = next((a for last, a in self._areas.items() if last in old.grid), base)
        appeals = self._store.appeals
        day = old.at.astimezone(SHANGHAI).strftime("%Y%m%d")
        is_open = old.state in OPEN
        return Appeal(
            id=f"a{appeals.next_number('appeals')}",
            number=f"SQ{day}-{appeals.next_number(f'day/{day}'):04d}",
            # What is closed needs no short number: those are for what people talk about.
            short=appeals.next_number(f"short/{area}") if is_open else 0,
            group="",
            area=area,
            reporter=self._reporter(old),
            source=old.source,
            text="" if self._is_over(old) else _verbatim(old),
            summary=_summary(old),
            category=category.code,
            place=_place(old),
            urgency=urgency,
            audience=_audience(old, category),
            unit=old.unit or category.unit,
            state=old.state,
            created_at=old.at,
            due_at=old.due or due_at(old.at, category.due, calendar, hours, urgency),
            handler=self._handler(old, area),
            result=old.result,
            started_at=old.at if old.state is not State.PENDING else None,
            closed_at=old.closed,
            kind=old.kind,
            track=category.track,
            contact_due_at=None
            if old.contacted is None
            else contact_due(old.at, category.contact_hours, calendar, hours, urgency),
            contacted_at=old.contacted,
            stopped_at=self._now if old.state in STOPPED else None,
            rating=old.rating,
            rated_at=old.rated or (old.closed if old.rating else None),
        )

    def _reporter(self, old: Old) -> str:
        """Somebody who can be named but not written to: no account of a chat belongs to them."""
        if not old.reporter or self._is_over(old):
            return ""
        known = self._people.get((old.reporter, old.contact))
        if known is None:
            user = self._store.imports.account(f"{old.reporter}/{old.contact}")
            known = self._people[old.reporter, old.contact] = f"{LEDGER}:{user}"
            self._store.people.save(Person(id=known, channel=LEDGER, user=user, name=old.reporter))
        return known

    def _handler(self, old: Old, area: str) -> str:
        """The member of staff of that name, if there is exactly one in charge."""
        if not old.handler:
            return ""
        staff = [p for p in self._store.people.staff() if p.role in STAFF and p.name == old.handler]
        named = [person for person in staff if covers(person.area, area)]
        return named[0].id if len(named) == 1 else ""

    def _note(self, appeal: Appeal, actor: Person | None) -> None:
        note(
            self._store,
            self._now,
            Act.RECORD,
            actor or _NOBODY,
            before=None,
            after=appeal,
            cause=self._cause,
            reason=NOTED,
        )

    def _withdraw(self, appeal: Appeal, actor: Person | None) -> None:
        before = {"state": str(appeal.state)}
        gone = msgspec.structs.replace(
            appeal, state=State.WITHDRAWN, closed_at=appeal.closed_at or self._now
        )
        self._store.appeals.save(gone)
        self._store.reminders.look_again(appeal.id, None)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor="" if actor is None else actor.id,
                subject=subject(appeal),
                action=Act.UNDO,
                before=before,
                after={"state": State.WITHDRAWN},
                cause=self._cause,
                reason=NOTED,
            )
        )


_NOBODY = Person(id="", channel="", user="", name="")


def _below(store: Store, area: str) -> dict[str, str]:
    """Known areas below one by their last names, the longest names first."""
    known = {group.area for group in store.people.groups() if covers(area, group.area)} - {area}
    return {a.rpartition("/")[2]: a for a in sorted(known, key=len, reverse=True)}


def _verbatim(old: Old) -> str:
    """As it was told; a number that it came with is kept where numbers are masked."""
    if old.contact and old.contact not in old.content:
        return f"{old.content}\n联系方式：{old.contact}"
    return old.content


def _summary(old: Old) -> str:
    words = summarise(old.content)
    if len(old.reporter) > 1:
        words = words.replace(old.reporter, mask_name(old.reporter))
    return words


def _place(old: Old) -> Place:
    found = find_place(old.place) if old.place else Place()
    if found == Place() and old.place:
        return Place(spot=old.place[:_LONGEST_SPOT])
    return found if found != Place() else find_place(old.content)


def _audience(old: Old, category: Category) -> Audience:
    if old.private:
        return Audience.PRIVATE
    intent = Intent.SUGGESTION if old.kind is Kind.SUGGESTION else Intent.APPEAL
    return audience_of(old.content, intent, category)
