"""Notices: drafted, planned, run once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.models import Group, GroupState, Notice, NoticeState, Outgoing, Person, Role, Targets
from bot.ports import Store
from bot.services.notices import Wording
from bot.testing.conversation import START
from tests.services.conftest import FIRST, RESIDENT, STEWARD, Room, group, person

NOON = START + timedelta(hours=3)
OTHER = group("二群", "海棠街道/春晓社区/第2微网格")


def wording(*groups: Group, **changes: Any) -> Wording:
    """停水, for noon."""
    targets = Targets(groups=tuple(group.id for group in groups or (FIRST,)))
    made = Wording(text="停水", targets=targets, planned_at=NOON)
    return msgspec.structs.replace(made, **changes)


def drafted(room: Room, store: Store, **changes: Any) -> Notice:
    """A draft of 管家 for noon."""
    return room.notices(store).draft(STEWARD, wording(**changes), "m")


def planned(room: Room, store: Store, **changes: Any) -> Notice:
    """The same, confirmed."""
    notice = drafted(room, store, **changes)
    return room.notices(store).confirm(notice.id, STEWARD, at=NOON, cause="m")


@pytest.mark.parametrize(
    ("author", "to"),
    [
        (RESIDENT, FIRST),
        (person("先锋", Role.VOLUNTEER), FIRST),
        (person("网格员", Role.GRID_WORKER), FIRST),
        (STEWARD, OTHER),
    ],
)
def test_who_may_not_announce_where(room: Room, author: Person, to: Group) -> None:
    def draft(store: Store) -> None:
        store.people.save_group(OTHER)
        room.notices(store).draft(author, wording(to), "m")

    with pytest.raises(NotAllowed):
        room.within(draft)


@pytest.mark.parametrize(
    ("author", "names"),
    [
        (STEWARD, ["一群"]),
        (person("小李", Role.COMMUNITY, "海棠街道/春晓社区"), ["一群", "二群"]),
        (person("街道", Role.STREET, "海棠街道"), ["一群", "二群"]),
    ],
)
def test_how_far_an_author_reaches(room: Room, author: Person, names: list[str]) -> None:
    def reach(store: Store) -> list[str]:
        store.people.save_group(OTHER)
        return [found.name for found in room.notices(store).scope(author)]

    assert sorted(room.within(reach)) == sorted(names)


@pytest.mark.parametrize(
    "author", [RESIDENT, person("网格员", Role.GRID_WORKER), person("远方", Role.STEWARD, "别处")]
)
def test_who_reaches_nobody(room: Room, author: Person) -> None:
    with pytest.raises(NotAllowed):
        room.within(lambda store: room.notices(store).scope(author))


def test_only_the_author_confirms_or_cancels(room: Room) -> None:
    def touch(store: Store) -> None:
        notice = drafted(room, store)
        lead = person("网格长", Role.GRID_LEAD)
        with pytest.raises(NotAllowed):
            room.notices(store).confirm(notice.id, lead, at=NOON, cause="m")
        with pytest.raises(NotAllowed):
            room.notices(store).cancel(notice.id, lead, "m")
        with pytest.raises(NotFound):
            room.notices(store).cancel("n99", STEWARD, "m")

    room.within(touch)


def test_what_is_out_cannot_be_called_off(room: Room) -> None:
    def touch(store: Store) -> None:
        notice = planned(room, store)
        room.runs(store, 180).start_due()
        with pytest.raises(NotPossible, match="sent"):
            room.notices(store).confirm(notice.id, STEWARD, at=NOON, cause="m")
        with pytest.raises(NotPossible, match="sent"):
            room.notices(store).cancel(notice.id, STEWARD, "m")

    room.within(touch)


def test_the_draft_that_was_forgotten(room: Room) -> None:
    def last(store: Store) -> list[str]:
        found = []
        for step in (drafted, planned):
            step(room, store)
            draft = room.notices(store, 60).last_draft(STEWARD, timedelta(hours=2))
            found.append("" if draft is None else draft.id)
        drafted(room, store)
        old = room.notices(store, 180).last_draft(STEWARD, timedelta(hours=2))
        return [*found, "" if old is None else old.id]

    assert room.within(last) == ["n1", "", ""]


def test_its_history(room: Room) -> None:
    def history(store: Store) -> list[tuple[str, str]]:
        notice = planned(room, store)
        room.runs(store, 180).start_due()
        return [(line.actor, line.action) for line in store.events.of(f"notice:{notice.id}")]

    assert room.within(history) == [
        ("test:管家", "起草"), ("test:管家", "确认发布"), ("", "发出")
    ]  # fmt: skip


def test_who_sees_what_is_planned(room: Room) -> None:
    def seen(store: Store) -> list[int]:
        planned(room, store)
        others = [person("网格长", Role.GRID_LEAD), person("二", Role.STEWARD, OTHER.area)]
        return [len(room.notices(store).planned(who)) for who in (STEWARD, *others)]

    assert room.within(seen) == [1, 1, 0]
    states = room.within(lambda store: store.notices.by_state(NoticeState.PLANNED, 9))
    assert len(states) == 1


LEADER = person("主任", Role.COMMUNITY, "海棠街道/春晓社区")
OFFICE = person("街道", Role.STREET, "海棠街道")
FAR = group("远群", "海棠街道/秋实社区/第1微网格")


def wide(room: Room, store: Store, **changes: Any) -> Notice:
    """A notice of the street office to two communities, confirmed."""
    store.people.save_group(FAR)
    notice = room.notices(store).draft(OFFICE, wording(FIRST, FAR, **changes), "m")
    return room.notices(store).confirm(notice.id, OFFICE, at=NOON, cause="m")


def test_more_than_one_community_needs_a_second_person(room: Room) -> None:
    def go(store: Store) -> list[str]:
        notice = wide(room, store)
        service = room.notices(store)
        with pytest.raises(NotAllowed):
            service.approve(notice.id, OFFICE, "m")
        with pytest.raises(NotAllowed):
            service.approve(notice.id, LEADER, "m")
        second = person("副主任", Role.STREET, "海棠街道")
        assert [n.id for n in service.awaiting(second)] == [notice.id]
        assert service.awaiting(OFFICE) == []
        approved = service.approve(notice.id, second, "m")
        return [notice.state, approved.state, approved.approver]

    assert room.within(go) == ["awaiting", "planned", "test:副主任"]


@pytest.mark.parametrize(
    ("approval", "tag", "state"),
    [
        ("wide", "", "planned"),
        ("wide", "政策", "awaiting"),
        ("always", "", "awaiting"),
        ("never", "政策", "planned"),
    ],
)
def test_what_else_needs_one(room: Room, approval: str, tag: str, state: str) -> None:
    room.knowledge = msgspec.structs.replace(room.knowledge, notice_approval=approval)
    assert room.within(lambda store: planned(room, store, tag=tag)).state == state


def test_a_rejected_notice_is_a_draft_again_with_the_reason(room: Room) -> None:
    def go(store: Store) -> tuple[str, str]:
        notice = wide(room, store)
        second = person("副主任", Role.STREET, "海棠街道")
        back = room.notices(store).reject(notice.id, second, "日期不对", "m")
        return back.state, store.events.of(f"notice:{notice.id}")[-1].after["why"]

    assert room.within(go) == ("draft", "日期不对")


def test_changed_words_must_be_approved_again(room: Room) -> None:
    def go(store: Store) -> list[str]:
        notice = wide(room, store)
        service = room.notices(store)
        service.approve(notice.id, person("副主任", Role.STREET, "海棠街道"), "m")
        changed = service.change(notice.id, OFFICE, wording(FIRST, FAR, text="停电"), "m")
        return [changed.state, changed.approver, changed.text]

    assert room.within(go) == ["awaiting", "", "停电"]


def test_it_can_be_paused_moved_and_resumed(room: Room) -> None:
    def go(store: Store) -> list[str]:
        notice = planned(room, store)
        service = room.notices(store)
        paused = service.pause(notice.id, STEWARD, "m")
        moved = service.postpone(notice.id, STEWARD, NOON + timedelta(hours=1), "m")
        with pytest.raises(NotPossible, match="paused"):
            service.pause(notice.id, STEWARD, "m")
        resumed = service.resume(notice.id, STEWARD, NOON + timedelta(hours=2), "m")
        return [paused.state, moved.state, resumed.state, str(resumed.planned_at - NOON)]

    assert room.within(go) == ["paused", "paused", "planned", "2:00:00"]


def test_only_what_was_sent_can_be_declared_void(room: Room) -> None:
    def go(store: Store) -> str:
        notice = planned(room, store)
        with pytest.raises(NotPossible, match="取消"):
            room.notices(store).withdraw(notice.id, STEWARD, "m")
        room.runs(store, 180).start_due()
        return room.notices(store, 200).withdraw(notice.id, STEWARD, "m").state

    assert room.within(go) == "withdrawn"


def test_the_very_same_words_to_the_same_group(room: Room) -> None:
    def go(store: Store) -> list[int]:
        notice = drafted(room, store)
        row = Outgoing(id="", channel=FIRST.channel, chat=FIRST.chat, user="", text="停水")
        store.outbox.add(row, START, due_at=None, once="")
        at = (START + timedelta(minutes=minutes) for minutes in (9, 11))
        return [len(room.notices(store).repeated(notice, moment)) for moment in at]

    assert room.within(go) == [1, 0]


@pytest.mark.parametrize(
    ("targets", "names"),
    [
        (Targets(areas=("海棠街道",)), ["一群", "二群", "远群"]),
        (Targets(areas=("海棠街道/春晓社区",)), ["一群", "二群"]),
        (Targets(areas=("海棠街道",), without=("test:一群",)), ["二群", "远群"]),
        (Targets(areas=("海棠街道",), tags=("老小区",)), ["二群"]),
        (Targets(areas=("海棠街道",), buildings=("20-30幢",)), ["二群"]),
        (Targets(areas=("海棠街道",), buildings=("90幢",)), []),
        (Targets(groups=("test:远群",), areas=("海棠街道",), tags=("老小区",)), ["二群", "远群"]),
        (Targets(areas=("海棠街道/春晓社区",), roles=(Role.STEWARD,)), ["管家"]),
        (Targets(areas=("海棠街道/秋实社区",), roles=(Role.STEWARD,)), []),
        (Targets(), []),
    ],
)
def test_whom_it_reaches(room: Room, targets: Targets, names: list[str]) -> None:
    def go(store: Store) -> list[str]:
        store.people.save_group(FAR)
        marked = {"tags": ("老小区",), "buildings": ("21-25幢",)}
        store.people.save_group(msgspec.structs.replace(OTHER, **marked))
        waiting = msgspec.structs.replace(group("新群"), state=GroupState.PENDING)
        store.people.save_group(waiting)
        reach = room.notices(store).reach(targets)
        return [g.name for g in reach.groups] + [p.name for p in reach.people]

    assert sorted(room.within(go)) == sorted(names)
