"""撤销: one's own last step is taken back, every field as it was before it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.errors import NotPossible
from bot.models import Appeal, Event, Person, State
from bot.rules.appeal_flow import FLOW, Act
from bot.services.desk.steps import Steps
from bot.services.history import aside, restored, subject

_WITH_CHILDREN = frozenset({Act.SPLIT, Act.SWEEP})


class Undoing(Steps):
    """Taking back."""

    def undo(self, event: Event, actor: Person, cause: str) -> Appeal:
        """Take back one's own last step; recording is undone by withdrawing.

        Raises `NotPossible` when somebody acted after it.
        """
        appeal = self._store.appeals.get(event.subject.partition(":")[2])
        history = self._store.events.of(event.subject)
        later = [line for line in history if line.id > event.id and not aside(line)]
        if appeal is None or later:
            raise NotPossible("这件事后来又有人处理过，撤不回来了。")
        if event.action == Act.RECORD or _own_words(event, history):
            return self._drop(appeal, actor, cause)
        if event.action in _WITH_CHILDREN:
            self._drop_children(appeal, event, actor, cause)
        elif event.action == Act.SUPPORT:
            self._store.supporters.remove(appeal.id, actor.id)
        elif event.action == Act.NOTE:
            self._forget_note(appeal, event)
        before = restored(appeal, event.before)
        self._store.appeals.save(before)
        self._write(Act.UNDO, actor, appeal, before, cause, event.action)
        return before

    def _drop(self, appeal: Appeal, actor: Person, cause: str) -> Appeal:
        """What should not have been recorded: withdrawn, under the name of an undoing."""
        if appeal.state not in FLOW[Act.WITHDRAW].sources:
            raise NotPossible(appeal.state)
        gone = self._stamped(appeal, appeal, State.WITHDRAWN)
        self._store.appeals.save(gone)
        self._write(Act.UNDO, actor, appeal, gone, cause, Act.RECORD)
        return gone

    def _drop_children(self, appeal: Appeal, event: Event, actor: Person, cause: str) -> None:
        """What a 拆分 or 同类排查 recorded goes with it, unless somebody has touched it."""
        below = self._store.appeals.below(appeal.id)
        made = [child for child in below if child.number in event.reason]
        for child in made:
            if len(self._store.events.of(subject(child))) > 1:
                raise NotPossible(f"分出来的{child.short}号已经有人处理过，撤不回来了。")
        for child in made:
            self._drop(child, actor, cause)

    def _forget_note(self, appeal: Appeal, event: Event) -> None:
        mine = [n for n in self._store.notes.of(appeal.id) if n.author == event.actor]
        if mine:
            self._store.notes.withdraw(mine[-1].id, self._now)


def _own_words(event: Event, history: Sequence[Event]) -> bool:
    """Whether a 补充 only completed what the same person had just recorded."""
    return event.action == Act.SUPPLY and all(line.actor == event.actor for line in history)
