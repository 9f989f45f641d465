"""The register: numbers, deadlines, who may see what."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from bot.errors import Ambiguous, NotAllowed, NotFound
from bot.models import Audience, Person, Role, State
from bot.ports import Store
from bot.services.appeals import Alarm, audience_of
from tests.services.conftest import FIRST, RESIDENT, STEWARD, Room, group, person

TEN = timedelta(minutes=10)


def test_numbers_are_given_in_order(room: Room) -> None:
    def record(store: Store) -> list[tuple[str, int]]:
        made = [room.appeals(store).record(room.report()) for _ in range(3)]
        made.append(room.appeals(store, 24 * 60).record(room.report()))
        return [(appeal.number, appeal.short) for appeal in made]

    assert room.within(record) == [
        ("SQ20261121-0001", 1),
        ("SQ20261121-0002", 2),
        ("SQ20261121-0003", 3),
        ("SQ20261122-0001", 4),
    ]


@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("GGSS", "2026-11-27T17:30:00+08:00"),
        ("HJWS", "2026-11-23T17:30:00+08:00"),
        ("DTGZ", "2026-11-22T09:00:00+08:00"),
    ],
)
def test_when_it_is_due(room: Room, code: str, due: str) -> None:
    appeal = room.within(lambda store: room.appeals(store).record(room.report(code=code)))
    assert appeal.due_at.isoformat() == due


def test_without_a_place_it_waits_for_one(room: Room) -> None:
    appeal = room.within(lambda store: room.appeals(store).record(room.report(building="")))
    assert appeal.state is State.NEEDS_INFO


def test_recording_leaves_a_line_of_history(room: Room) -> None:
    def record(store: Store) -> list[tuple[str, str, dict[str, str]]]:
        service = room.appeals(store)
        lines = service.history(service.record(room.report()))
        return [(line.actor, line.action, line.before) for line in lines]

    assert room.within(record) == [("test:居民甲", "登记", {})]


def test_a_rolled_back_number_is_not_lost(room: Room) -> None:
    def fail(store: Store) -> None:
        room.appeals(store).record(room.report())
        raise LookupError

    with pytest.raises(LookupError):
        room.within(fail)
    appeal = room.within(lambda store: room.appeals(store).record(room.report()))
    assert appeal.number == "SQ20261121-0001"


@pytest.mark.parametrize(
    ("code", "audience"),
    [
        ("GGSS", Audience.PUBLIC),
        ("FWLS", Audience.PUBLIC),
        ("LLJF", Audience.PRIVATE),
        ("YLZC", Audience.PRIVATE),
        ("YLJK", Audience.PRIVATE),
        ("ZAFZ", Audience.PRIVATE),
    ],
)
def test_who_may_read_a_category(room: Room, code: str, audience: Audience) -> None:
    assert audience_of(room.knowledge.taxonomy.get(code)) is audience


@pytest.mark.parametrize(
    ("who", "public", "private"),
    [
        (RESIDENT, True, True),
        (STEWARD, True, True),
        (person("居民乙"), True, False),
        (person("先锋", Role.VOLUNTEER), True, False),
        (person("二管家", Role.STEWARD, "海棠街道/春晓社区/第2微网格"), True, False),
        (person("小李", Role.COMMUNITY, "海棠街道/春晓社区"), True, True),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else str(value),
)
def test_who_may_see_it_in_the_group(room: Room, who: Person, public: bool, private: bool) -> None:
    def seen(store: Store) -> list[bool]:
        service = room.appeals(store)
        both = [service.record(room.report(code=code)) for code in ("GGSS", "LLJF")]
        return [service.may_see(appeal, who, FIRST) for appeal in both]

    assert room.within(seen) == [public, private]


def test_a_stranger_in_private_sees_nothing(room: Room) -> None:
    def seen(store: Store) -> bool:
        service = room.appeals(store)
        return service.may_see(service.record(room.report()), person("居民乙"), None)

    assert not room.within(seen)


def test_finding(room: Room) -> None:
    def find(store: Store) -> None:
        service = room.appeals(store)
        made = service.record(room.report())
        assert service.find("1", STEWARD, FIRST) == made
        assert service.find("1", STEWARD, None) == made
        assert service.find(made.number, STEWARD, None) == made
        for reference, where in (("2", FIRST), ("1", group("二群")), ("SQ20261121-0009", None)):
            with pytest.raises(NotFound):
                service.find(reference, STEWARD, where)

    room.within(find)


def test_a_short_number_that_fits_several(room: Room) -> None:
    def find(store: Store) -> None:
        service = room.appeals(store)
        first = service.record(room.report())
        second = service.record(msgspec.structs.replace(room.report(), group=group("二群")))
        with pytest.raises(Ambiguous) as caught:
            service.find("1", STEWARD, None)
        assert set(caught.value.candidates) == {first.number, second.number}
        room.desk(store).close(first, "", STEWARD, "")
        assert service.find("1", STEWARD, None) == second

    room.within(find)


def test_the_list_of_a_group_and_of_an_area(room: Room) -> None:
    def listed(store: Store) -> tuple[int, int]:
        service = room.appeals(store)
        service.record(room.report())
        service.record(room.report(code="LLJF"))
        closed = service.record(room.report())
        room.desk(store).close(closed, "", STEWARD, "")
        return len(service.listed(STEWARD, FIRST, 9)), len(service.listed(STEWARD, None, 9))

    assert room.within(listed) == (1, 2)


@pytest.mark.parametrize(
    "who",
    [
        RESIDENT,
        person("二管家", Role.STEWARD, "海棠街道/春晓社区/第2微网格"),
        person("无区", Role.STEWARD, ""),
    ],
)
def test_who_may_not_list(room: Room, who: Person) -> None:
    with pytest.raises(NotAllowed):
        room.within(lambda store: room.appeals(store).listed(who, FIRST, 9))


def test_an_alarm_is_recorded_once(room: Room) -> None:
    def alarms(store: Store) -> list[Alarm]:
        told = []
        for minutes, building in ((0, ""), (1, ""), (9, "16幢"), (9.5, "16幢"), (10, "")):
            report = room.report("着火了", "AQYH", building=building)
            report = msgspec.structs.replace(report, needs_place=False)
            told.append(room.appeals(store, minutes).alarm(report, "一群/fire", TEN)[1])
        return told

    assert room.within(alarms) == [
        Alarm.NEW, Alarm.AGAIN, Alarm.MORE, Alarm.AGAIN, Alarm.NEW
    ]  # fmt: skip


def test_a_settled_alarm_may_ring_again(room: Room) -> None:
    def alarms(store: Store) -> Alarm:
        appeal, _ = room.appeals(store).alarm(room.report(), "一群/fire", TEN)
        room.desk(store).close(appeal, "误报", STEWARD, "")
        return room.appeals(store, 1).alarm(room.report(), "一群/fire", TEN)[1]

    assert room.within(alarms) is Alarm.NEW
