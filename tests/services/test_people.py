"""Who speaks, and who is told."""

from __future__ import annotations

from functools import partial

import pytest

from bot.models import Group, Incoming, Person, Role
from bot.ports import Store
from bot.services.people import PeopleService
from bot.testing.conversation import AREA, START
from tests.services.conftest import FIRST, RESIDENT, STEWARD, Room, group, person


def incoming(sender: str, name: str = "") -> Incoming:
    """A message from somebody."""
    return Incoming(
        channel="test",
        chat="",
        sender=sender,
        message_id="1",
        text="",
        sent_at=START,
        sender_name=name,
    )


@pytest.mark.parametrize(
    ("sender", "shown", "where", "name", "area"),
    [
        ("u1", "小王", FIRST, "小王", AREA),
        ("u1", "", FIRST, "u1", AREA),
        ("u1", "小王", None, "小王", "海棠街道"),
    ],
)
def test_a_stranger_becomes_a_resident(
    room: Room, sender: str, shown: str, where: Group | None, name: str, area: str
) -> None:
    def speak(store: Store) -> tuple[Person, Person | None]:
        service = PeopleService(store, "海棠街道")
        found = service.speaker(incoming(sender, shown), where)
        return found, store.people.person("test", sender)

    found, stored = room.within(speak)
    assert (found.name, found.area, found.role) == (name, area, Role.RESIDENT)
    assert stored == found


def test_a_resident_gets_the_name_that_the_platform_tells_later(room: Room) -> None:
    def speak(store: Store, name: str) -> str:
        return PeopleService(store).speaker(incoming("LiMing", name), None).name

    names = [room.within(partial(speak, name=name)) for name in ("", "李明", "", "别名")]
    assert names == ["LiMing", "李明", "李明", "李明"]


def test_a_known_person_stays_who_they_are(room: Room) -> None:
    def speak(store: Store) -> Person:
        return PeopleService(store).speaker(incoming("管家", "别的名字"), None)

    assert room.within(speak) == STEWARD


@pytest.mark.parametrize(
    ("staff", "told"),
    [
        ([], []),
        (
            [("管家", Role.STEWARD, AREA), ("网格长", Role.GRID_LEAD, "海棠街道/春晓社区")],
            ["管家", "网格长"],
        ),
        ([("管家", Role.STEWARD, AREA), ("小李", Role.COMMUNITY, "海棠街道/春晓社区")], ["管家"]),
        ([("小李", Role.COMMUNITY, "海棠街道/春晓社区"), ("先锋", Role.VOLUNTEER, AREA)], ["小李"]),
        ([("二管家", Role.STEWARD, "海棠街道/春晓社区/第2微网格")], []),
        ([("第12", Role.STEWARD, AREA + "2")], []),
        ([("无区", Role.STEWARD, "")], []),
    ],
)
def test_who_is_on_duty(room: Room, staff: list[tuple[str, Role, str]], told: list[str]) -> None:
    def duty(store: Store) -> list[str]:
        store.people.save(person("管家", Role.RESIDENT))
        for name, role, area in staff:
            store.people.save(person(name, role, area))
        return sorted(found.name for found in PeopleService(store).on_duty(AREA))

    assert room.within(duty) == sorted(told)


def test_the_home_group_is_the_only_one(room: Room) -> None:
    def home(store: Store) -> list[object]:
        service = PeopleService(store)
        before = service.home_group(RESIDENT)
        store.people.save_group(group("三群"))
        return [before, service.home_group(RESIDENT), service.home_group(person("远", area="别处"))]

    assert room.within(home) == [FIRST, None, None]


def test_groups_by_name(room: Room) -> None:
    assert room.within(lambda store: PeopleService(store).is_group("一群"))
    assert not room.within(lambda store: PeopleService(store).is_group("群"))
