"""The desk: moving an appeal along, and taking one's own step back."""

from __future__ import annotations

from datetime import datetime

import msgspec

from bot.errors import NotAllowed, NotPossible
from bot.models import Appeal, Event, Person, Place, State
from bot.ports import Store
from bot.rules.appeal_flow import FLOW, Act, possible
from bot.rules.permissions import Deed, covers, may
from bot.services.history import note


class DeskService:
    """Steps on appeals within one transaction. Every step leaves a line of history."""

    def __init__(self, store: Store, now: datetime) -> None:
        self._store = store
        self._now = now

    def supply_place(
        self, appeal: Appeal, place: Place, summary: str, actor: Person, cause: str
    ) -> Appeal:
        """The missing place has been told (or cannot be): the appeal goes on the list."""
        _require(appeal, Act.SUPPLY)
        changed = msgspec.structs.replace(appeal, place=place, summary=summary)
        return self._move(appeal, changed, Act.SUPPLY, actor, cause)

    def start(self, appeal: Appeal, actor: Person, cause: str) -> Appeal:
        """我来办理. Raises `NotAllowed`, `NotPossible`."""
        _authorise(appeal, Act.START, actor)
        changed = msgspec.structs.replace(appeal, handler=actor.id, started_at=self._now)
        return self._move(appeal, changed, Act.START, actor, cause)

    def transfer(self, appeal: Appeal, unit: str, actor: Person, cause: str) -> Appeal:
        """Hand it to another unit. Raises `NotAllowed`, `NotPossible`."""
        _authorise(appeal, Act.TRANSFER, actor)
        changed = msgspec.structs.replace(
            appeal, unit=unit, started_at=appeal.started_at or self._now
        )
        return self._move(appeal, changed, Act.TRANSFER, actor, cause)

    def close(self, appeal: Appeal, result: str, actor: Person, cause: str) -> Appeal:
        """It is done. Raises `NotAllowed`, `NotPossible`."""
        _authorise(appeal, Act.CLOSE, actor)
        changed = msgspec.structs.replace(
            appeal, result=result, handler=appeal.handler or actor.id, closed_at=self._now
        )
        return self._move(appeal, changed, Act.CLOSE, actor, cause)

    def withdraw(self, appeal: Appeal, actor: Person, cause: str) -> Appeal:
        """The one who asked, or staff, takes it back. Raises `NotAllowed`, `NotPossible`."""
        if actor.id != appeal.reporter:
            _authorise(appeal, Act.WITHDRAW, actor)
        _require(appeal, Act.WITHDRAW)
        changed = msgspec.structs.replace(appeal, closed_at=self._now)
        return self._move(appeal, changed, Act.WITHDRAW, actor, cause)

    def undo(self, event: Event, actor: Person, cause: str) -> Appeal:
        """Take back one's own last step; recording (and telling the place) is undone by
        withdrawing. Raises `NotPossible` when somebody acted after it.
        """
        appeal = self._store.appeals.get(event.subject.partition(":")[2])
        history = self._store.events.of(event.subject)
        if appeal is None or history[-1].id != event.id:
            raise NotPossible("这件事后来又有人处理过，撤不回来了。")
        if event.action in {Act.RECORD, Act.SUPPLY}:
            _require(appeal, Act.WITHDRAW)
            gone = msgspec.structs.replace(appeal, closed_at=self._now)
            return self._move(appeal, gone, Act.WITHDRAW, actor, cause, noted=Act.UNDO)
        restored = _restored(appeal, event)
        self._store.appeals.save(restored)
        note(self._store, self._now, Act.UNDO, actor, before=appeal, after=restored, cause=cause)
        return restored

    def _move(
        self,
        before: Appeal,
        changed: Appeal,
        act: Act,
        actor: Person,
        cause: str,
        noted: Act | None = None,
    ) -> Appeal:
        """Store a step; `noted` is what the history calls it, if not by its own name."""
        after = msgspec.structs.replace(changed, state=FLOW[act].target)
        self._store.appeals.save(after)
        act = noted or act
        note(self._store, self._now, act, actor, before=before, after=after, cause=cause)
        return after


def _authorise(appeal: Appeal, act: Act, actor: Person) -> None:
    if not may(actor.role, Deed.HANDLE) or not covers(actor.area, appeal.area):
        raise NotAllowed(act)
    _require(appeal, act)


def _require(appeal: Appeal, act: Act) -> None:
    if appeal.state not in FLOW[act].sources:
        raise NotPossible(appeal.state, possible(appeal.state))


def _restored(appeal: Appeal, event: Event) -> Appeal:
    """The appeal as it was before a step."""
    state = State(event.before["state"])
    return msgspec.structs.replace(
        appeal,
        state=state,
        unit=event.before["unit"],
        handler=event.before["handler"],
        result=event.before["result"],
        started_at=appeal.started_at if state is State.WORKING else None,
        closed_at=None,
    )
