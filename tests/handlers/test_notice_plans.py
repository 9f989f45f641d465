"""一个月的计划：导入，看一遍，一个「确认」全部排上。2026-11-21 是周六。"""

from __future__ import annotations

from functools import partial

import pytest

from bot import Person, PlanBatch, Scene
from bot.errors import ImportFault, NotAllowed
from bot.models import NoticeState, Role
from bot.services.plan.files import read_plan
from bot.testing.conversation import Group, World
from tests.handlers.conftest import COMMUNITY

TABLE = """时间,内容,发往
12月1日8:00,停水通知：9点到11点停水,一群
每周一8:30,垃圾分类请看公告栏,
12月3日9:00,【防诈骗】陌生链接不要点,
"""


def bring(scene: Scene, me: Person, table: str = TABLE, to: str = "") -> PlanBatch:
    rows = read_plan("a.csv", table.encode(), scene.now, scene.knowledge.calendar)
    return scene.plans.bring(me, rows, to, "")


def brought(world: World, table: str = TABLE, who: str = "管家", to: str = "") -> Group:
    world.act(who, partial(bring, table=table, to=to))
    world.wait("0s")
    return world.private(who)


def states(world: World) -> list[NoticeState]:
    found = world.read(lambda store: [store.notices.get(f"n{n}") for n in range(1, 10)])
    return [notice.state for notice in found if notice is not None]


def test_one_word_plans_all_of_it(world: World, group: Group) -> None:
    steward = brought(world)
    assert steward.said == [
        "1号计划导入了3条通知：\n"
        "1号 每周一8:30，11月23日（周一）8:30 垃圾分类请看公告栏\n"
        "2号 12月1日（周二）8:00 停水通知：9点到11点停水\n"
        "3号 12月3日（周四）9:00 【防诈骗】陌生链接不要点\n"
        "回复「确认」全部排上，「取消」都不要。"
    ]
    assert states(world) == [NoticeState.DRAFT] * 3
    assert steward.says("管家", "确认") == [
        "好，3条都排上了，第一条11月23日（周一）8:30。\n"
        "看回复「通知清单」，全部不发回复「取消计划 1」。"
    ]
    world.wait("12d")
    assert group.said.count("垃圾分类请看公告栏") == 2
    assert group.said.count("停水通知：9点到11点停水") == 1
    assert group.heard("【防诈骗】陌生链接不要点")


def test_nothing_is_sent_before_the_word(world: World, group: Group) -> None:
    brought(world)
    world.wait("14d")
    assert group.said == []
    steward = world.private("管家")
    assert steward.says("管家", "确认计划") == [
        "好，1条都排上了，第一条12月7日（周一）8:30。2条时间已过，没有排。\n"
        "看回复「通知清单」，全部不发回复「取消计划 1」。"
    ]


def test_it_is_asked_once_and_after_a_restart_still_open(world: World, group: Group) -> None:
    steward = brought(world)
    world.restart()
    world.wait("1h")
    assert len(steward.said) == 1
    assert "3条都排上了" in steward.says("管家", "确认")[0]


def test_cancelled_at_once_or_later(world: World, group: Group) -> None:
    steward = brought(world)
    assert steward.says("管家", "取消") == ["好，1号计划里还没发的3条不发了。"]
    assert steward.says("管家", "取消计划 1") == ["这份计划没有可以取消的了。看回复「计划」。"]
    steward = brought(world)
    steward.says("管家", "确认")
    world.wait("3d")
    assert steward.says("管家", "取消计划 2") == ["好，2号计划里还没发的3条不发了。"]
    world.wait("30d")
    assert group.said == ["垃圾分类请看公告栏"]


def test_a_plan_can_be_looked_at(world: World, group: Group) -> None:
    steward = world.private("管家")
    assert steward.says("管家", "计划") == [
        "没有导入过的计划。请管理员运行 haitang notices import 文件。"
    ]
    brought(world)
    assert steward.says("管家", "计划")[0].endswith(
        "还有3条没确认：「确认计划 1」排上，「取消计划 1」不要。"
    )
    assert steward.says("管家", "计划 7") == ["您没有 7号计划。看最近的回复「计划」。"]
    assert group.says("居民甲", "计划") == []
    assert world.private("网格长").says("网格长", "确认计划 1") == [
        "您没有 1号计划。看最近的回复「计划」。"
    ]


