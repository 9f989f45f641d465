"""After a notice: what is volunteered is counted, in silence; nobody is asked for anything."""

from __future__ import annotations

import pytest

from bot.models import Outcome, Role
from bot.testing.conversation import AREA, Group, World


@pytest.fixture
def told(group: Group, world: World) -> Group:
    """一群 after a notice."""
    group.says("管家", "发布 立即 周三免费体检，要来的回复人数")
    group.says("管家", "确认")
    world.wait("1m")
    return group


def report(group: Group, number: int = 1) -> str:
    return group.says("管家", f"通知情况 {number}")[0].split("\n")[-1]


def test_received_and_numbers(told: Group, world: World) -> None:
    assert told.says("居民甲", "2人") == []
    assert world.trace.outcome is Outcome.ACTED
    assert "只记数" in world.trace.steps[-1]
    assert told.says("居民甲", "3") == []
    assert told.says("居民乙", "收到，谢谢") == []
    assert [told.says("居民丙", "收到") for _ in range(2)] == [[], []]
    assert told.says("管家", "通知情况 1") == [
        "1号通知（11月21日（周六）9:00）：已送达 1/1。\n"
        "自愿回的：「收到」2人，回数字的1人，合计3。没回的不统计。"
    ]


def test_nobody_said_anything(told: Group) -> None:
    assert report(told) == "还没有人回「收到」，不回也没关系。"


def test_a_number_that_answers_something_else(told: Group, world: World) -> None:
    told.says("居民甲", "3幢楼道灯不亮")
    assert told.heard("已登记")
    told.says("居民乙", "4")
    assert report(told) == "还没有人回「收到」，不回也没关系。"


def test_a_number_that_quotes_the_notice(told: Group, world: World) -> None:
    told.says("居民甲", "3幢楼道灯不亮")
    told.says("居民乙", "4", quote="管家助手：周三免费体检，要来的回复人数")
    assert "回数字的1人，合计4" in report(told)


def test_a_day_later_it_is_about_something_else(told: Group, world: World) -> None:
    world.wait("25h")
    told.says("居民甲", "收到")
    assert report(told) == "还没有人回「收到」，不回也没关系。"


def test_without_a_notice_it_is_only_talk(group: Group, world: World) -> None:
    assert group.says("居民甲", "收到") == []
    assert world.trace.outcome is Outcome.SILENT


def test_told_on_by_the_old_hands(told: Group, world: World) -> None:
    elder = world.person("老杨", Role.VOLUNTEER)
    assert elder.says("老杨", "已转发到5个群") == ["记下了，1号通知转发5个群。辛苦您。"]
    assert told.says("居民丁", "转达3户") == []
    elder.says("老杨", "1号通知已转发到6个群，转达2户")
    assert report(told) == "自愿回的：转发6个群，转达5户。没回的不统计。"


def test_the_bot_is_asked_by_name_and_says_it_once(told: Group) -> None:
    assert told.says("居民甲", "@海棠管家 收到") == ["好的，记下了。"]
    assert told.says("居民乙", "@海棠管家 收到") == []


def test_each_sending_of_one_that_comes_again_is_counted_apart(group: Group, world: World) -> None:
    group.says("管家", "发布 每天10:00 量体温")
    group.says("管家", "确认")
    world.wait("90m")
    group.says("居民甲", "收到")
    assert "「收到」1人" in report(group)
    world.wait("1d")
    assert report(group) == "还没有人回「收到」，不回也没关系。"


def test_no_names_are_kept(told: Group, world: World) -> None:
    told.says("居民甲", "收到")
    rows = world.read(lambda store: store.notice_replies.counts(store.notices.runs("n1")[0].cause))
    assert list(rows.values()) == [(1, 1)]
    assert "居民甲" not in told.says("管家", "通知情况 1")[0]


def test_what_did_not_arrive(world: World) -> None:
    from bot.models import Group as Row

    area = AREA.rpartition("/")[0]
    world.group("一群")
    row = Row(id="x", channel="gone/x", chat="x", name="二群", area=f"{area}/第2微网格")
    world.write(lambda store: store.people.save_group(row))
    office = world.person("社区小李", Role.COMMUNITY, area)
    office.says("社区小李", "发布 全部群 立即 停水")
    office.says("社区小李", "确认")
    world.wait("10s")
    assert office.says("社区小李", "通知情况") == [
        "1号通知（11月21日（周六）9:00）：已送达 1/2，失败 1。\n没送到：二群（没有通道 gone/x）\n"
        "还没有人回「收到」，不回也没关系。"
    ]


def test_nothing_sent_yet(group: Group) -> None:
    assert group.says("管家", "通知情况") == ["您还没有发出过通知。"]
    group.says("管家", "发布 明天8:00 停水")
    group.says("管家", "确认")
    assert group.says("管家", "通知情况 1") == ["1号通知还没有发出过，不发了就回复「取消通知 1」。"]
    assert group.says("居民甲", "通知情况 1") == []


def test_questions_are_answered_from_a_current_notice(group: Group, world: World) -> None:
    group.says(
        "管家",
        "模板 体检 对象：65岁及以上 时间：12月1日到15日上午 "
        "地点：社区卫生服务站 准备：空腹，带身份证",
    )
    group.says("管家", "确认")
    world.wait("2d")
    assert group.says("居民甲", "老年体检在哪里做呀") == [
        "通知里写的：\n地点：社区卫生服务站\n（11月21日（周六）9:00发的）"
    ]
    assert "用它自己的话答" in world.trace.steps[-1]
    assert group.says("居民甲", "附近药店在哪里") == []
    private = world.private("居民甲")
    assert "准备：空腹，带身份证" in private.says("居民甲", "体检要带什么")[0]
    world.person("远处的人", Role.RESIDENT, "海棠街道/秋实社区/第1微网格")
    far = world.private("远处的人").says("远处的人", "体检要带什么")
    assert "准备" not in " ".join(far)
    group.says("管家", "作废通知 1")
    group.says("管家", "确认")
    assert group.says("居民甲", "体检在哪里做呀") == []
