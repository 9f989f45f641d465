"""Notices: drafted, planned, run once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import NotAllowed, NotFound, NotPossible
from bot.models import Group, Notice, NoticeState, Person, Role
from bot.ports import Store
from bot.testing.conversation import START
from tests.services.conftest import FIRST, RESIDENT, STEWARD, Room, group, person

NOON = START + timedelta(hours=3)
OTHER = group("二群", "海棠街道/春晓社区/第2微网格")


def drafted(room: Room, store: Store) -> Notice:
    """A draft of 管家 for noon."""
    return room.notices(store).draft(STEWARD, "停水", [FIRST], NOON, "m")


def planned(room: Room, store: Store) -> Notice:
    """The same, confirmed."""
    notice = drafted(room, store)
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
    with pytest.raises(NotAllowed):
        room.within(lambda store: room.notices(store).draft(author, "停水", [to], NOON, "m"))


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
        return [found.name for found in room.notices(store).reach(author)]

    assert sorted(room.within(reach)) == sorted(names)


@pytest.mark.parametrize(
    "author", [RESIDENT, person("网格员", Role.GRID_WORKER), person("远方", Role.STEWARD, "别处")]
)
def test_who_reaches_nobody(room: Room, author: Person) -> None:
    with pytest.raises(NotAllowed):
        room.within(lambda store: room.notices(store).reach(author))


def test_only_a_confirmed_notice_is_due(room: Room) -> None:
    def due(store: Store) -> list[int]:
        drafted(room, store)
        planned(room, store)
        return [len(room.notices(store, minutes).due()) for minutes in (179, 180, 400)]

    assert room.within(due) == [0, 1, 1]


def test_it_runs_once(room: Room) -> None:
    def run(store: Store) -> list[int]:
        notice = planned(room, store)
        service = room.notices(store, 180)
        return [len(service.start(notice)), len(service.start(notice)), len(service.due())]

    assert room.within(run) == [1, 0, 0]


@pytest.mark.parametrize(("minutes", "late"), [(180, False), (300, False), (300.02, True)])
def test_when_it_is_too_late(room: Room, minutes: float, late: bool) -> None:
    def is_late(store: Store) -> bool:
        return room.notices(store, minutes).is_late(planned(room, store))

    assert room.within(is_late) is late


def test_a_missed_one_is_no_longer_due(room: Room) -> None:
    def miss(store: Store) -> list[Notice]:
        service = room.notices(store, 400)
        service.miss(planned(room, store))
        return list(service.due())

    assert room.within(miss) == []


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
        room.notices(store, 180).start(notice)
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
        room.notices(store, 180).start(notice)
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