def test_what_needs_a_second_person_is_asked_for_together(world: World, group: Group) -> None:
    lead = world.private("网格长")
    steward = brought(world, "时间,内容\n12月1日8:00,【政策】甲\n12月2日8:00,【政策】乙\n")
    assert "2条要第二个人审过才发" in steward.says("管家", "确认")[0]
    assert lead.said == [
        "管家的计划里有2条通知等您审：1号、2号\n"
        "1号 12月1日（周二）8:00 【政策】甲\n2号 12月2日（周三）8:00 【政策】乙\n"
        "可以就回「通过 1」，不行回「退回 1 原因」。看全部回「待审通知」。"
    ]
    lead.says("网格长", "通过 1")
    assert states(world) == [NoticeState.PLANNED, NoticeState.AWAITING]


def refused(world: World, table: str, to: str = "") -> list[str]:
    with pytest.raises(ImportFault) as caught:
        world.act("管家", partial(bring, table=table, to=to))
    return list(caught.value.faults)


def test_all_or_nothing(world: World, group: Group) -> None:
    told = refused(
        world,
        "时间,内容,发往\n"
        "12月1日8:00,好好的,一群\n"
        "2026-11-20 8:00,过去了,一群\n"
        "12月1日8:00,[日期]停水,一群\n"
        "12月1日8:00,停水,九群\n"
        "12月1日8:00,停水,标签没有的\n"
        "12月1日8:00,停水,99幢\n"
        "12月1日8:00,,一群\n",
    )
    assert told == [
        "第3行：11月20日（周五）8:00已经过去了，请换个时间。",
        "第4行：「[日期]」还空着，填好再导入。",
        "第5行：没有叫「九群」的群（或不止一个），有：一群。",
        "第6行：没有「没有的」这个标签，有：还没有标签。",
        "第7行：「99幢」一个群也没有，看看群名、楼号、标签对不对。",
        "第8行：内容是空的，写上要发的话。",
    ]
    twice = "时间,内容\n12月1日8:00,好好的\n12月1日8:00,好好的\n"
    assert refused(world, twice) == ["第3行：和第2行一样，请删掉一个。"]
    over = "时间,内容\n11月20日8:00,过去了\n"
    assert refused(world, over) == ["第2行：「11月20日8:00」已经过去了；要排明年的，写上年份。"]
    assert states(world) == []


def test_the_same_plan_twice_is_noticed(world: World, group: Group) -> None:
    steward = brought(world)
    steward.says("管家", "确认")
    assert refused(world, TABLE) == [
        "第2行：和2号通知一样，请删掉一个。",
        "第3行：和1号通知一样，请删掉一个。",
        "第4行：和3号通知一样，请删掉一个。",
    ]


def test_to_whom(world: World, group: Group) -> None:
    world.group("二群", f"{COMMUNITY}/第2微网格", tags=("老小区",), buildings=("21-25幢",))
    world.group("三群", f"{COMMUNITY}/第3微网格")
    world.person("社区小李", Role.COMMUNITY, COMMUNITY)
    table = (
        "时间,内容,发往\n"
        "12月1日8:00,甲,22幢\n"
        "12月1日8:00,乙,标签老小区\n"
        "12月1日8:00,丙,全部群 除 二群\n"
        "12月1日8:00,丁,一群、三群\n"
        "12月1日8:00,戊,管家们\n"
        "12月1日8:00,己,\n"
    )
    steward = brought(world, table, "社区小李", to="三群")
    steward.says("社区小李", "确认")
    world.wait("11d")
    heard = {
        text: sorted(h.group or "" for h in world.heard if h.text == text) for text in "甲乙丙丁己"
    }
    assert heard == {
        "甲": ["二群"],
        "乙": ["二群"],
        "丙": ["一群", "三群"],
        "丁": ["一群", "三群"],
        "己": ["三群"],
    }
    assert [h.to for h in world.heard if h.text == "戊"] == ["管家"]


def test_nobody_plans_for_groups_of_others(world: World, group: Group) -> None:
    world.person("外人", Role.STEWARD, "别的街道/社区/网格")
    with pytest.raises(NotAllowed):
        world.act("外人", bring)


def test_the_plan_goes_out_with_its_targets_in_words(world: World, group: Group) -> None:
    steward = brought(world)
    steward.says("管家", "确认")
    plan = world.act("管家", lambda scene, me: scene.plans.export(me.area))
    assert [(one.row.text, one.row.to) for one in plan] == [
        ("垃圾分类请看公告栏", "全部群"),
        ("停水通知：9点到11点停水", "一群"),
        ("【防诈骗】陌生链接不要点", "全部群"),
    ]
    assert world.act("管家", lambda scene, me: scene.plans.export("别处")) == []
    assert len({one.uid for one in plan}) == 3
