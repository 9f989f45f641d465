"""分类 12 消防通道：单位、紧急、期限、公开范围一起改，首次回应的钟不动。2026-11-23 是周一。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.models import SHANGHAI, Audience, Role, Track, Urgency
from bot.testing.conversation import Group, World

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
LAMP = "3幢楼道灯坏了，晚上看不见"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path, MONDAY)
    made.group()
    made.person("管家", Role.STEWARD)
    yield made
    made.close()


@pytest.fixture
def group(world: World) -> Group:
    found = Group(world, "一群")
    found.says("居民甲", LAMP)
    return found


def test_everything_that_follows_from_the_kind_changes_with_it(group: Group, world: World) -> None:
    before = world.appeal(1)
    world.wait("3h")
    said = group.says("管家", "分类 1 消防通道")
    assert said == ["1号改为「消防通道与楼道堆物」：物业负责，最迟11月24日前。"]
    after = world.appeal(1)
    assert (after.category, after.urgency, after.unit) == ("XFTD", Urgency.P1, "物业")
    assert after.due_at == datetime(2026, 11, 24, 17, 30, tzinfo=SHANGHAI)
    assert after.contact_due_at == before.contact_due_at
    assert after.contacted_at is None
    last = world.read(lambda store: store.events.of(f"appeal:{after.id}"))[-1]
    assert (last.action, last.reason, last.actor) == ("分类", "消防通道与楼道堆物", "replay:管家")
    assert (last.before["category"], last.after["category"]) == ("GGSS", "XFTD")


def test_it_can_be_taken_back(group: Group, world: World) -> None:
    before = world.appeal(1)
    group.says("管家", "分类 1 XFTD")
    group.says("管家", "撤销")
    after = world.appeal(1)
    for field in ("category", "unit", "urgency", "due_at", "audience", "track"):
        assert getattr(after, field) == getattr(before, field)


def test_what_becomes_private_is_not_spoken_of(group: Group, world: World) -> None:
    assert group.says("管家", "分类 1 邻里与家庭纠纷") == ["改好了，这条以后不在群里说。"]
    assert world.appeal(1).audience is Audience.PRIVATE


def test_a_term_that_had_passed_begins_now(group: Group, world: World) -> None:
    world.wait("4d")
    group.says("管家", "分类 1 楼道堆物")
    assert world.appeal(1).due_at > world.now


def test_danger_stays_danger(group: Group, world: World) -> None:
    group.says("居民乙", "3幢着火了")
    group.says("管家", "分类 2 公共设施")
    assert world.appeal(2).urgency is Urgency.P0
    assert world.appeal(2).audience is Audience.STAFF


@pytest.mark.parametrize(
    ("who", "words", "answer"),
    [
        ("管家", "分类 1 公共设施维修", "1号本来就是「公共设施维修」。"),
        ("管家", "分类 1", "1号归哪一类？例：分类 1 消防通道"),
        ("管家", "#分类", "改哪一条？例：分类 12 消防通道"),
        ("管家", "分类 1 天外飞仙", "没有「天外飞仙」这一类。有："),
        ("管家", "分类 9 消防通道", "这个群没有9号"),
        ("居民甲", "#分类 1 消防通道", "管家"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(
    who: str, words: str, answer: str, group: Group, world: World
) -> None:
    before = world.appeal(1)
    assert answer in group.says(who, words)[0]
    assert world.appeal(1) == before


def test_everyday_words_will_do(group: Group, world: World) -> None:
    group.says("管家", "分类 1 垃圾没人清")
    assert world.appeal(1).category == "HJWS"
    assert world.appeal(1).track is Track.SPOT


def test_the_track_is_the_steward_s_to_say(group: Group, world: World) -> None:
    assert world.appeal(1).track is Track.LISTED
    said = group.says("管家", "现场处置 1")
    assert said == ["1号改为现场处置，办好回复「办结 1 说明」。"]
    assert world.appeal(1).track is Track.SPOT
    assert group.says("管家", "列入清单 1") == ["1号列入清单，逐项销号。"]
    assert world.appeal(1).track is Track.LISTED
    assert group.says("管家", "#列入清单") == ["哪一条列入清单？例：列入清单 12"]
    assert world.appeal(1).contacted_at is None


def test_what_has_ended_is_not_sorted(group: Group, world: World) -> None:
    group.says("管家", "办结 1 已换灯泡")
    group.says("管家", "分类 1 消防通道")
    assert world.appeal(1).category == "GGSS"
    assert world.now - MONDAY == timedelta(0)
