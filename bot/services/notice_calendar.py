"""Notices by their days: what was sent, what went wrong, what is to come, what waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from msgspec import Struct

from bot.models import SHANGHAI, Group, Notice, NoticeState, Person, Run
from bot.ports import Store
from bot.rules.permissions import covers
from bot.rules.recurrence import upcoming
from bot.services.knowledge import Knowledge
from bot.services.reach import is_meant

MOST = 3000
"""Notices and runs of one stretch that are looked at."""
MOST_TIMES = 62
AT_ONCE = 200
AHEAD = (NoticeState.PLANNED, NoticeState.AWAITING, NoticeState.PAUSED)
DATED = (*AHEAD, NoticeState.DRAFT, NoticeState.MISSED)


class Standing(StrEnum):
    """How one time of a notice stands."""

    DRAFT = "draft"
    AWAITING = "awaiting"
    PLANNED = "planned"
    PAUSED = "paused"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    MISSED = "missed"
    OVER = "over"


_STANDINGS = {
    NoticeState.DRAFT: Standing.DRAFT,
    NoticeState.AWAITING: Standing.AWAITING,
    NoticeState.PLANNED: Standing.PLANNED,
    NoticeState.PAUSED: Standing.PAUSED,
    NoticeState.SENT: Standing.SENT,
    NoticeState.MISSED: Standing.MISSED,
    NoticeState.CANCELLED: Standing.OVER,
    NoticeState.WITHDRAWN: Standing.OVER,
}


class Slot(Struct, frozen=True):
    """One time of a notice. `troubles`: receivers whom it did not, or perhaps not, reach."""

    notice: Notice
    at: datetime
    standing: Standing
    troubles: int = 0


class NoticeCalendar:
    """Looking within one transaction, with the eyes of somebody and at an area."""

    def __init__(
        self, store: Store, knowledge: Knowledge, now: datetime, person: Person, area: str
    ) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now
        self._person = person
        self._all = area == person.area
        self._own: tuple[Group, ...] = tuple(
            group for group in store.people.groups() if covers(area, group.area)
        )
        self._ids = frozenset(group.id for group in self._own)

    def days(self, first: date, last: date) -> Mapping[date, Sequence[Slot]]:
        """Everything from one day to another, by day, in order."""
        begin = datetime.combine(first, time(), SHANGHAI)
        end = datetime.combine(last + timedelta(days=1), time(), SHANGHAI) - timedelta(seconds=1)
        found: dict[date, list[Slot]] = {}
        for slot in sorted(self._slots(begin, end), key=lambda one: (one.at, one.notice.id)):
            found.setdefault(slot.at.astimezone(SHANGHAI).date(), []).append(slot)
        return found

    def newest(
        self, states: Sequence[NoticeState], words: Sequence[str], limit: int, skip: int
    ) -> Sequence[Slot]:
        """Notices in some states, those of the latest time first."""
        found: list[Notice] = []
        for begin in range(0, MOST, AT_ONCE):
            page = self._store.notices.newest(states, words, AT_ONCE, begin)
            found += [notice for notice in page if self.concerns(notice)]
            if len(page) < AT_ONCE or len(found) >= skip + limit:
                break
        return [self._latest(notice) for notice in found[skip : skip + limit]]

    def counts(self) -> Mapping[NoticeState, int]:
        """How many are written and not confirmed, and how many wait for a second person."""
        states = (NoticeState.DRAFT, NoticeState.AWAITING)
        return {
            state: sum(map(self.concerns, self._store.notices.by_state(state, AT_ONCE)))
            for state in states
        }

    def failed(self, since: datetime, limit: int) -> Sequence[Slot]:
        """Times since then at which it did not reach everybody, the latest first."""
        runs = self._store.notices.runs_between(since, self._now, MOST)
        found = [slot for slot in self._ran(runs) if slot.standing is Standing.FAILED]
        return list(reversed(found))[:limit]

    def concerns(self, notice: Notice) -> bool:
        """Whether a notice is one's own, or is for a group that one looks at. A draft is its
        author's alone."""
        if notice.author == self._person.id:
            return self._all or self._is_heard(notice)
        return notice.state is not NoticeState.DRAFT and self._is_heard(notice)

    def _is_heard(self, notice: Notice) -> bool:
        targets = notice.targets
        if not self._ids.isdisjoint(set(targets.groups) - set(targets.without)):
            return True
        if not targets.areas or targets.roles:
            return False
        return any(
            group.id not in targets.without and is_meant(group, targets) for group in self._own
        )

    def _slots(self, begin: datetime, end: datetime) -> Iterator[Slot]:
        notices = self._store.notices
        runs = notices.runs_between(begin, end, MOST)
        yield from self._ran(runs)
        ran = {(run.notice, run.planned_at) for run in runs}
        for notice in notices.between(DATED, begin, end, MOST):
            comes_again = notice.recurrence is not None and notice.state in AHEAD
            known = comes_again or (notice.id, notice.planned_at) in ran
            if not known and self.concerns(notice):
                yield Slot(notice, notice.planned_at, _STANDINGS[notice.state])
        for notice in notices.recurring(AHEAD, MOST):
            if notice.planned_at <= end and self.concerns(notice):
                yield from self._coming(notice, begin, end)

    def _coming(self, notice: Notice, begin: datetime, end: datetime) -> Iterator[Slot]:
        assert notice.recurrence is not None  # noqa: S101 - only those come again
        standing = _STANDINGS[notice.state]
        since = max(begin, notice.planned_at) - timedelta(seconds=1)
        calendar = self._knowledge.calendar
        for at in upcoming(notice.recurrence, since, calendar, MOST_TIMES):
            if at > end:
                return
            out = at if notice.urgent else self._knowledge.notice_quiet.after(at)
            yield Slot(notice, out, standing)

    def _ran(self, runs: Sequence[Run]) -> Iterator[Slot]:
        troubles = self._store.outbox.troubles([run.cause for run in runs])
        known: dict[str, Notice | None] = {}
        for run in runs:
            if run.notice not in known:
                found = self._store.notices.get(run.notice)
                known[run.notice] = found if found and self.concerns(found) else None
            notice = known[run.notice]
            if notice is not None:
                yield self._run_slot(notice, run, troubles.get(run.cause, 0))

    def _run_slot(self, notice: Notice, run: Run, troubles: int) -> Slot:
        standing = Standing.SENT
        if notice.state is NoticeState.WITHDRAWN:
            standing = Standing.OVER
        elif troubles:
            standing = Standing.FAILED
        elif run.look_at is not None and self._now - run.started_at < timedelta(hours=1):
            standing = Standing.SENDING
        return Slot(notice, run.planned_at, standing, troubles)

    def _latest(self, notice: Notice) -> Slot:
        standing = _STANDINGS[notice.state]
        if standing is not Standing.SENT:
            return Slot(notice, notice.planned_at, standing)
        runs = self._store.notices.runs(notice.id)[:1]
        return next(iter(self._ran(runs)), Slot(notice, notice.planned_at, standing))
