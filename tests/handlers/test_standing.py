"""简报：到点说一次，没话不说，夜里和休息日不说，各人自己定。2026-11-23 是周一。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from bot import Person, Place, Report, Scene
from bot.app import DATA
from bot.models import SHANGHAI, Doubt, Role
from bot.rules.workdays import WorkCalendar
from bot.testing.conversation import AREA, Group, World
from tests.blank import lay_blank
from tests.handlers.conftest import COMMUNITY

MONDAY = datetime(2026, 11, 23, 7, 0, tzinfo=SHANGHAI)
CALENDAR = WorkCalendar.parse((DATA / "workdays.json").read_bytes())
ONE_DAY = timedelta(days=1)
HEADS = ("早上好", "日报", "周报", "这周没答上")


def made(folder: Path, start: datetime = MONDAY) -> World:
    lay_blank(folder / "world.db")
    world = World(folder, start)
    world.group()
    world.person("管家", Role.STEWARD, AREA)
    return world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = made(tmp_path)
    yield world
    world.close()


@pytest.fixture
def group(world: World) -> Group:
    return Group(world, "一群")


@pytest.fixture
def steward(world: World) -> Group:
    return world.private("管家")


def briefs(world: World, who: str = "管家") -> list[tuple[str, str]]:
    """When and what: the standing messages alone."""
    return [
        (heard.at[5:16].replace("T", " "), heard.text)
        for heard in world.heard
        if heard.to == who and heard.text.startswith(HEADS)
    ]


def until(world: World, day: str) -> None:
    target = datetime.fromisoformat(f"2026-{day}").replace(tzinfo=SHANGHAI)
    world.wait(f"{int((target - world.now).total_seconds()) // 60}m")


def asked(scene: Scene, me: Person, text: str) -> None:
    """A question that nobody could answer."""
    scene.learning.note(text, Doubt.UNANSWERED, me, AREA, "replay:一群", "")


def test_nothing_to_say_is_not_said(world: World, group: Group) -> None:
    group.says("居民甲", "早上好呀各位邻居")
    until(world, "12-07 09:00")
    assert briefs(world) == []


def test_a_day(world: World, group: Group) -> None:
    until(world, "11-23 14:00")
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    group.says("居民乙", "8幢门口垃圾堆了三天没人清")
    group.says("管家", "办结 2 已清运")
    until(world, "11-24 12:00")
    assert briefs(world) == [
        ("11-23 18:00", "日报，11月20日（周五）18:00以来：\n新登记2件，办结1件"),
        ("11-24 08:30", "早上好，今天要跟进的：\n等人受理1件：1号\n看全部回复「清单」。"),
    ]


def test_a_week(world: World, group: Group) -> None:
    for who, building in (("甲", 3), ("乙", 3), ("丙", 3), ("丁", 8)):
        group.says(f"居民{who}", f"{building}幢电梯又停了，老人下不了楼，我是{who}家")
        world.wait("11m")
    world.act("管家", partial(asked, text="哪里能修鞋?"))
    until(world, "11-27 17:01")
    (_, told), *_ = [each for each in briefs(world) if each[1].startswith("周报")]
    assert told.startswith("周报，11月20日（周五）17:00以来：\n新登记")
    assert "没答上的问题1个，看回「没答上的」" in told


def test_questions_of_the_week(world: World) -> None:
    world.person("社区小李", Role.COMMUNITY, COMMUNITY)
    world.person("网格员", Role.GRID_WORKER, AREA)
    for text in ("哪里能修鞋?", "哪里能修鞋呀?", "菜场几点关门?"):
        world.act("管家", partial(asked, text=text))
    until(world, "11-30 10:00")
    (told,) = [text for at, text in briefs(world, "社区小李") if at == "11-23 09:00"]
    assert told == (
        "这周没答上的问题2个：\n· 哪里能修鞋呀？（2次）\n· 菜场几点关门？\n"
        "在群里答过后回「学习」就能收下；看全部回「没答上的」。"
    )
    assert briefs(world, "网格员") == []
    assert [at for at, text in briefs(world) if text.startswith("这周")] == ["11-23 09:00"]


def test_deadlines_stand_behind_the_morning(world: World, group: Group) -> None:
    until(world, "11-23 09:00")
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    until(world, "11-27 09:00")
    group.says("居民乙", "8幢路灯坏了好几天")
    (told,) = [h.text for h in world.heard if h.to == "管家" and h.at[5:16] == "11-27T08:30"]
    assert told.splitlines()[0].startswith("1号下一个工作日到期")
    until(world, "11-30 09:00")
    (told,) = [h.text for h in world.heard if h.to == "管家" and h.at[5:16] == "11-30T08:30"]
    assert told.splitlines()[:2] == ["早上好，今天要跟进的：", "等人受理1件：2号"]
    assert told.splitlines()[2].startswith("1号今天到期")


def test_everyone_has_it_as_they_like(world: World, group: Group, steward: Group) -> None:
    assert steward.says("管家", "简报") == [
        "您的定时消息：\n早报 每个工作日8:30\n日报 每个工作日18:00\n周报 每周五17:00\n"
        "未答问题 每周一9:00\n到期提醒 开着\n"
        "改时间「简报 早报 9:00」，不要「简报 关 早报」，先看看「简报 看 早报」。"
    ]
    assert steward.says("管家", "简报 关 日报") == ["好，日报不发了。要恢复回复「简报 开 日报」。"]
    assert steward.says("管家", "简报 早报 九点半") == [
        "好，早报开着，每个工作日9:30，下一次11月23日（周一）9:30。没有要说的就不发。"
    ]
    assert steward.says("管家", "简报 周报 周四下午4点半") == [
        "好，周报开着，每周四16:30，下一次11月26日（周四）16:30。没有要说的就不发。"
    ]
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    until(world, "11-27 18:30")
    times = [at for at, _ in briefs(world)]
    assert times == ["11-23 09:30", "11-26 16:30"]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("简报 早报关掉", "好，早报不发了。要恢复回复「简报 开 早报」。"),
        ("简报 关全部", "好，早报、日报、周报、未答问题都不发了。要恢复回复「简报 开 全部」。"),
        ("简报 看 早报", "现在没有要说的，到时候也不会发。"),
        ("简报 早报", "早报每个工作日8:30。改时间「简报 早报 9:00」，不要「简报 关 早报」。"),
        (
            "简报 关 午报",
            "没有「午报」。有：早报、日报、周报、未答问题、到期提醒。例：简报 关 早报",
        ),
        ("简报 早报 半夜2点", "「半夜2点」定不了。白天7点到21点都行，例：简报 早报 9:00"),
        ("简报 早报 周三", "「周三」定不了。白天7点到21点都行，例：简报 早报 9:00"),
        ("简报 周报 随便", "「随便」定不了。白天7点到21点都行，例：简报 周报 周四16:30"),
        ("简报 到期提醒 9点", "到期提醒没有固定的时间，到了才说。不要就回复「简报 关 到期提醒」。"),
        (
            "简报 关 提醒",
            "好，到期提醒不发了。急的和往上报的照说。要恢复回复「简报 开 到期提醒」。",
        ),
    ],
)
def test_words(steward: Group, typed: str, answer: str) -> None:
    assert steward.says("管家", typed) == [answer]


def test_it_is_nothing_for_groups_and_residents(world: World, group: Group) -> None:
    assert group.says("管家", "简报") == ["简报在私聊里看和设，私聊我发「简报」。"]
    assert group.says("居民甲", "简报") == []
    assert world.private("居民甲").says("居民甲", "#简报") == [
        "简报是给工作人员的。想看自己的事，回复「进度」。"
    ]


def test_a_choice_is_taken_back(steward: Group) -> None:
    steward.says("管家", "简报 早报 10点")
    steward.says("管家", "简报 关 早报")
    assert steward.says("管家", "撤销") == ["已撤销：早报每个工作日10:00。"]
    assert "早报 每个工作日10:00" in steward.says("管家", "简报")[0]


def test_another_time_on_the_same_day_repeats_nothing(
    world: World, group: Group, steward: Group
) -> None:
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    until(world, "11-23 08:40")
    assert steward.says("管家", "简报 早报 11点") == [
        "好，早报开着，每个工作日11:00，下一次11月24日（周二）11:00。没有要说的就不发。"
    ]
    until(world, "11-23 17:00")
    assert [at for at, _ in briefs(world)] == ["11-23 08:30"]


def test_deadlines_switched_off_leave_what_is_urgent(
    world: World, group: Group, steward: Group
) -> None:
    steward.says("管家", "简报 关 到期提醒")
    steward.says("管家", "简报 关 全部")
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    until(world, "11-24 12:00")
    before = len(steward.said)
    until(world, "11-30 17:00")
    assert len(steward.said) == before
    group.says("居民乙", "5幢消防通道被杂物堵住了")
    until(world, "12-01 17:00")
    assert any("2号" in text for text in steward.said[before + 1 :])


def test_whoever_is_in_charge_of_several_groups_reads_full_numbers(
    world: World, group: Group
) -> None:
    world.group("二群", f"{COMMUNITY}/第2微网格")
    lead = world.person("网格长", Role.GRID_LEAD, COMMUNITY)
    group.says("居民甲", "3幢楼道灯坏了，晚上看不见")
    Group(world, "二群").says("居民乙", "8幢路灯坏了好几天")
    until(world, "11-23 08:31")
    assert "等人受理2件：SQ20261123-0001、SQ20261123-0002" in lead.said[-1]


def test_claims_are_kept_for_a_month(world: World) -> None:
    world.wait("70d")
    kept = world.read(lambda store: store.reminders.claimed("standing:replay:管家"))
    first = min(deadline for _, deadline in kept)
    assert timedelta(days=25) < world.now - first < timedelta(days=45)


def test_the_holiday_table_can_be_left_unsaid(world: World) -> None:
    quiet = world.person("社区小李", Role.COMMUNITY, COMMUNITY)
    told = world.person("社区小王", Role.COMMUNITY, COMMUNITY)
    assert "放假表 开着" in quiet.says("社区小李", "简报")[0]
    assert "放假表" not in world.private("管家").says("管家", "简报")[0]
    quiet.says("社区小李", "简报 关 放假表")
    until(world, "11-24 09:00")
    assert [heard.to for heard in world.heard if "放假安排还没有导入" in heard.text] == ["社区小王"]
    assert told.heard("haitang holidays import")


# A year on a clock that we turn


def plainly(day: date, weekday: int) -> bool:
    """Whether a weekly message falls on a day, counted another way than the program does."""
    week = [day - timedelta(days=day.weekday()) + ONE_DAY * n for n in range(7)]
    works = [n for n in range(7) if CALENDAR.is_workday(week[n])]
    if not works:
        return False
    return day.weekday() == max([n for n in works if n <= weekday], default=min(works))


def told(scene: Scene, steward: Person) -> None:
    """Something new to say; another one each time, so that none counts as the same again."""
    scene.appeals.record(
        Report(
            text="楼道灯坏了",
            summary="楼道灯坏了",
            category=scene.knowledge.taxonomy.get("GGSS"),
            place=Place(building="3幢"),
            reporter=steward,
            group=scene.groups.listed(steward)[0],
            source="群",
        )
    )


def year(folder: Path, days: int, seed: int) -> None:
    """Live through it with power cuts and a clock that jumps; something is always to be said."""
    begin = datetime(2025, 12, 1, 7, 0, tzinfo=SHANGHAI)
    world, random = made(folder, begin), Random(seed)
    try:
        asleep: list[tuple[datetime, datetime]] = []
        end = begin + timedelta(days=days)
        while world.now < end:
            world.act("管家", told)
            luck, since = random.random(), world.now
            if luck < 0.1:
                world.sleep(f"{random.choice([1, 3, 7, 26, 75])}h")
                world.restart()
                asleep.append((since, world.now))
            elif luck < 0.15:
                world.player.clock.turn_back(since - timedelta(minutes=random.randint(1, 180)))
            elif luck < 0.3:
                world.restart()
            world.wait(f"{random.randint(3, 9)}h")
        check(world, begin, asleep)
    finally:
        world.close()


def by_day(told: list[tuple[str, datetime]]) -> bool:
    """Whether nothing came at night or on a day off: nobody's life was in danger all year."""
    return all(
        time(8, 30) <= at.time() < time(20) and CALENDAR.is_workday(at.date()) for _, at in told
    )


