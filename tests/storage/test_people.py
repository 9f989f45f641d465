"""Persons and groups, by the platform's id and by ours."""

from __future__ import annotations

from typing import Any

import msgspec

from bot.models import Group, Listen, Person, Role
from storage.store import SqliteStore
from tests.storage.samples import AREA

PERSON = Person(id="c:甲", channel="c", user="甲", name="王阿姨", area=AREA)
GROUP = Group(id="c:g1", channel="c", chat="g1", name="一群", area=AREA)


def person(**changes: Any) -> Person:
    return msgspec.structs.replace(PERSON, **changes)


def test_a_person_is_found_by_both_ids(store: SqliteStore) -> None:
    store.people.save(PERSON)
    assert store.people.person("c", "甲") == store.people.by_id("c:甲") == PERSON
    assert store.people.person("d", "甲") is None
    assert store.people.by_id("甲") is None


def test_saving_again_brings_up_to_date_and_keeps_the_id(store: SqliteStore) -> None:
    store.people.save(PERSON)
    store.people.save(person(id="another", name="王大妈", role=Role.STEWARD))
    assert store.people.person("c", "甲") == person(name="王大妈", role=Role.STEWARD)
    assert store.people.by_id("another") is None


def test_staff_is_everyone_but_residents(store: SqliteStore) -> None:
    for role in Role:
        store.people.save(person(id=role.value, user=role.value, role=role))
    assert {p.role for p in store.people.staff()} == set(Role) - {Role.RESIDENT}


def test_all_on_a_channel(store: SqliteStore) -> None:
    store.people.save(PERSON)
    store.people.save(person(id="d:甲", channel="d"))
    assert store.people.residents("c") == [PERSON]


def test_groups(store: SqliteStore) -> None:
    other = msgspec.structs.replace(GROUP, id="c:g2", chat="g2", listen=Listen.MENTION)
    store.people.save_group(GROUP)
    store.people.save_group(other)
    assert store.people.groups() == [GROUP, other]
    assert store.people.group("c", "g2") == store.people.group_by_id("c:g2") == other
    assert store.people.group("c", "g3") is None
    assert store.people.group_by_id("g3") is None
    moved = msgspec.structs.replace(GROUP, area="海棠街道", listen=Listen.COMMANDS)
    store.people.save_group(moved)
    assert store.people.group("c", "g1") == moved


def test_another_account_is_the_same_person(store: SqliteStore) -> None:
    store.people.save(PERSON)
    stranger = person(id="d:wo1", channel="d", user="wo1", name="wo1")
    store.people.save(stranger)
    assert store.people.person("d", "wo1") == person(
        id="d:wo1", channel="d", user="wo1", name="wo1"
    )
    store.people.join(PERSON.id, [("d", "wo1"), ("e", "wo2")])
    assert store.people.person("d", "wo1") == store.people.person("e", "wo2") == PERSON
    store.people.save(person(role=Role.STEWARD))
    assert store.people.person("d", "wo1") == person(role=Role.STEWARD)
    store.people.join(PERSON.id, [("e", "wo2")])
    assert store.people.person("d", "wo1") == person(
        id="d:wo1", channel="d", user="wo1", name="wo1"
    )
    assert store.people.person("e", "wo2") == person(role=Role.STEWARD)


def test_an_account_belongs_to_one_person(store: SqliteStore) -> None:
    other = person(id="c:乙", user="乙", name="李叔")
    for one in (PERSON, other):
        store.people.save(one)
        store.people.join(one.id, [("d", "wo1")])
    assert store.people.person("d", "wo1") == other


def test_a_home_and_named_places_are_kept(store: SqliteStore) -> None:
    home, named = person(home="3幢2单元"), msgspec.structs.replace(GROUP, places=("春晓亭 亭子",))
    store.people.save(home)
    store.people.save_group(named)
    assert store.people.by_id(home.id) == home
    assert store.people.group_by_id(named.id) == named
