"""Notices as their authors see them: drafted, confirmed, approved, changed, called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.models import (
    Event,
    Group,
    Notice,
    NoticeState,
    Origin,
    Person,
    Recurrence,
    Targets,
)
from bot.ports import Store
from bot.rules.permissions import Deed, covers, may
from bot.services.knowledge import Knowledge
from bot.services.reach import Reach, in_order, reached

LIVE = (NoticeState.DRAFT, NoticeState.AWAITING, NoticeState.PLANNED, NoticeState.PAUSED)


class Wording(Struct, frozen=True, kw_only=True):
    """Everything about a notice that its author decides."""

    text: str
    targets: Targets
    planned_at: datetime
    tag: str = ""
    origin: Origin = Origin()
    recurrence: Recurrence | None = None
    late: int | None = None
    corrects: str = ""


RECENT = 100
"""Rows to a group among which a notice is looked for."""
TAKEN_BACK = frozenset({NoticeState.WITHDRAWN, NoticeState.CANCELLED})


class NoticesService:
    """Notices within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def draft(self, author: Person, wording: Wording, cause: str) -> Notice:
        """Write down a notice that is not yet confirmed. Raises `NotAllowed`."""
        self._authorise(author, wording.targets)
        notice = Notice(
            id=f"n{self._store.appeals.next_number('notices')}",
            author=author.id,
            text=wording.text,
            targets=wording.targets,
            planned_at=wording.planned_at,
            state=NoticeState.DRAFT,
            created_at=self._now,
            tag=wording.tag,
            origin=wording.origin,
            recurrence=wording.recurrence,
            late=wording.late,
            corrects=wording.corrects,
        )
        return self._note(notice, None, author.id, "起草", cause)

    def scope(self, author: Person) -> Sequence[Group]:
        """The groups that an author may write to. Raises `NotAllowed` when there is none."""
        groups = [group for group in self._store.people.groups() if covers(author.area, group.area)]
        if not groups or not may(author.role, Deed.ANNOUNCE):
            raise NotAllowed(Deed.ANNOUNCE)
        return in_order(groups)

    def reach(self, targets: Targets) -> Reach:
        """Whom a notice would reach if it were sent now."""
        return reached(self._store, targets)

    def repeated(self, notice: Notice, within: timedelta) -> Sequence[Group]:
        """The groups that were told the very same not long ago."""
        since = self._now - within
        return [
            group
            for group in reached(self._store, notice.targets).groups
            if self._store.outbox.said_since(group.channel, group.chat, notice.text, since)
        ]

    def last_draft(self, author: Person, within: timedelta) -> Notice | None:
        """What an author drafted last, if nothing has become of it."""
        last = self._store.events.last_by(author.id, self._now - within)
        if last is None or last.action != "起草":
            return None
        notice = self._store.notices.get(last.subject.partition(":")[2])
        return notice if notice is not None and notice.state is NoticeState.DRAFT else None

    def confirm(self, notice_id: str, actor: Person, *, at: datetime, cause: str) -> Notice:
        """The author wants it sent at `at`: planned, or waiting for a second person.

        Raises `NotFound`, `NotAllowed`, `NotPossible`.
        """
        notice = self._own(notice_id, actor, NoticeState.DRAFT)
        state = NoticeState.AWAITING if self.needs_second(notice) else NoticeState.PLANNED
        return self._set(notice, state, actor.id, "确认发布", cause, planned_at=at)

    def needs_second(self, notice: Notice) -> bool:
        """Whether a second person must approve: policy, or more than one community."""
        match self._knowledge.notice_approval:
            case "always":
                return True
            case "never":
                return False
            case _:
                wide = len(self.reach(notice.targets).communities) > 1
                return wide or notice.tag in self._knowledge.approved_tags

    def approve(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """Somebody else who may write to all of its targets lets it go.

        Raises `NotFound`, `NotAllowed`, `NotPossible` (also when its time has passed).
        """
        notice = self._second(notice_id, actor)
        if notice.recurrence is None and self.lateness(notice) > self.grace(notice):
            raise NotPossible("预定的时间已经过了，请作者改个时间再发。")
        changed = msgspec.structs.replace(notice, approver=actor.id)
        return self._set(changed, NoticeState.PLANNED, actor.id, "审核通过", cause)

    def reject(self, notice_id: str, actor: Person, reason: str, cause: str) -> Notice:
        """Back to its author as a draft. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._second(notice_id, actor)
        return self._set(notice, NoticeState.DRAFT, actor.id, "审核退回", cause, why=reason)

    def change(self, notice_id: str, actor: Person, wording: Wording, cause: str) -> Notice:
        """Other words, targets or times, before it is sent; whoever approved must do so again.

        Raises `NotFound`, `NotAllowed`, `NotPossible`.
        """
        notice = self._own(notice_id, actor, *LIVE)
        self._authorise(actor, wording.targets)
        changed = msgspec.structs.replace(
            notice,
            text=wording.text,
            targets=wording.targets,
            planned_at=wording.planned_at,
            tag=wording.tag,
            origin=wording.origin,
            recurrence=wording.recurrence,
            late=wording.late,
            approver="",
        )
        state = notice.state
        if state is not NoticeState.DRAFT:
            state = NoticeState.AWAITING if self.needs_second(changed) else NoticeState.PLANNED
        return self._set(changed, state, actor.id, "修改通知", cause)

    def postpone(self, notice_id: str, actor: Person, at: datetime, cause: str) -> Notice:
        """Another time, the same words. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, *LIVE, NoticeState.MISSED)
        state = NoticeState.PLANNED if notice.state is NoticeState.MISSED else notice.state
        return self._set(notice, state, actor.id, "改期", cause, planned_at=at)

    def pause(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """Not until it is resumed. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, NoticeState.PLANNED)
        return self._set(notice, NoticeState.PAUSED, actor.id, "暂停通知", cause)

    def resume(self, notice_id: str, actor: Person, at: datetime, cause: str) -> Notice:
        """Go on, next at `at`. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, NoticeState.PAUSED)
        return self._set(notice, NoticeState.PLANNED, actor.id, "恢复通知", cause, planned_at=at)

    def cancel(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """Call it off before it is sent. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, *LIVE)
        return self._set(notice, NoticeState.CANCELLED, actor.id, "取消发布", cause)

    def withdraw(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """What was said holds no more. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, NoticeState.SENT, NoticeState.PLANNED)
        if not self._store.notices.runs(notice.id):
            raise NotPossible("还没有发出过，直接取消就行。")
        return self._set(notice, NoticeState.WITHDRAWN, actor.id, "作废通知", cause)

    def get(self, notice_id: str) -> Notice | None:
        """By our id."""
        return self._store.notices.get(notice_id)

    def told(self, group: Group, word: str, within: timedelta) -> tuple[Notice, datetime] | None:
        """The newest notice with this word that a group was sent lately, and when that was."""
        for row in reversed(self._store.outbox.recent(group.channel, group.chat, "", RECENT)):
            at = row.due_at or self._now
            if not row.cause.startswith("notice:") or at < self._now - within:
                continue
            notice = self._store.notices.get(row.cause[len("notice:") :].partition("@")[0])
            if notice is not None and word in notice.text and notice.state not in TAKEN_BACK:
                return notice, at
        return None

    def of(self, author: Person, limit: int) -> Sequence[Notice]:
        """A person's own notices, newest first."""
        return self._store.notices.by_author(author.id, limit)

    def planned(self, person: Person) -> Sequence[Notice]:
        """What is planned for groups that a person is in charge of, earliest first."""
        return self._concerning(person, NoticeState.PLANNED)

    def awaiting(self, person: Person) -> Sequence[Notice]:
        """What a person could approve."""
        found = self._concerning(person, NoticeState.AWAITING)
        return [notice for notice in found if notice.author != person.id]

    def lateness(self, notice: Notice) -> timedelta:
        """How long ago its time was; negative before it."""
        return self._now - notice.planned_at

    def grace(self, notice: Notice) -> timedelta:
        """How late it may still be sent without asking."""
        late = notice.late
        return self._knowledge.notice_grace if late is None else timedelta(minutes=late)

    def _concerning(self, person: Person, state: NoticeState) -> Sequence[Notice]:
        mine = {g.id for g in self._store.people.groups() if covers(person.area, g.area)}
        found = self._store.notices.by_state(state, 200)
        return [
            notice
            for notice in found
            if mine.intersection(group.id for group in self.reach(notice.targets).groups)
        ]

    def _authorise(self, author: Person, targets: Targets) -> None:
        reach = self.reach(targets)
        areas = [group.area for group in reach.groups] + list(targets.areas)
        if not may(author.role, Deed.ANNOUNCE) or not all(
            covers(author.area, area) for area in areas
        ):
            raise NotAllowed(Deed.ANNOUNCE)

    def _own(self, notice_id: str, actor: Person, *states: NoticeState) -> Notice:
        notice = self._store.notices.get(notice_id)
        if notice is None:
            raise NotFound(notice_id)
        if notice.author != actor.id:
            raise NotAllowed(Deed.ANNOUNCE)
        if notice.state not in states:
            raise NotPossible(notice.state)
        return notice

    def _second(self, notice_id: str, actor: Person) -> Notice:
        notice = self._store.notices.get(notice_id)
        if notice is None:
            raise NotFound(notice_id)
        if notice.author == actor.id:
            raise NotAllowed("审核")
        self._authorise(actor, notice.targets)
        if notice.state is not NoticeState.AWAITING:
            raise NotPossible(notice.state)
        return notice

    def _set(
        self,
        notice: Notice,
        state: NoticeState,
        actor: str,
        action: str,
        cause: str,
        *,
        planned_at: datetime | None = None,
        why: str = "",
    ) -> Notice:
        before = self._store.notices.get(notice.id)
        changed = msgspec.structs.replace(
            notice, state=state, planned_at=planned_at or notice.planned_at
        )
        return self._note(changed, before, actor, action, cause, why)

    def _note(
        self,
        notice: Notice,
        before: Notice | None,
        actor: str,
        action: str,
        cause: str,
        why: str = "",
    ) -> Notice:
        """Store a notice and a line of its history."""
        self._store.notices.save(notice)
        after = snapshot(notice)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor,
                subject=f"notice:{notice.id}",
                action=action,
                before={} if before is None else snapshot(before),
                after=after | ({"why": why} if why else {}),
                cause=cause,
            )
        )
        return notice


def snapshot(notice: Notice) -> dict[str, str]:
    """What a step may change."""
    return {
        "state": notice.state,
        "text": notice.text,
        "planned_at": notice.planned_at.isoformat(timespec="seconds"),
        "approver": notice.approver,
    }
