"""期限：提醒只说一次、不在夜里、该停的停；到期逐级往上。2026-11-23 是周一。"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import TIMED, Person, Scene
from bot.models import SHANGHAI, Appeal, Level, Role, State
from bot.testing.conversation import AREA, Group, World
from tests.handlers.conftest import COMMUNITY

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
LAMP = "3幢楼道灯坏了，晚上看不见"  # P2: an answer in 24 hours, dealt with in 5 working days
HEAP = "3幢消防通道被杂物堵住了"  # P1: an answer in 2 hours, dealt with on the next working day


def made(folder: Path, start: datetime = MONDAY) -> World:
    """A group with its steward, and everyone above."""
    world = World(folder, start)
    world.group()
    world.person("管家", Role.STEWARD, AREA)
    world.person("网格长", Role.GRID_LEAD, COMMUNITY)
    world.person("社区", Role.COMMUNITY, COMMUNITY)
    world.person("街道", Role.STREET, "海棠街道")
    for who in ("管家", "网格长", "社区"):
        # What stands in the briefs beside is looked at in test_standing.py.
        world.act(who, _without_briefs)
    return world


def _without_briefs(scene: Scene, me: Person) -> None:
    for standing in TIMED:
        scene.standing.switch(me, standing, on=False, cause="")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return made(tmp_path)


@pytest.fixture
def group(world: World) -> Group:
    return Group(world, "一群")


@pytest.fixture(autouse=True)
def _closed(world: World) -> object:
    yield
    world.close()


def told(world: World, who: str, since: datetime | None = None) -> list[tuple[str, str]]:
    """When and what somebody was told about deadlines: the first line of each."""
    reminders = ("到期", "还没有人回复", "要跟进", "还缺信息")
    return [
        (heard.at[5:16].replace("T", " "), heard.text.partition("\n")[0])
        for heard in world.heard
        if heard.to == who
        and any(word in heard.text for word in reminders)
        and (since is None or heard.at >= since.isoformat())
    ]


def _first(scene: Scene) -> Appeal:
    appeal = scene.appeals.get("a1")
    assert appeal is not None
    return appeal


def until(world: World, day: str) -> None:
    """Let time pass until a moment of November or December 2026."""
    target = datetime.fromisoformat(f"2026-{day}").replace(tzinfo=SHANGHAI)
    world.wait(f"{int((target - world.now).total_seconds()) // 60}m")


def test_before_at_and_after_in_working_time(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "受理 1")
    until(world, "11-30 17:00")
    summary = world.appeal(1).summary
    assert told(world, "管家") == [
        ("11-27 08:30", f"1号下一个工作日到期：{summary}。"),
        ("11-30 08:30", f"1号今天到期：{summary}。"),
    ]
    assert told(world, "网格长") == []
    until(world, "12-10 00:00")
    number = world.appeal(1).number
    assert told(world, "管家")[2:] == [("11-30 17:30", f"1号到期了还没办结：{summary}。")]
    assert told(world, "网格长") == [
        ("12-01 12:30", f"{number} 到期未办，请网格长帮一把：{summary}。")
    ]
    assert told(world, "社区") == [("12-01 17:30", f"{number} 到期未办，请社区帮一把：{summary}。")]
    assert told(world, "街道") == [("12-03 17:30", f"{number} 到期未办，请街道帮一把：{summary}。")]
    assert world.appeal(1).level is Level.STREET
    assert world.appeal(1).state is State.WORKING


def test_the_reminder_says_what_to_reply(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "受理 1")
    until(world, "11-30 09:00")
    last = [heard.text for heard in world.heard if heard.to == "管家"][-1]
    assert last.endswith("办好回复「办结 1 说明」，办不了回复「上报 1 原因」。")
    assert not [heard for heard in world.heard if heard.group and "到期" in heard.text]


def test_what_is_done_is_not_reminded_of(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "办结 1 已换灯泡")
    until(world, "12-10 00:00")
    assert [told(world, who) for who in ("管家", "网格长", "社区", "街道")] == [[], [], [], []]


def test_several_matters_are_one_message(world: World, group: Group) -> None:
    for building in range(1, 4):
        group.says("居民甲", f"{building}幢楼道灯坏了，晚上看不见")
        group.says("管家", f"受理 {building}")
    until(world, "11-30 09:00")
    assert told(world, "管家") == [
        ("11-27 08:30", "有3件事要跟进："),
        ("11-30 08:30", "有3件事要跟进："),
    ]


# Zammad's five deadline bugs (#5177, #4432, #3140, #1322, #3551)


def test_later_changes_do_not_hide_that_nobody_has_answered(world: World, group: Group) -> None:
    """#5177: an update that moves the other deadline overrode the first response."""
    group.says("居民甲", LAMP)
    world.wait("2h")
    group.says("居民乙", "+1")
    world.act("管家", lambda scene, me: scene.desk.remark(_first(scene), "等配件", me, ""))
    until(world, "11-24 12:00")
    assert told(world, "管家") == [
        ("11-24 09:00", f"1号还没有人回复居民：{world.appeal(1).summary}。")
    ]


