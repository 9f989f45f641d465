"""What an office looks at first: how many matters stand where, and which are pressing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.models import (
    SHANGHAI,
    Alert,
    AlertKind,
    Appeal,
    Board,
    Delivery,
    Notice,
    NoticeState,
    Progress,
    QuestionState,
    State,
)
from bot.models.ledger import Scope
from bot.ports import Store
from bot.rules.counting import Rate, month, rates
from bot.rules.permissions import covers
from bot.services.knowledge import Knowledge
from bot.services.reach import reached

PRESSING = 8
NOTICES = 12
STALLED = timedelta(minutes=2)
"""What was due so long ago and still waits is stuck."""
_LATELY = timedelta(days=1)


class NoticeToday(Struct, frozen=True, kw_only=True):
    """A notice that goes out today, or went; `progress` once it began."""

    notice: Notice
    at: datetime
    progress: Progress | None = None

    @property
    def title(self) -> str:
        """Its first line."""
        return self.notice.text.strip().partition("\n")[0]


class TodayService:
    """The front page within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def board(self, area: str) -> Board:
        """Where matters at or below an area stand."""
        return self._store.boards.at(area, self._now, *days(self._now))

    def pressing(self, area: str) -> Sequence[Appeal]:
        """Open matters whose clock runs and that are due by the end of tomorrow, in order."""
        states = (State.PENDING, State.WORKING)
        found = self._store.appeals.listed(group=None, area=area, states=states, limit=PRESSING)
        _, ends = days(self._now)
        return [appeal for appeal in found if appeal.due_at < ends]

    def rates(self, area: str) -> Sequence[Rate]:
        """The three rates of this month's matters, each with what it is divided by."""
        here = self._now.astimezone(SHANGHAI)
        period = month(here.year, here.month)
        scope = Scope(area=area, start=period.start, end=period.end, now=self._now)
        counts = self._store.ledger.counts(scope)
        return rates(counts, self._knowledge.fair_weight, self._knowledge.rate_names)[:3]

    def unanswered(self, area: str) -> int:
        """Questions that wait for an answer."""
        return self._store.questions.counts(area).get(QuestionState.OPEN, 0)

    def notices(self, area: str) -> Sequence[NoticeToday]:
        """What goes out today to groups of an area, and what went, by time."""
        today, _ = days(self._now)
        ahead = self._store.notices.planned_between(self._now, today + timedelta(days=1))
        found = [
            NoticeToday(notice=notice, at=notice.planned_at)
            for notice in ahead
            if notice.state in {NoticeState.PLANNED, NoticeState.AWAITING}
        ]
        for run in self._store.notices.started_since(today):
            notice = self._store.notices.get(run.notice)
            if notice is not None:
                told = _progress(self._store.outbox.progress(run.cause))
                found.append(NoticeToday(notice=notice, at=run.planned_at, progress=told))
        near = [one for one in found if self._concerns(one.notice, area)]
        return sorted(near, key=lambda one: (one.at, one.notice.id))[:NOTICES]

    def alerts(self, down: Sequence[str] = ()) -> Sequence[Alert]:
        """What is wrong with the works, `down` being channels without their connection."""
        found = [Alert(kind=AlertKind.DOWN, where=name) for name in down]
        troubled = self._store.outbox.troubled_since(self._now - _LATELY)
        for (channel, state), count in sorted(troubled.items()):
            found.append(Alert(kind=AlertKind(state.value), where=channel, count=count))
        heard = self._store.inbox.queued(1)
        stalls = (
            (AlertKind.STUCK, self._store.outbox.next_due()),
            (AlertKind.UNHEARD, heard[0][1].sent_at if heard else None),
            (AlertKind.IDLE, self._store.jobs.next_due()),
        )
        for kind, since in stalls:
            if since is not None and self._now - since > STALLED:
                minutes = (self._now - since) // timedelta(minutes=1)
                found.append(Alert(kind=kind, minutes=minutes))
        return found

    def _concerns(self, notice: Notice, area: str) -> bool:
        reach = reached(self._store, notice.targets)
        places = [group.area for group in reach.groups] + [person.area for person in reach.people]
        return any(covers(area, place) for place in places)


def _progress(counts: Mapping[Delivery, int]) -> Progress:
    waiting = counts.get(Delivery.QUEUED, 0) + counts.get(Delivery.SENDING, 0)
    return Progress(
        sent=counts.get(Delivery.SENT, 0),
        failed=counts.get(Delivery.FAILED, 0),
        uncertain=counts.get(Delivery.UNCERTAIN, 0),
        waiting=waiting,
    )


def days(now: datetime) -> tuple[datetime, datetime]:
    """Today's midnight, and the one that ends tomorrow."""
    here = now.astimezone(SHANGHAI)
    today = here.replace(hour=0, minute=0, second=0, microsecond=0)
    return today, today + timedelta(days=2)
