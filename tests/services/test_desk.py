"""The desk: every step of every state, who may take it, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.errors import NotAllowed, NotPossible
from bot.models import Appeal, Event, Level, Person, Place, Role, State
from bot.ports import Store
from bot.rules.appeal_flow import FLOW, Act, target
from bot.services.desk import DeskService
from bot.testing.conversation import START
from tests.services.conftest import LEAD, RESIDENT, STEWARD, Room, person

Step = Callable[[DeskService, Appeal, Person], Appeal]
STEPS: dict[Act, Step] = {
    Act.SUPPLY: lambda desk, a, who: desk.supply_place(a, Place(building="3幢"), "灯", who, "m"),
    Act.START: lambda desk, a, who: desk.start(a, who, "m"),
    Act.TRANSFER: lambda desk, a, who: desk.transfer(a, "电梯维保", who, "m"),
    Act.CLOSE: lambda desk, a, who: desk.close(a, "换好了", who, "m"),
    Act.WITHDRAW: lambda desk, a, who: desk.withdraw(a, who, "m"),
    Act.ASK: lambda desk, a, who: desk.ask(a, "哪一层", who, "m"),
    Act.PARK: lambda desk, a, who: desk.park(a, START + timedelta(days=9), "等材料", who, "m"),
    Act.RESUME: lambda desk, a, who: desk.resume(a, who, "m"),
    Act.EXTEND: lambda desk, a, who: desk.extend(a, START + timedelta(days=9), "等人", who, "m"),
    Act.CONFIRM: lambda desk, a, who: desk.confirm(a, who, "m"),
    Act.REOPEN: lambda desk, a, who: desk.reopen(a, "又坏了", who, "m"),
    Act.DECLINE: lambda desk, a, who: desk.decline(a, "找供电公司", who, "m"),
    Act.URGE: lambda desk, a, who: desk.urge(a, who, "m"),
    Act.ASSIGN: lambda desk, a, who: desk.assign(a, who, "m", to=STEWARD),
    Act.ESCALATE: lambda desk, a, who: desk.escalate(a, Level.GRID, "", "办不了", who, "m"),
    Act.RECHECK: lambda desk, a, who: desk.recheck(a, START + timedelta(days=9), who, "m"),
}
TO: dict[State, tuple[Act, ...]] = {
    State.PENDING: (),
    State.NEEDS_INFO: (),
    State.WORKING: (Act.START,),
    State.PARKED: (Act.PARK,),
    State.DONE: (Act.CLOSE,),
    State.STRUCK: (Act.CLOSE, Act.CONFIRM),
    State.DECLINED: (Act.DECLINE,),
    State.MERGED: (Act.MERGE,),
    State.WITHDRAWN: (Act.WITHDRAW,),
}


def made(room: Room, store: Store, state: State) -> Appeal:
    """An appeal in this state."""
    building = "" if state is State.NEEDS_INFO else "3幢"
    appeal = room.appeals(store).record(room.report(building=building))
    for act in TO[state]:
        if act is Act.MERGE:
            other = room.appeals(store).record(room.report())
            appeal = room.desk(store).merge(appeal, other, LEAD, "m")
        else:
            appeal = STEPS[act](room.desk(store), appeal, LEAD)
    assert appeal.state is state
    return appeal


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(STEPS))
def test_every_step_from_every_state(room: Room, state: State, act: Act) -> None:
    def step(store: Store) -> None:
        appeal = made(room, store, state)
        if state in FLOW[act].sources:
            after = STEPS[act](room.desk(store), appeal, LEAD)
            started = appeal.started_at is not None
            assert after.state is target(act, state, started=started)
            assert store.appeals.get(appeal.id) == after
            assert store.events.of(f"appeal:{appeal.id}")[-1].action == act
        else:
            with pytest.raises(NotPossible) as caught:
                STEPS[act](room.desk(store), appeal, LEAD)
            merged = "1号已并到2号一起办，请直接对2号操作。"
            assert str(caught.value) == (merged if state is State.MERGED else state)
            assert store.appeals.get(appeal.id) == appeal

    room.within(step)


@pytest.mark.parametrize("act", [Act.START, Act.TRANSFER, Act.CLOSE])
@pytest.mark.parametrize(
    "who",
    [
        RESIDENT,
        person("先锋", Role.VOLUNTEER),
        person("二管家", Role.STEWARD, "海棠街道/春晓社区/第2微网格"),
        person("别的社区", Role.COMMUNITY, "海棠街道/春晓社区东"),
    ],
    ids=lambda who: who.name,
)
def test_who_may_not(room: Room, act: Act, who: Person) -> None:
    def step(store: Store) -> None:
        appeal = made(room, store, State.PENDING)
        with pytest.raises(NotAllowed):
            STEPS[act](room.desk(store), appeal, who)
        assert store.appeals.get(appeal.id) == appeal

    room.within(step)


def test_the_asker_may_withdraw_and_a_neighbour_may_not(room: Room) -> None:
    def step(store: Store) -> None:
        appeal = made(room, store, State.WORKING)
        with pytest.raises(NotAllowed):
            room.desk(store).withdraw(appeal, person("居民乙"), "m")
        assert room.desk(store).withdraw(appeal, RESIDENT, "m").state is State.WITHDRAWN

    room.within(step)


def test_what_a_step_writes_down(room: Room) -> None:
    def step(store: Store) -> Event:
        appeal = made(room, store, State.PENDING)
        room.desk(store, 3).transfer(appeal, "电梯维保", STEWARD, "m7")
        return store.events.of(f"appeal:{appeal.id}")[-1]

    event = room.within(step)
    assert (event.actor, event.action, event.cause) == ("test:管家", "转办", "m7")
    assert (event.before["unit"], event.after["unit"]) == ("物业", "电梯维保")
    assert (event.before["state"], event.after["state"]) == ("待受理", "办理中")


@pytest.mark.parametrize("act", [act for act in STEPS if act is not Act.SUPPLY])
@pytest.mark.parametrize("state", list(State))
def test_undoing_gives_back_what_was(room: Room, act: Act, state: State) -> None:
    def step(store: Store) -> None:
        appeal = made(room, store, state)
        if state not in FLOW[act].sources:
            return
        STEPS[act](room.desk(store, 2), appeal, LEAD)
        last = store.events.of(f"appeal:{appeal.id}")[-1]
        assert room.desk(store, 4).undo(last, LEAD, "m") == appeal
        assert store.appeals.get(appeal.id) == appeal
        assert store.events.of(f"appeal:{appeal.id}")[-1].action == Act.UNDO

    room.within(step)


@pytest.mark.parametrize("told", [False, True])
def test_undoing_the_record_withdraws_it(room: Room, told: bool) -> None:
    def step(store: Store) -> None:
        appeal = made(room, store, State.NEEDS_INFO)
        if told:
            STEPS[Act.SUPPLY](room.desk(store), appeal, RESIDENT)
        last = store.events.of(f"appeal:{appeal.id}")[-1]
        assert room.desk(store).undo(last, RESIDENT, "m").state is State.WITHDRAWN

    room.within(step)


def test_nothing_is_undone_behind_somebodys_back(room: Room) -> None:
    def step(store: Store) -> None:
        appeal = made(room, store, State.PENDING)
        started = room.desk(store).start(appeal, STEWARD, "m")
        mine = store.events.of(f"appeal:{appeal.id}")[-1]
        room.desk(store).close(started, "", person("网格长", Role.GRID_LEAD), "m")
        with pytest.raises(NotPossible, match="后来又有人处理过"):
            room.desk(store).undo(mine, STEWARD, "m")

    room.within(step)
