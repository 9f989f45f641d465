"""Residents' matters and their numbers."""

from __future__ import annotations

import contextlib

import msgspec
import pytest

from bot.models import (
    Appeal,
    Audience,
    Kind,
    Level,
    Place,
    Rating,
    State,
    Track,
    Urgency,
    Verdict,
)
from storage.store import SqliteStore
from tests.storage.samples import AREA, NOW, after, appeal

PARENT = "海棠街道/春晓社区"


def test_an_appeal_comes_back_as_it_was(store: SqliteStore) -> None:
    made = appeal(
        7, urgency=Urgency.P1, audience=Audience.PRIVATE, handler="c:管家", started_at=after(5)
    )
    store.appeals.add(made)
    assert store.appeals.get("a7") == made
    assert store.appeals.by_number("SQ20261121-0007") == made
    assert store.appeals.get("a8") is None
    assert store.appeals.by_number("SQ20261121-0008") is None


def test_every_field_of_an_appeal_comes_back(store: SqliteStore) -> None:
    made = appeal(
        7,
        handler="c:管家",
        result="换了灯泡",
        started_at=after(1),
        closed_at=after(2),
        kind=Kind.SUGGESTION,
        track=Track.SPOT,
        level=Level.STREET,
        contact_due_at=after(3),
        contacted_at=after(4),
        feedback_due_at=after(5),
        stopped_at=after(6),
        parked_until=after(7),
        recheck_at=after(8),
        parent="a1",
        merged_into="a2",
        claimant="春晓集烟柱公司",
        claimed_by="c:伙伴",
        claimed_at=after(9),
        claim_confirmed_at=after(10),
        venue="大工委",
        escalated_at=after(11),
        answer="下月改造",
        answered_at=after(12),
        rating=Rating.FAIR,
        rated_at=after(13),
        reopened=2,
        verdict=Verdict.AGENDA,
    )
    plain = appeal(7)
    changed = {f for f in made.__struct_fields__ if getattr(made, f) != getattr(plain, f)}
    defaults = {
        f.name
        for f in msgspec.structs.fields(Appeal)
        if not f.required and f.default is not msgspec.NODEFAULT
    }
    assert changed == defaults
    store.appeals.add(made)
    assert store.appeals.get("a7") == made
    store.appeals.save(plain)
    assert store.appeals.get("a7") == plain


def test_what_belongs_to_an_appeal(store: SqliteStore) -> None:
    for made in (appeal(1), appeal(2, parent="a1"), appeal(3, parent="a1", merged_into="a2")):
        store.appeals.add(made)
    assert [a.short for a in store.appeals.below("a1")] == [2, 3]
    assert [a.short for a in store.appeals.merged_into("a2")] == [3]
    assert store.appeals.below("a3") == []


def test_what_was_brought_up_comes_newest_first(store: SqliteStore) -> None:
    store.appeals.add(appeal(1, venue="大工委", escalated_at=after(1)))
    store.appeals.add(appeal(2, venue="大工委", escalated_at=after(2)))
    store.appeals.add(appeal(3))
    store.appeals.add(appeal(4, venue="大工委", escalated_at=after(3), area="海棠街道/夏荷社区"))
    assert [a.short for a in store.appeals.escalated(PARENT, 5)] == [2, 1]
    assert [a.short for a in store.appeals.escalated("", 1)] == [4]


def test_a_change_replaces_that_appeal_alone(store: SqliteStore) -> None:
    store.appeals.add(appeal(1))
    store.appeals.add(appeal(2))
    changed = msgspec.structs.replace(
        appeal(2), state=State.DONE, result="已换", closed_at=after(9), place=Place(spot="车棚")
    )
    store.appeals.save(changed)
    assert store.appeals.get("a1") == appeal(1)
    assert store.appeals.get("a2") == changed


