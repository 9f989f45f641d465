"""Notices: drafted, confirmed, sent once at their minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.models import Event, Group, Notice, NoticeState, Person
from bot.ports import Store
from bot.rules.permissions import Deed, covers, may
from bot.services.knowledge import Knowledge


class NoticesService:
    """Notices within one transaction."""

    def __init__(self, store: Store, knowledge: Knowledge, now: datetime) -> None:
        self._store = store
        self._knowledge = knowledge
        self._now = now

    def draft(
        self,
        author: Person,
        text: str,
        groups: Sequence[Group],
        planned_at: datetime,
        cause: str,
    ) -> Notice:
        """Write down a notice that is not yet confirmed. Raises `NotAllowed`."""
        if not may(author.role, Deed.ANNOUNCE) or not all(
            covers(author.area, group.area) for group in groups
        ):
            raise NotAllowed(Deed.ANNOUNCE)
        notice = Notice(
            id=f"n{self._store.appeals.next_number('notices')}",
            author=author.id,
            text=text,
            groups=tuple(group.id for group in groups),
            planned_at=planned_at,
            state=NoticeState.DRAFT,
            created_at=self._now,
        )
        return self._note(notice, "", author.id, "起草", cause)

    def reach(self, author: Person) -> Sequence[Group]:
        """The groups that an author may write to. Raises `NotAllowed` when there is none."""
        groups = [group for group in self._store.people.groups() if covers(author.area, group.area)]
        # 第2微网格 before 第10微网格.
        groups.sort(key=lambda group: (len(group.area), group.area, group.name))
        if not groups or not may(author.role, Deed.ANNOUNCE):
            raise NotAllowed(Deed.ANNOUNCE)
        return groups

    def last_draft(self, author: Person, within: timedelta) -> Notice | None:
        """What an author drafted last, if nothing has become of it."""
        last = self._store.events.last_by(author.id, self._now - within)
        if last is None or last.action != "起草":
            return None
        notice = self._store.notices.get(last.subject.partition(":")[2])
        return notice if notice is not None and notice.state is NoticeState.DRAFT else None

    def confirm(self, notice_id: str, actor: Person, *, at: datetime, cause: str) -> Notice:
        """Plan a draft for `at`. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor)
        if notice.state is not NoticeState.DRAFT:
            raise NotPossible(notice.state)
        return self._set(notice, NoticeState.PLANNED, actor.id, "确认发布", cause, at=at)

    def cancel(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """Call a draft or planned notice off. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor)
        if notice.state not in {NoticeState.DRAFT, NoticeState.PLANNED}:
            raise NotPossible(notice.state)
        return self._set(notice, NoticeState.CANCELLED, actor.id, "取消发布", cause)

    def next_due(self) -> datetime | None:
        """When the earliest planned notice is due."""
        return self._store.notices.next_due()

    def due(self) -> Sequence[Notice]:
        """Notices whose time has come."""
        return self._store.notices.due(self._now)

    def is_late(self, notice: Notice) -> bool:
        """Whether its time passed so long ago that its author must be asked."""
        return self._now - notice.planned_at > self._knowledge.notice_grace

    def start(self, notice: Notice) -> Sequence[Group]:
        """Claim the one run of a due notice; the groups to send to, none if it already ran."""
        if not self._store.notices.start_run(notice.id, notice.planned_at, self._now):
            return []
        self._set(notice, NoticeState.SENT, "", "发出", "")
        groups = [self._store.people.group_by_id(group) for group in notice.groups]
        return [group for group in groups if group is not None]

    def miss(self, notice: Notice) -> None:
        """Its time passed while nobody was there; it waits for its author."""
        self._set(notice, NoticeState.MISSED, "", "错过时间", "")

    def get(self, notice_id: str) -> Notice | None:
        """By our id."""
        return self._store.notices.get(notice_id)

    def planned(self, person: Person) -> Sequence[Notice]:
        """What is planned for groups that a person is in charge of, earliest first."""
        groups = {g.id for g in self._store.people.groups() if covers(person.area, g.area)}
        found = self._store.notices.by_state(NoticeState.PLANNED, 50)
        return [notice for notice in found if groups.intersection(notice.groups)]

    def _own(self, notice_id: str, actor: Person) -> Notice:
        notice = self._store.notices.get(notice_id)
        if notice is None:
            raise NotFound(notice_id)
        if notice.author != actor.id:
            raise NotAllowed(Deed.ANNOUNCE)
        return notice

    def _set(
        self,
        notice: Notice,
        state: NoticeState,
        actor: str,
        action: str,
        cause: str,
        at: datetime | None = None,
    ) -> Notice:
        changed = msgspec.structs.replace(
            notice, state=state, planned_at=notice.planned_at if at is None else at
        )
        return self._note(changed, notice.state, actor, action, cause)

    def _note(self, notice: Notice, before: str, actor: str, action: str, cause: str) -> Notice:
        """Store a notice and a line of its history."""
        self._store.notices.save(notice)
        self._store.events.add(
            Event(
                id="",
                at=self._now,
                actor=actor,
                subject=f"notice:{notice.id}",
                action=action,
                before={"state": before} if before else {},
                after={"state": notice.state},
                cause=cause,
            )
        )
        return notice