def test_nobody_is_woken_at_night_or_on_a_day_off(tmp_path: Path) -> None:
    """#4432: escalation mail at midnight and at the weekend."""
    world = made(tmp_path / "b", MONDAY + timedelta(days=4, hours=9, minutes=30))
    try:
        Group(world, "一群").says("居民甲", LAMP)  # Friday 18:30
        until(world, "12-20 00:00")
        moments = [datetime.fromisoformat(heard.at) for heard in world.heard if heard.to][1:]
        assert len(moments) >= 6
        for moment in moments:
            assert moment.weekday() < 5
            assert "08:30" <= moment.strftime("%H:%M") < "20:00"
    finally:
        world.close()


def test_what_is_urgent_does_not_wait_for_the_morning(tmp_path: Path) -> None:
    world = made(tmp_path / "b", MONDAY.replace(hour=23))
    try:
        Group(world, "一群").says("居民甲", HEAP)
        world.wait("3h")
        assert told(world, "管家") == [
            ("11-24 01:00", f"1号还没有人回复居民：{world.appeal(1).summary}。")
        ]
    finally:
        world.close()


def test_an_answer_in_time_is_an_answer(world: World, group: Group) -> None:
    """#3140: it escalated though the agent had answered."""
    group.says("居民甲", LAMP)
    world.wait("3h")
    group.says("管家", "受理 1")
    assert world.appeal(1).contacted_at == MONDAY + timedelta(hours=3)
    until(world, "11-26 00:00")
    assert told(world, "管家") == []


@pytest.mark.parametrize("words", ["进度 1", "@海棠管家 我报的灯有下文了吗", "谢谢", ""])
def test_what_is_no_answer(world: World, group: Group, words: str) -> None:
    """#1322: what the asker says, and what only colleagues read, is no answer to the asker."""
    group.says("居民甲", LAMP)
    world.wait("1h")
    if words:
        group.says("居民甲", words)
    else:
        world.act("管家", lambda scene, me: scene.desk.remark(_first(scene), "我去看看", me, ""))
    assert world.appeal(1).contacted_at is None
    until(world, "11-24 10:00")
    assert told(world, "管家") == [
        ("11-24 09:00", f"1号还没有人回复居民：{world.appeal(1).summary}。")
    ]


def test_a_pause_does_not_lose_the_first_answer(world: World, group: Group) -> None:
    """#3551: what was pending lost its first response. Here it stands still and goes on."""
    assert "几幢" in group.says("居民甲", "楼道灯坏了，晚上看不见")[0]
    before = world.appeal(1)
    assert before.stopped_at == MONDAY
    world.wait("15m")
    group.says("居民甲", "3幢")
    after = world.appeal(1)
    assert after.contact_due_at is not None
    assert before.contact_due_at is not None
    assert after.contact_due_at - before.contact_due_at == timedelta(minutes=15)
    until(world, "11-24 12:00")
    assert told(world, "管家") == [("11-24 09:15", f"1号还没有人回复居民：{after.summary}。")]


# What stands still, what moves, what comes late


def test_what_is_parked_is_left_in_peace(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "受理 1")
    world.wait("1h")
    later = MONDAY + timedelta(days=27)
    world.act(
        "管家",
        lambda scene, me: scene.desk.park(_first(scene), later, "等配件到货", me, ""),
    )
    assert world.appeal(1).state is State.PARKED
    until(world, "12-18 00:00")
    assert told(world, "管家") == []


def test_what_was_asked_and_never_told_comes_up_once(world: World, group: Group) -> None:
    group.says("居民甲", "楼道灯坏了，晚上看不见")
    until(world, "12-10 00:00")
    assert told(world, "管家") == [
        ("11-24 17:30", f"1号还缺信息，时钟停着：{world.appeal(1).summary}。")
    ]