@pytest.mark.parametrize(
    ("area", "found"),
    [
        (AREA, [1]),
        ("海棠街道/春晓社区/第10微网格", [2]),
        (PARENT, [1, 2, 3]),
        ("海棠街道", [1, 2, 3, 4]),
        ("", [1, 2, 3, 4]),
        ("海棠街道/春晓", []),
        ("海棠街道/春晓社区/第", []),
        ("海棠街道/春晓社区/第1", []),
        ("海棠街道/春晓社区/", []),
        ("%", []),
        ("海棠街道/%", []),
        ("海棠街道/春晓社区/第_微网格", []),
    ],
)
def test_an_area_holds_what_lies_below_it(area: str, found: list[int], store: SqliteStore) -> None:
    store.appeals.add(appeal(1, area=AREA))
    store.appeals.add(appeal(2, area=f"{PARENT}/第10微网格"))
    store.appeals.add(appeal(3, area=PARENT))
    store.appeals.add(appeal(4, area="海棠街道/春晓社区二"))
    listed = store.appeals.listed(group=None, area=area, states=list(State), limit=50)
    assert [a.short for a in listed] == found


def test_a_list_is_of_states_and_a_group_by_deadline_then_age(store: SqliteStore) -> None:
    for short in range(1, 13):
        store.appeals.add(appeal(short))
    store.appeals.add(appeal(13, due_at=after(60)))
    store.appeals.add(appeal(14, state=State.DONE, due_at=after(1)))
    store.appeals.add(appeal(15, state=State.WORKING, due_at=after(30)))
    store.appeals.add(appeal(16, group="h", due_at=after(2)))
    open_states = [State.PENDING, State.WORKING]

    def shorts(group: str | None, limit: int) -> list[int]:
        listed = store.appeals.listed(group=group, area="", states=open_states, limit=limit)
        return [a.short for a in listed]

    assert shorts("g", 100) == [15, 13, *range(1, 13)]
    assert shorts("g", 4) == [15, 13, 1, 2]
    assert shorts(None, 2) == [16, 15]


def test_a_short_number_belongs_to_its_group(store: SqliteStore) -> None:
    store.appeals.add(appeal(9, id="a9", number="SQ20261121-0009"))
    store.appeals.add(appeal(9, id="a10", number="SQ20261121-0010", group="h"))
    store.appeals.add(appeal(9, id="a2", number="SQ20261120-0002", created_at=after(-86_400)))
    assert [a.id for a in store.appeals.by_short(9, "h")] == ["a10"]
    assert [a.id for a in store.appeals.by_short(9, None)] == ["a10", "a9", "a2"]
    assert store.appeals.by_short(8, None) == []


def test_a_person_s_own_come_newest_first(store: SqliteStore) -> None:
    for short in (1, 2, 10):
        store.appeals.add(appeal(short))
    store.appeals.add(appeal(11, created_at=after(-5)))
    store.appeals.add(appeal(12, state=State.DONE))
    store.appeals.add(appeal(13, reporter="c:乙"))
    own = store.appeals.reported_by("c:甲", [State.PENDING], 3)
    assert [a.short for a in own] == [10, 2, 1]


def test_each_sequence_counts_by_itself(store: SqliteStore) -> None:
    assert [store.appeals.next_number("day/20261121") for _ in range(3)] == [1, 2, 3]
    assert store.appeals.next_number("day/20261122") == 1
    assert store.appeals.next_number("day/20261121") == 4


def test_a_number_taken_in_a_part_that_fails_is_given_back(store: SqliteStore) -> None:
    store.connection.execute("BEGIN")
    with contextlib.suppress(ValueError), store.savepoint():
        assert store.appeals.next_number("s") == 1
        store.appeals.add(appeal())
        raise ValueError
    assert store.appeals.next_number("s") == 1
    assert store.appeals.get("a1") is None
    store.connection.execute("COMMIT")


def test_created_at_is_kept_to_the_millisecond(store: SqliteStore) -> None:
    store.appeals.add(appeal(created_at=after(0.123)))
    found = store.appeals.get("a1")
    assert found is not None
    assert (found.created_at - NOW).total_seconds() == 0.123
