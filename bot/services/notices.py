"""Notices as their authors see them: drafted, confirmed, approved, changed, called off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.language.notice_words import origin_of
from bot.models import (
    Event,
    Notice,
    NoticeState,
    Person,
    Recurrence,
    Targets,
)
from bot.rules.permissions import Deed, covers, may
from bot.services.notice_looks import NoticeLooks, Wording

__all__ = ["LIVE", "RESTORABLE", "NoticesService", "Wording", "snapshot"]

RESTORABLE = frozenset({"改期", "暂停通知", "恢复通知", "审核通过", "审核退回"})
LIVE = (NoticeState.DRAFT, NoticeState.AWAITING, NoticeState.PLANNED, NoticeState.PAUSED)


class NoticesService(NoticeLooks):
    """Notices within one transaction: each step is stored with its history."""

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
            urgent=wording.urgent,
            variants=wording.variants,
            media=wording.media,
        )
        return self._note(notice, None, author.id, "起草", cause)

    def confirm(
        self, notice_id: str, actor: Person, *, at: datetime, cause: str, twice: bool = False
    ) -> Notice:
        """The author wants it sent at `at`: planned, or waiting for a second person.

        `twice`: also where the same was just said. In quiet hours it waits for the morning.
        Raises `NotFound`, `NotAllowed`, `NotPossible`.
        """
        notice = self._own(notice_id, actor, NoticeState.DRAFT)
        notice = msgspec.structs.replace(notice, twice=twice)
        state = NoticeState.AWAITING if self.needs_second(notice) else NoticeState.PLANNED
        out = at if notice.recurrence is not None else self.goes_out(notice, at)
        return self._set(notice, state, actor.id, "确认发布", cause, planned_at=out)

    def hurry(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """A draft that cannot wait for the morning.

        Raises `NotFound`, `NotAllowed`, `NotPossible`.
        """
        notice = self._own(notice_id, actor, NoticeState.DRAFT)
        urgent = msgspec.structs.replace(notice, urgent=True)
        return self._set(urgent, NoticeState.DRAFT, actor.id, "改为紧急", cause)

    def attach(self, notice_id: str, actor: Person, media: Sequence[str], cause: str) -> Notice:
        """What goes along with a draft. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, NoticeState.DRAFT)
        more = msgspec.structs.replace(notice, media=tuple(media))
        return self._set(more, NoticeState.DRAFT, actor.id, "附图", cause)

    def name_source(self, notice_id: str, actor: Person, line: str, cause: str) -> Notice:
        """Add the line that says whom a draft's words come from.

        Raises `NotFound`, `NotAllowed`, `NotPossible`.
        """
        notice = self._own(notice_id, actor, NoticeState.DRAFT)
        variants = {group: f"{words}\n{line}" for group, words in notice.variants.items()}
        text = f"{notice.text}\n{line}" if notice.text else ""
        named = msgspec.structs.replace(
            notice, text=text, variants=variants, origin=origin_of(line, self.today)
        )
        return self._set(named, NoticeState.DRAFT, actor.id, "写明来源", cause)

    def approve(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """Somebody else who may write to all of its targets lets it go.

        Raises `NotFound`, `NotAllowed`, `NotPossible` (also when its time has passed).
        """
        notice = self._second(notice_id, actor)
        if notice.recurrence is None and self.lateness(notice) > self.grace(notice):
            raise NotPossible("预定的时间已经过了，请作者改个时间再发。")
        changed = msgspec.structs.replace(notice, approver=actor.id)
        if notice.recurrence is not None and notice.planned_at < self._now:
            following = self.times(notice.recurrence)
            if not following:
                raise NotPossible("后面没有要发的时间了，请作者改个时间再发。")
            changed = msgspec.structs.replace(changed, planned_at=following[0])
        elif notice.recurrence is None and self.goes_out(notice, self._now) > self._now:
            later = max(notice.planned_at, self.goes_out(notice, self._now))
            changed = msgspec.structs.replace(changed, planned_at=later)
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
            urgent=wording.urgent,
            variants=wording.variants,
            media=wording.media,
            approver="",
        )
        state = notice.state
        if state is not NoticeState.DRAFT:
            state = NoticeState.AWAITING if self.needs_second(changed) else NoticeState.PLANNED
        return self._set(changed, state, actor.id, "修改通知", cause)

    def postpone(
        self,
        notice_id: str,
        actor: Person,
        at: datetime,
        cause: str,
        again: Recurrence | None = None,
    ) -> Notice:
        """Another time, the same words; `again`: from now on as often as that.

        Raises `NotFound`, `NotAllowed`, `NotPossible`.
        """
        notice = self._own(notice_id, actor, *LIVE, NoticeState.MISSED)
        state = NoticeState.PLANNED if notice.state is NoticeState.MISSED else notice.state
        if again is not None:
            notice = msgspec.structs.replace(notice, recurrence=again)
        out = self.goes_out(notice, at)
        return self._set(notice, state, actor.id, "改期", cause, planned_at=out)

    def pause(self, notice_id: str, actor: Person, cause: str) -> Notice:
        """Not until it is resumed. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, NoticeState.PLANNED)
        return self._set(notice, NoticeState.PAUSED, actor.id, "暂停通知", cause)

    def resume(self, notice_id: str, actor: Person, at: datetime, cause: str) -> Notice:
        """Go on, next at `at`. Raises `NotFound`, `NotAllowed`, `NotPossible`."""
        notice = self._own(notice_id, actor, NoticeState.PAUSED)
        out = self.goes_out(notice, at)
        return self._set(notice, NoticeState.PLANNED, actor.id, "恢复通知", cause, planned_at=out)

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

    def _authorise(self, author: Person, targets: Targets) -> None:
        areas = self._areas(targets)
        if not may(author.role, Deed.ANNOUNCE) or not all(
            covers(author.area, area) for area in areas
        ):
            raise NotAllowed(Deed.ANNOUNCE)

    def undo(self, event: Event, actor: Person, cause: str) -> Notice:
        """Take one's own step back. Raises `NotFound`, `NotPossible` when more happened since."""
        notice = self._store.notices.get(event.subject.partition(":")[2])
        if notice is None:
            raise NotFound(event.subject)
        since = {key: value for key, value in event.after.items() if key != "why"}
        if event.action not in RESTORABLE or snapshot(notice) != since:
            raise NotPossible(event.action)
        before = event.before
        recurrence = before.get("recurrence", "")
        restored = msgspec.structs.replace(
            notice,
            approver=before["approver"],
            recurrence=msgspec.json.decode(recurrence, type=Recurrence) if recurrence else None,
        )
        at = datetime.fromisoformat(before["planned_at"])
        state = NoticeState(before["state"])
        return self._set(restored, state, actor.id, "撤销", cause, planned_at=at)

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
        "media": " ".join(notice.media),
        "urgent": "1" if notice.urgent else "",
        "recurrence": ""
        if notice.recurrence is None
        else msgspec.json.encode(notice.recurrence).decode(),
    }