def test_a_deadline_that_moves_is_reminded_of_anew(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "受理 1")
    until(world, "11-30 09:00")
    friday = datetime(2026, 12, 4, 17, 30, tzinfo=SHANGHAI)
    world.act("管家", lambda scene, me: scene.desk.extend(_first(scene), friday, "配件", me, ""))
    until(world, "12-04 09:00")
    assert [when for when, _ in told(world, "管家")] == [
        "11-27 08:30",
        "11-30 08:30",
        "12-03 08:30",
        "12-04 08:30",
    ]


def test_a_day_of_downtime_loses_and_repeats_nothing(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "受理 1")
    until(world, "11-27 08:00")
    world.sleep("4d")  # until Tuesday 8:00: due since Monday evening
    world.restart()
    world.wait("1h")
    world.restart()
    world.wait("1h")
    assert [line for _, line in told(world, "管家")] == [
        f"1号到期了还没办结：{world.appeal(1).summary}。"
    ]
    until(world, "12-20 00:00")
    assert len(told(world, "管家")) == 1
    assert [len(told(world, who)) for who in ("网格长", "社区", "街道")] == [1, 1, 1]


def test_a_long_time_of_downtime_climbs_each_rung_once(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    world.sleep("60d")
    world.restart()
    world.wait("3d")
    assert world.appeal(1).level is Level.STREET
    assert [len(told(world, who)) for who in ("管家", "网格长", "社区", "街道")] == [1, 1, 1, 1]


def test_whoever_raised_it_by_hand_is_not_raised_over(world: World, group: Group) -> None:
    group.says("居民甲", LAMP)
    group.says("管家", "受理 1")
    world.act(
        "管家",
        lambda scene, me: scene.desk.escalate(
            _first(scene), Level.COMMUNITY, "", "要动维修资金", me, ""
        ),
    )
    assert world.appeal(1).level is Level.COMMUNITY
    until(world, "12-20 00:00")
    assert [len(told(world, who)) for who in ("网格长", "社区", "街道")] == [0, 0, 1]


def play(world: World, days: int) -> dict[tuple[str, str, str], int]:
    """A matter every third day, some dealt with; how often each was said to whom."""
    group = Group(world, "一群")
    for day in range(0, days, 3):
        group.says("居民甲", f"{day // 3 + 1}幢楼道灯坏了，晚上看不见")
        if day % 2 == 0:
            group.says("管家", f"受理 {day // 3 + 1}")
        if day % 9 == 0:
            group.says("管家", f"办结 {day // 3 + 1} 已换灯泡")
        if day % 30 == 12:
            world.sleep("26h")
            world.restart()
            world.wait("46h")
        else:
            world.wait("3d")
    counted: dict[tuple[str, str, str], int] = {}
    for heard in world.heard:
        for line in heard.text.split("\n") if heard.to and "到期" in heard.text else ():
            if "到期" in line:
                key = (heard.to or "", line, heard.at[:10] if "要跟进" in line else "")
                counted[key] = counted.get(key, 0) + 1
    return counted


@pytest.mark.slow
def test_ninety_days(tmp_path: Path) -> None:
    """Nothing is said twice, and everything in its hours, with outages of a day in between."""
    world = made(tmp_path / "b")
    try:
        counted = play(world, 90)
        assert len(counted) > 50
        assert {key: count for key, count in counted.items() if count > 1} == {}
    finally:
        world.close()


@pytest.mark.slow
def test_a_year(tmp_path: Path) -> None:
    world = made(tmp_path / "b", MONDAY - timedelta(days=320))
    try:
        counted = play(world, 365)
        assert len(counted) > 200
        assert {key: count for key, count in counted.items() if count > 1} == {}
    finally:
        world.close()


# A year whose days off are not known


def test_the_community_is_told_once_that_a_year_is_missing(tmp_path: Path) -> None:
    world = made(tmp_path / "b", datetime(2026, 11, 13, 9, 0, tzinfo=SHANGHAI))
    try:
        world.wait("60d")
        warnings = [heard for heard in world.heard if "暂估" in heard.text and heard.to]
        assert [(heard.to, heard.at[:16]) for heard in warnings] == [("社区", "2026-11-16T08:30")]
        assert "2027年" in warnings[0].text
    finally:
        world.close()
