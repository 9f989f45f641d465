"""The desk under anything people may do in any order, twice, at once, and taken back.

A machine takes steps that fit and steps that do not, by people who may and who may not, over the
real store; after each it looks at everything that must always hold.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.app import build_knowledge
from bot.config import Config
from bot.errors import DomainError, NotPossible
from bot.models import Appeal, Event, Level, Person, Place, Rating, Role, State
from bot.ports import Store
from bot.rules.appeal_flow import FLOW, OPEN, STOPPED, Act, target
from bot.services.appeals import AppealsService
from bot.services.desk import CLOCK, DeskService
from bot.services.history import replayed, snapshot
from bot.services.knowledge import Knowledge
from bot.testing.conversation import START
from tests.services.conftest import FIRST, LEAD, RESIDENT, STEWARD, Room, person
from tests.trust.figures import Ledger, times

OTHER = person("二管家", Role.STEWARD)
NEIGHBOUR = person("居民乙")
STRANGER = person("外管家", Role.STEWARD, "海棠街道/春晓社区/第9微网格")
PARTNER = Person(
    id="test:灯店", channel="test", user="灯店", name="灯店", role=Role.PARTNER,
    area="海棠街道/春晓社区", unit="灯具店", serves=("GGSS",),
)  # fmt: skip
PEOPLE = (LEAD, STEWARD, LEAD, OTHER, LEAD, RESIDENT, NEIGHBOUR, PARTNER, STRANGER, CLOCK)
FIFTH = Place(building="5幢")
Do = Callable[[Room, DeskService, Store, Appeal, Person, datetime], object]


def _other(store: Store, appeal: Appeal) -> Appeal:
    """The appeal with the next number; behind the last one the first."""
    following = store.appeals.get(f"a{int(appeal.id[1:]) + 1}")
    return following or store.appeals.get("a1") or appeal


STEPS: dict[str, Do] = {
    "受理": lambda _, d, s, a, who, now: d.start(a, who, "m"),
    "分派": lambda _, d, s, a, who, now: d.assign(a, who, "m", to=OTHER),
    "转办": lambda _, d, s, a, who, now: d.transfer(a, "城管", who, "m"),
    "要求补充": lambda _, d, s, a, who, now: d.ask(a, "几楼", who, "m"),
    "补充": lambda _, d, s, a, who, now: d.supply(a, "三楼", who, "m"),
    "补充地点": lambda _, d, s, a, who, now: d.supply_place(a, FIFTH, "灯", who, "m"),
    "挂账": lambda _, d, s, a, who, now: d.park(a, now + timedelta(days=3), "等材料", who, "m"),
    "恢复": lambda _, d, s, a, who, now: d.resume(a, who, "m"),
    "延期": lambda _, d, s, a, who, now: d.extend(a, now + timedelta(days=9), "等人", who, "m"),
    "催办": lambda _, d, s, a, who, now: d.urge(a, who, "m"),
    "备注": lambda _, d, s, a, who, now: d.remark(a, "内部的话", who, "m"),
    "上报": lambda _, d, s, a, who, now: d.escalate(a, Level.STREET, "大工委", "难", who, "m"),
    "答复": lambda _, d, s, a, who, now: d.answer(a, "下月办", who, "m"),
    "认领": lambda _, d, s, a, who, now: d.claim(a, who, "m"),
    "确认认领": lambda _, d, s, a, who, now: d.confirm_claim(a, who, "m"),
    "退回认领": lambda _, d, s, a, who, now: d.return_claim(a, "不用", who, "m"),
    "办结": lambda _, d, s, a, who, now: d.close(a, "换好了", who, "m"),
    "满意": lambda _, d, s, a, who, now: d.rate(a, Rating.GOOD, who, "m"),
    "不满意": lambda _, d, s, a, who, now: d.rate(a, Rating.BAD, who, "m", "没来"),
    "销号": lambda _, d, s, a, who, now: d.confirm(a, who, "m"),
    "重开": lambda _, d, s, a, who, now: d.reopen(a, "又坏了", who, "m"),
    "不受理": lambda _, d, s, a, who, now: d.decline(a, "归市政", who, "m"),
    "撤回": lambda _, d, s, a, who, now: d.withdraw(a, who, "m"),
    "回头看": lambda _, d, s, a, who, now: d.recheck(a, now + timedelta(days=30), who, "m"),
    "合并": lambda _, d, s, a, who, now: d.merge(a, _other(s, a), who, "m"),
    "附议": lambda _, d, s, a, who, now: d.support(a, who, "m"),
    "拆分": lambda r, d, s, a, who, now: d.split(a, r.report(), [r.report()], who, "m"),
    "同类排查": lambda r, d, s, a, who, now: d.sweep(a, [r.report()], who, "m"),
}  # fmt: skip


STEP = st.sampled_from(sorted(STEPS))
WHICH = st.integers(0, 5)


@cache
def knowledge() -> Knowledge:
    """The shipped tables, read once."""
    return build_knowledge(Config())


class Desk(RuleBasedStateMachine):
    """Some appeals, eight people, one clock."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.room = Room(Path(self._folder.name), knowledge())
        self.now = START
        self.told: dict[str, Event] = {}
        self.room.within(self._seed)

    def teardown(self) -> None:
        self.room.close()
        self._folder.cleanup()

    @initialize()
    def three_reports(self) -> None:
        for place in (True, True, False):
            self.somebody_reports(place)

    @rule(place=st.booleans())
    def somebody_reports(self, place: bool) -> None:
        def report(store: Store) -> None:
            made = self._register(store).record(self.room.report(building="3幢" if place else ""))
            assert made.state is (State.PENDING if place else State.NEEDS_INFO)

        self.room.within(report)

    @rule(step=STEP, which=WHICH, who=st.sampled_from(PEOPLE), again=st.booleans())
    def anybody_tries_anything(self, step: str, which: int, who: Person, again: bool) -> None:
        for _ in range(2 if again else 1):
            self.room.within(lambda store: self._act(store, step, which, who))

    @rule(draw=st.integers(0, 999), which=WHICH, seconds=st.integers(0, 200))
    def a_step_that_fits(self, draw: int, which: int, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.room.within(lambda store: self._fitting(store, draw, which))

    @rule(draw=st.integers(0, 999), which=WHICH)
    def a_step_and_back(self, draw: int, which: int) -> None:
        def there_and_back(store: Store) -> None:
            rows = {one.id: one for one in self._all(store)}
            self.now += timedelta(minutes=6)  # nothing older is taken back
            who = self._fitting(store, draw, which)
            if who is not None and self._undo(store, who):
                left = {one.id: one for one in self._all(store)}
                assert {key: left[key] for key in rows} == rows, "undoing gives back every field"

        self.room.within(there_and_back)

    @rule(one=WHICH, other=WHICH)
    def two_are_merged(self, one: int, other: int) -> None:
        def merge(store: Store) -> None:
            found = self._all(store)
            appeal, into = found[one % len(found)], found[other % len(found)]
            with contextlib.suppress(DomainError), store.savepoint():
                self._desk(store).merge(appeal, into, LEAD, "m")

        self.room.within(merge)

    @rule(who=st.sampled_from(PEOPLE[:-2]))
    def somebody_takes_it_back(self, who: Person) -> None:
        self.room.within(lambda store: self._undo(store, who))

    @rule(minutes=st.integers(1, 3000))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @invariant()
    def history_is_never_edited_and_tells_the_row(self) -> None:
        def check(store: Store) -> None:
            for appeal in self._all(store):
                history = store.events.of(f"appeal:{appeal.id}")
                for event in history:
                    assert self.told.setdefault(event.id, event) == event
                known = {e.id for e in self.told.values() if e.subject == f"appeal:{appeal.id}"}
                assert known == {event.id for event in history}
                assert replayed(history) == snapshot(appeal)
                for event in history:
                    _follows_the_table(event)

        self.room.within(check)

    @invariant()
    def what_always_holds(self) -> None:
        def check(store: Store) -> None:
            found = self._all(store)
            assert len({appeal.number for appeal in found}) == len(found)
            assert len({(appeal.group, appeal.short) for appeal in found}) == len(found)
            for appeal in found:
                _stands(appeal)
                if appeal.merged_into:
                    _ends_somewhere(store, appeal)

        self.room.within(check)

    def _act(self, store: Store, step: str, which: int, who: Person) -> bool:
        """Try a step; False when it was refused, and then nothing has changed."""
        found = self._all(store)
        appeal = found[which % len(found)]
        rows = {one.id: one for one in found}
        known = self._lines(store, found)
        try:
            with store.savepoint():
                STEPS[step](self.room, self._desk(store), store, appeal, who, self.now)
        except DomainError:
            assert {one.id: one for one in self._all(store)} == rows, "a refusal changed something"
            assert self._lines(store, found) == known, "a refusal wrote a line"
            return False
        return True

    def _fitting(self, store: Store, draw: int, which: int) -> Person | None:
        """Take the first step from `draw` on that is possible; returns who took it."""
        names = sorted(STEPS)
        for offset in range(len(names) * len(PEOPLE)):
            step = names[(draw + offset) % len(names)]
            who = PEOPLE[(draw // len(names) + offset // len(names)) % len(PEOPLE)]
            if self._act(store, step, which, who):
                return who
        return None

    def _undo(self, store: Store, who: Person) -> bool:
        """Take back somebody's last step; False when that is not possible."""
        last = store.events.last_by(who.id, self.now - timedelta(minutes=5))
        if last is None or last.action == Act.UNDO:
            return False
        found = self._all(store)
        rows = {one.id: one for one in found}
        try:
            with store.savepoint():
                back = self._desk(store).undo(last, who, "m")
        except NotPossible:
            assert {one.id: one for one in self._all(store)} == rows
            return False
        if last.action == Act.RECORD:
            assert back.state is State.WITHDRAWN
        return back.state is not State.WITHDRAWN or rows[back.id].state is State.WITHDRAWN

    def _desk(self, store: Store) -> DeskService:
        return DeskService(store, knowledge(), self.now)

    @staticmethod
    def _lines(store: Store, found: list[Appeal]) -> set[str]:
        return {event.id for one in found for event in store.events.of(f"appeal:{one.id}")}

    def _all(self, store: Store) -> list[Appeal]:
        found: list[Appeal] = []
        while (appeal := store.appeals.get(f"a{len(found) + 1}")) is not None:
            found.append(appeal)
        return found

    def _register(self, store: Store) -> AppealsService:
        return self.room.appeals(store, (self.now - START).total_seconds() / 60)

    @staticmethod
    def _seed(store: Store) -> None:
        store.people.save_group(FIRST)
        for one in PEOPLE:
            if one.id:
                store.people.save(one)


def _follows_the_table(event: Event) -> None:
    if event.action in {Act.RECORD, Act.UNDO}:
        return
    act, before = Act(event.action), State(event.before["state"])
    assert before in FLOW[act].sources
    reached = {target(act, before, started=started) for started in (False, True)}
    assert State(event.after["state"]) in reached


def _stands(appeal: Appeal) -> None:
    assert (appeal.closed_at is None) == (appeal.state in OPEN)
    assert (appeal.stopped_at is not None) == (appeal.state in STOPPED)
    assert (appeal.parked_until is not None) == (appeal.state is State.PARKED)
    assert (appeal.merged_into != "") == (appeal.state is State.MERGED)
    assert appeal.state is not State.WORKING or appeal.started_at is not None
    assert appeal.rating is None or appeal.rated_at is not None
    assert (appeal.claimant != "") == (appeal.claimed_at is not None)


def _ends_somewhere(store: Store, appeal: Appeal) -> None:
    seen = set()
    here: Appeal | None = appeal
    while here is not None and here.merged_into:
        assert here.id not in seen, "a circle of merged appeals"
        seen.add(here.id)
        here = store.appeals.get(here.merged_into)
    assert here is not None
    assert here.state is not State.MERGED


CHECKS = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def test_a_short_day_at_the_desk() -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=3, stateful_step_count=15, deadline=None, suppress_health_check=CHECKS
        ),
    )


@pytest.mark.slow
@pytest.mark.trust
def test_long_days_at_the_desk(figure: Ledger) -> None:
    """C-9: steps by anybody in any order, held against a model of the rules after each.

    `HAITANG_DESK_DAYS`: how many days of up to 40 steps.
    """
    days = int(os.environ.get("HAITANG_DESK_DAYS", str(max(25, times(250)))))
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=days, stateful_step_count=40, deadline=None, suppress_health_check=CHECKS
        ),
    )
    figure(
        "C-9",
        "days at the desk of up to 40 random steps each, checked against a model after every step",
        days,
        "0 invariants broken",
    )
