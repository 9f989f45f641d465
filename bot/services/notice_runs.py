"""Notices as the clock sees them: each planned time is one run, sent once, and told to its author.

A run's rows in the outbox are its ledger. What was slept through is sent late within the notice's
grace; after that its author is asked. Of the times of a recurring one only the last counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec
from msgspec import Struct

from bot.errors import NotPossible
from bot.models import (
    Delivered,
    Delivery,
    Event,
    Media,
    MediaState,
    Notice,
    NoticeState,
    Person,
    Progress,
    Run,
)
from bot.ports import Store
from bot.rules.recurrence import latest_before, next_after
from bot.services.knowledge import Knowledge
from bot.services.notice_views import along
from bot.services.notices import snapshot
from bot.services.reach import Reach, reached, same_words

# A short run tells its author the end only.
LONG_RUN = 20
FIRST_LOOK = timedelta(seconds=5)
NEXT_LOOK = timedelta(minutes=1)
AT_ONCE = 50


class Fate(StrEnum):
    """What became of a planned time."""

    SENT = "sent"
    MISSED = "missed"
    PUT_OFF = "put off"
    DONE_BEFORE = "done before"


class Started(Struct, frozen=True):
    """A due notice with what became of it; `reach` are those to be told now.

    `held` are the ids of groups among them that heard the very same a moment ago. `media` are in
    the vault and go along.
    """

    notice: Notice
    run: Run
    fate: Fate
    reach: Reach = Reach()
    held: frozenset[str] = frozenset()
    media: tuple[Media, ...] = ()


class Look(Struct, frozen=True):
    """How far a run is; `ended` when nothing waits any more."""

    notice: Notice
    run: Run
    progress: Progress
    ended: bool
    failures: Mapping[str, int] = {}


class NoticeRuns:
    """Runs within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def next_due(self) -> datetime | None:
        """When a notice is to be sent, or an author to be told how far one is."""
        times = (self._store.notices.next_due(), self._store.notices.next_look())
        return min((at for at in times if at is not None), default=None)

    def start_due(self) -> Sequence[Started]:
        """Claim the runs of what is due, at most fifty; each claimed run is to be sent now."""
        return [self._start(notice) for notice in self._store.notices.due(self._now, AT_ONCE)]

    def looks(self) -> Sequence[Look]:
        """Runs whose author is to be told something now; each is told its end once."""
        found = self._store.notices.runs_to_look_at(self._now, AT_ONCE)
        return [look for look in map(self._look, found) if look is not None]

    def runs(self, notice: Notice) -> Sequence[Run]:
        """The runs of a notice, newest first."""
        return self._store.notices.runs(notice.id)

    def ledger(self, run: Run, limit: int = 50, offset: int = 0) -> Sequence[Delivered]:
        """Message by message who got it and who did not, the latter first."""
        return self._store.outbox.ledger(run.cause, limit, offset)

    def progress(self, run: Run) -> Progress:
        """How far a run is, by the ledger."""
        counts = self._store.outbox.progress(run.cause)
        return Progress(
            sent=counts.get(Delivery.SENT, 0),
            failed=counts.get(Delivery.FAILED, 0),
            uncertain=counts.get(Delivery.UNCERTAIN, 0),
            waiting=counts.get(Delivery.QUEUED, 0) + counts.get(Delivery.SENDING, 0),
        )

    def resend(self, notice: Notice, actor: Person, state: Delivery, cause: str) -> int:
        """Try the failed (or uncertain) ones of the last run again; how many there are.

        Raises `NotPossible` when it never ran, still runs, or has none.
        """
        runs = self._store.notices.runs(notice.id)
        if not runs:
            raise NotPossible("还没有发出过。")
        if self.progress(runs[0]).waiting:
            raise NotPossible("还在发，等发完再补。")
        count = self._store.outbox.requeue(runs[0].cause, state, self._now)
        if not count:
            raise NotPossible("没有要补发的。")
        look = msgspec.structs.replace(runs[0], look_at=self._now + FIRST_LOOK)
        self._store.notices.save_run(look)
        self._note(notice, notice, actor.id, "补发", cause)
        return count

    def _start(self, notice: Notice) -> Started:
        planned = self._last_time(notice)
        run = Run(
            notice=notice.id,
            planned_at=planned,
            started_at=self._now,
            look_at=self._now + FIRST_LOOK,
        )
        out = self._after_quiet(notice, self._now)
        if out - self._after_quiet(notice, planned) > self._grace(notice):
            missed = self._plan_next(notice, planned, NoticeState.MISSED, "错过时间")
            return Started(missed, run, Fate.MISSED)
        if out > self._now:
            put_off = msgspec.structs.replace(notice, planned_at=out)
            self._note(put_off, notice, "", "夜里不发", "")
            return Started(put_off, run, Fate.PUT_OFF)
        reach = reached(self._store, notice.targets)
        run = msgspec.structs.replace(run, receivers=reach.count)
        held = frozenset[str]() if notice.twice else self._just_heard(notice)
        fresh = self._store.notices.start_run(run)
        sent = self._plan_next(notice, planned, NoticeState.SENT, "发出")
        if not fresh:
            return Started(sent, run, Fate.DONE_BEFORE)
        media = [one for one in along(self._store, notice) if one.state is MediaState.STORED]
        return Started(sent, run, Fate.SENT, reach, held, tuple(media))

    def _just_heard(self, notice: Notice) -> frozenset[str]:
        """The groups that another notice told the very same a moment ago."""
        since = self._now - self._knowledge.same_words
        ids = {run.notice for run in self._store.notices.started_since(since)} - {notice.id}
        others = [other for one in sorted(ids) if (other := self._store.notices.get(one))]
        return same_words(self._store, notice, others)

    def _after_quiet(self, notice: Notice, at: datetime) -> datetime:
        return at if notice.urgent else self._knowledge.notice_quiet.after(at)

    def _last_time(self, notice: Notice) -> datetime:
        """The planned time, or the last of those that were slept through."""
        if notice.recurrence is None:
            return notice.planned_at
        calendar = self._knowledge.calendar
        return latest_before(notice.recurrence, notice.planned_at, self._now, calendar)

    def _plan_next(self, notice: Notice, after: datetime, end: NoticeState, action: str) -> Notice:
        following = None
        if notice.recurrence is not None:
            following = next_after(notice.recurrence, after, self._knowledge.calendar)
        state = end if following is None else NoticeState.PLANNED
        if end is NoticeState.MISSED and notice.recurrence is not None and following is None:
            state = NoticeState.SENT
        changed = msgspec.structs.replace(
            notice, state=state, planned_at=following or notice.planned_at
        )
        self._note(changed, notice, "", action, "")
        return changed

    def _grace(self, notice: Notice) -> timedelta:
        late = notice.late
        return self._knowledge.notice_grace if late is None else timedelta(minutes=late)

    def _look(self, run: Run) -> Look | None:
        notice = self._store.notices.get(run.notice)
        progress = self.progress(run)
        ended = progress.waiting == 0
        later = None if ended else self._now + NEXT_LOOK
        self._store.notices.save_run(msgspec.structs.replace(run, look_at=later))
        if notice is None or (not ended and run.receivers < LONG_RUN):
            return None
        failures = self._store.outbox.failures(run.cause) if progress.failed else {}
        return Look(notice, run, progress, ended, failures)

    def _note(self, notice: Notice, before: Notice, actor: str, action: str, cause: str) -> None:
        self._store.notices.save(notice)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor,
                subject=f"notice:{notice.id}",
                action=action,
                before=snapshot(before),
                after=snapshot(notice),
                cause=cause,
            )
        )