def check(world: World, begin: datetime, asleep: list[tuple[datetime, datetime]]) -> None:
    told = [(h.text[:2], datetime.fromisoformat(h.at)) for h in world.heard if h.to == "管家"]
    assert by_day(told)
    for head, at, weekday in (
        ("早上", time(8, 30), None),
        ("日报", time(18), None),
        ("周报", time(17), 4),
    ):
        mine = [moment for word, moment in told if word == head]
        days = [moment.date() for moment in mine]
        assert len(days) == len(set(days)), head  # none twice
        for moment in mine:
            late = moment - datetime.combine(moment.date(), at, SHANGHAI)
            assert timedelta() <= late <= timedelta(hours=2), (head, moment)
            day = moment.date()
            on = CALENDAR.is_workday(day) if weekday is None else plainly(day, weekday)
            assert on, (head, moment)
        if head == "早上":
            continue  # only when something is new
        day = begin.date()
        while day < world.now.date():
            planned = datetime.combine(day, at, SHANGHAI)
            lost = any(a < planned < b and b - planned > timedelta(hours=2) for a, b in asleep)
            on = CALENDAR.is_workday(day) if weekday is None else plainly(day, weekday)
            assert (day in days) == (on and not lost), (head, day)
            day += ONE_DAY


@pytest.mark.slow
def test_two_months(tmp_path: Path) -> None:
    year(tmp_path, 60, 1)


@pytest.mark.slow
def test_a_year(tmp_path: Path) -> None:
    year(tmp_path, 365, 2)
