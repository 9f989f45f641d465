"""台账, 月报, 服务: figures in private for staff, a deed written down and taken back."""

from __future__ import annotations

from datetime import date

import pytest

from bot.models import Role
from bot.testing.conversation import Group, World

AREA = "海棠街道/春晓社区/第1微网格"


def test_the_steward_asks_for_the_ledger_in_private(world: World, group: Group) -> None:
    for building in (3, 5, 7, 9, 11):
        group.says("居民甲", f"{building}幢楼道灯不亮")
    group.says("管家", "办结 1 已换灯泡")
    (said,) = world.private("管家").says("管家", "台账")
    assert "收集居民诉求5个，提出0条意见建议，推动解决大小诉求1个（办结率20.0%，1/5）" in said
    assert "口径：按登记时间2026年11月统计" in said
    assert "台账" in world.trace.steps[-1]


def test_the_month_that_is_over_and_others(world: World, group: Group) -> None:
    group.says("居民甲", "3幢楼道灯不亮")
    world.wait("20d")
    steward = world.private("管家")
    assert (
        "2026年11月，春晓社区第1微网格通过微网格群收集居民诉求1个"
        in steward.says("管家", "月报")[0]
    )
    assert "2026年11月" in steward.says("管家", "月报 11月")[0]
    assert "2026年12月" in steward.says("管家", "月报 本月")[0]
    assert "2025年10月" in steward.says("管家", "月报 2025年10月")[0]
    assert steward.says("管家", "月报 十三月") == ["看不懂是哪个月，例：月报 10月"]


def test_figures_are_not_said_in_a_group_nor_to_residents(world: World, group: Group) -> None:
    assert group.says("管家", "#台账") == ["台账和月报的数字请私聊我看。"]
    assert group.says("管家", "台账") == []
    assert group.says("居民甲", "台账") == []
    assert "办结率" not in "".join(world.private("居民甲").says("居民甲", "台账"))
    assert "办结率" not in "".join(world.private("居民甲").says("居民甲", "月报"))


def test_a_service_is_written_down_added_up_and_taken_back(world: World, group: Group) -> None:
    world.person("先锋", Role.VOLUNTEER)
    (said,) = group.says("先锋", "服务 6人 2小时 清理楼道")
    assert said == (
        "记下了：清理楼道，6人、每人2小时。\n本月服务1次，累计服务时长12小时。\n"
        "记错了，5分钟内回复「撤销」。"
    )
    (said,) = group.says("管家", "志愿服务 3人 半小时 扫雪")
    assert "本月服务2次，累计服务时长13.5小时" in said
    assert group.says("管家", "撤销") == ["已撤销：「扫雪」这次服务不算了。"]
    (said,) = group.says("先锋", "服务 1人 1小时 送菜")
    assert "本月服务2次，累计服务时长13小时" in said


@pytest.mark.parametrize("said", ["服务 态度不好", "服务 6人 清理", "服务台在哪"])
def test_talk_about_service_is_left_alone(group: Group, said: str) -> None:
    assert group.says("管家", said) == []
    assert not group.heard("记下了")


def test_what_is_missing_is_told_to_who_meant_it(world: World, group: Group) -> None:
    steward = world.private("管家")
    assert steward.says("管家", "服务 6人 清理楼道") == [
        "要写几个人、每人多久、做了什么，例：服务 6人 2小时 清理楼道"
    ]
    assert steward.says("管家", "服务 900人 2小时 清理楼道") == ["人数要在1到500之间。"]
    assert "记下了" not in "".join(group.says("居民甲", "#服务 6人 2小时 清理楼道"))


def test_a_deed_is_in_the_months_pack(world: World, group: Group) -> None:
    group.says("管家", "服务 6人 2小时 清理楼道")
    hours = world.read(
        lambda store: store.volunteering.hours(AREA, world.now.date(), world.now.date())
    )
    assert (hours.times, hours.hours, hours.people) == (1, 12.0, 6)


def test_who_is_erased_leaves_the_deed_without_a_name(world: World, group: Group) -> None:
    world.person("先锋", Role.VOLUNTEER)
    group.says("先锋", "服务 6人 2小时 清理楼道")
    (before,) = world.read(lambda store: store.volunteering.listed(AREA, *_today(world), 9))
    person = world.read(lambda store: store.people.by_id(before.recorder))
    assert person is not None
    world.write(lambda store: store.erasure.person(person, ""))
    (after,) = world.read(lambda store: store.volunteering.listed(AREA, *_today(world), 9))
    assert (after.recorder, after.people) == ("", 6)


def _today(world: World) -> tuple[date, date]:
    return world.now.date(), world.now.date()
