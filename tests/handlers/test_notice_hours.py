"""Nights, lateness, and the same words twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.models import SHANGHAI, Role
from bot.testing.conversation import AREA, Group, World

QUIET = "夜里不打扰，早上再发；真急就回复「紧急」。"


def heard(group: Group, world: World, text: str) -> list[str]:
    """When a group heard these words."""
    return [one.at[5:16] for one in world.heard if one.text == text and one.group == group.name]


def test_an_ordinary_notice_waits_for_the_morning(group: Group, world: World) -> None:
    (asked,) = group.says("管家", "发布 今晚22:00 明天大扫除")
    assert asked == (
        f"明天大扫除\n——\n{QUIET}\n发往：一群，11月22日（周日）7:00。\n"
        "回复「确认」发出，「取消」作废。"
    )
    assert group.says("管家", "确认")[0].startswith("好，1号通知11月22日（周日）7:00发到一群。")
    world.wait("1d")
    assert heard(group, world, "明天大扫除") == ["11-22T07:00"]


def test_at_once_in_the_night(group: Group, world: World) -> None:
    world.wait("13h")
    (asked,) = group.says("管家", "发布 立即 明天大扫除")
    assert f"{QUIET}\n发往：一群，11月22日（周日）7:00。" in asked
    assert "11月22日（周日）7:00发到一群" in group.says("管家", "确认")[0]
    assert not group.heard("明天大扫除")


def test_what_is_urgent_passes(group: Group, world: World) -> None:
    world.wait("13h")
    group.says("管家", "发布 立即 水管爆了，正在停水")
    (asked,) = group.says("管家", "紧急")
    assert QUIET not in asked
    assert "标了紧急，夜里也发。\n发往：一群，确认后马上发出。" in asked
    group.says("管家", "确认")
    assert heard(group, world, "水管爆了，正在停水") == ["11-21T22:00"]


@pytest.mark.parametrize(
    "order",
    [
        "发布 紧急 今晚22:00 停水",
        "发布 加急：今晚22:00 停水",
        "发布 今晚22:00 【紧急通知】停水",
        "模板 天气 今晚22:00 预警：暴雨红色预警 时间：今晚8点到明早8点 提醒：别出门 来源：市气象台",
    ],
)
def test_ways_to_be_urgent(group: Group, order: str) -> None:
    assert "发往：一群，11月21日（周六）22:00。" in group.says("管家", order)[0]


def test_one_that_comes_again_late_in_the_evening(group: Group, world: World) -> None:
    (asked,) = group.says("管家", "发布 每天22:00 关好门窗")
    assert QUIET in asked
    assert "每天22:00\n接下来：11月22日（周日）7:00、11月23日（周一）7:00" in asked
    group.says("管家", "确认")
    world.wait("2d")
    assert heard(group, world, "关好门窗") == ["11-22T07:00", "11-23T07:00"]


def test_put_off_to_the_night_is_put_off_to_the_morning(group: Group) -> None:
    group.says("管家", "发布 明天8:00 停水")
    group.says("管家", "确认")
    assert "11月23日（周一）7:00" in group.says("管家", "改期 1 明晚23:00")[0]


def test_the_program_wakes_in_the_night(group: Group, world: World) -> None:
    group.says("管家", "发布 今晚21:00 大扫除")
    group.says("管家", "确认")
    world.sleep("13h")  # 22:00
    world.restart()
    world.wait("1d")
    assert heard(group, world, "大扫除") == []
    assert "没有发出" in world.private("管家").said[-1]


def test_approved_in_the_night(group: Group, world: World) -> None:
    world.wait("12h")
    group.says("管家", "发布 立即 【政策解读】津贴怎么领")
    group.says("管家", "确认")
    world.wait("1h")
    office = world.private("网格长")
    assert "11月22日（周日）7:00" in office.says("网格长", "通过 1")[0]
    world.wait("1d")
    assert heard(group, world, "【政策解读】津贴怎么领") == ["11-22T07:00"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("（最多晚30分钟）", "（最多晚30分钟，再晚先问您）"),
        ("最多晚1小时，", "（最多晚1小时，再晚先问您）"),
        ("过时不发 ", "（最多晚5分钟，再晚先问您）"),
    ],
)
def test_how_late_it_may_be(group: Group, world: World, said: str, shown: str) -> None:
    (asked,) = group.says("管家", f"发布 明天8:00{said}抢名额")
    assert asked.startswith("抢名额\n——\n")
    assert f"11月22日（周日）8:00{shown}。" in asked
    group.says("管家", "确认")
    world.sleep("1d")  # 9:00
    world.wait("0s")
    late = "1小时" in shown
    assert (heard(group, world, "抢名额") != []) is late
    if not late:
        assert "改期 1 立即" in world.private("管家").said[-1]


def test_the_same_planned_for_the_same_minute_is_asked_about(group: Group, world: World) -> None:
    for answer in ("好，1号通知", "一群前后10分钟里有同样的话，"):
        group.says("管家", "发布 明天8:00 停水")
        assert group.says("管家", "确认")[0].startswith(answer)
    assert "好，2号通知" in group.says("管家", "再发一遍")[0]
    world.wait("1d")
    assert heard(group, world, "停水") == ["11-22T08:00"] * 2


def test_what_was_just_said_by_another_is_held_and_told(group: Group, world: World) -> None:
    group.says("管家", "发布 10:00 停水")
    group.says("管家", "确认")
    world.wait("55m")
    group.says("网格长", "发布 一群 立即 停水")
    assert "前后10分钟里有同样的话" in group.says("网格长", "确认")[0]
    group.says("网格长", "再发一遍")
    world.wait("10m")
    assert heard(group, world, "停水") == ["11-21T09:55"]
    assert world.private("管家").said[-1] == (
        "1号通知发完了：已送达 0/1，失败 1。\n其中1个刚听过同样的话，没有再发。\n"
        "失败的要重发请回复「补发 1」。"
    )
    group.says("管家", "补发 1")
    assert heard(group, world, "停水") == ["11-21T09:55", "11-21T10:05"]


def test_each_group_its_own_words(group: Group, world: World) -> None:
    area = AREA.rpartition("/")[0]
    other = world.group("二群", f"{area}/第2微网格")
    third = world.group("三群", f"{area}/第3微网格")
    office = world.person("社区小李", Role.COMMUNITY, area)
    (asked,) = office.says(
        "社区小李", "发布 全部群 明天8:00 停水通知\n一群：9点到11点\n二群：13点到15点\n请存水"
    )
    assert asked.startswith(
        "一群：\n停水通知\n9点到11点\n请存水\n——\n二群：\n停水通知\n13点到15点\n请存水\n——\n"
        "三群：\n停水通知\n请存水\n——\n发往：一群、二群等3个群，11月22日（周日）8:00。"
    )
    office.says("社区小李", "确认")
    world.wait("1d")
    assert group.said[-1] == "停水通知\n9点到11点\n请存水"
    assert other.said[-1] == "停水通知\n13点到15点\n请存水"
    assert third.said[-1] == "停水通知\n请存水"
    assert "停水通知\n9点到11点" in group.says("居民甲", "什么时候来水")[0]


def test_no_group_is_left_without_words(world: World) -> None:
    area = AREA.rpartition("/")[0]
    world.group("一群")
    world.group("二群", f"{area}/第2微网格")
    office = world.person("社区小李", Role.COMMUNITY, area)
    assert office.says("社区小李", "发布 全部群 明天8:00\n一群：9点停水") == [
        "没有写给二群的内容，请加一行「二群：…」或不带群名的话，再发一遍。"
    ]


def test_no_quiet_hours_where_a_community_has_none(tmp_path: Path) -> None:
    from bot.config_sections import Config, NoticesSection
    from bot.knowing import build_knowledge

    config = Config(notices=NoticesSection(quiet_from="", quiet_until=""))
    night = datetime.fromisoformat("2026-11-21T23:00:00+08:00")
    assert build_knowledge(config).notice_quiet.after(night) == night


def test_every_evening_with_power_cuts(group: Group, world: World) -> None:
    group.says("管家", "发布 每天22:00 关好门窗")
    group.says("管家", "确认")
    random = Random(5)
    for _ in range(30):
        world.wait(f"{random.randint(3, 9)}h")
        if random.random() < 0.4:
            world.sleep("1h")
            world.restart()
    days = [at[:5] for at in heard(group, world, "关好门窗")]
    first, last = datetime(2026, 11, 22, tzinfo=SHANGHAI), world.now.astimezone(SHANGHAI)
    wanted = [(first + timedelta(days=n)).strftime("%m-%d") for n in range((last - first).days)]
    assert days[: len(wanted)] == wanted
    assert len(days) - len(wanted) <= 1
    assert all(at[6:] <= "08:00" for at in heard(group, world, "关好门窗"))
