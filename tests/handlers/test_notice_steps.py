"""What becomes of a notice after it was confirmed: moved, stopped, declared void, put right."""

from __future__ import annotations

import pytest

from bot.models import Delivery, Role
from bot.ports import Store
from bot.testing.conversation import Group, World

FAR = "海棠街道/秋实社区/第1微网格"


def plan(chat: Group, who: str, order: str) -> None:
    """Order and confirm."""
    assert "回复「确认」发出" in chat.says(who, f"发布 {order}")[0]
    assert chat.says(who, "确认")


def test_another_time(group: Group, world: World) -> None:
    plan(group, "管家", "明天8:00 停水")
    assert group.says("管家", "改期 1 后天9:00") == ["好，1号通知改到11月23日（周一）9:00发。"]
    world.wait("24h")
    assert "停水" not in group.said
    world.wait("24h")
    assert group.said[-1] == "停水"


def test_only_the_next_time_or_every_time(group: Group) -> None:
    plan(group, "管家", "每周一8:30 看公告")
    assert group.says("管家", "改期 1 周二9:00") == [
        "好，1号通知改到11月24日（周二）9:00发，以后还是每周一8:30。"
    ]
    assert group.says("管家", "改期 n1 每周五9:00") == [
        "好，1号通知改到11月27日（周五）9:00发，以后还是每周五9:00。"
    ]
    assert group.says("管家", "撤销") == [
        "已撤销：1号通知排好了，等着发，时间是11月24日（周二）9:00。"
    ]
    assert "每周一8:30，下次11月24日" in group.says("管家", "通知清单")[0]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("改期 9 明天8:00", "没有9号通知，看排好的回复「通知清单」。"),
        ("改期 1", "改到什么时候？例：改期 1 后天9:00"),
        ("改期 1 停水", "没看出什么时候发，时间写在最前面，例：改期 1 后天9:00"),
        ("改期 1 昨天8:00", "11月20日（周五）8:00已经过去了，请换个时间，例：改期 1 后天9:00"),
        ("改期 1 2月30日", "2月没有30日，请再看一下日期，例：改期 1 后天9:00"),
        (
            "改期 1 后天9:00 停电",
            "改期后面只写时间：改期 1 后天9:00\n要改内容请写：更正 1 新的内容",
        ),
        ("恢复通知 1", "1号通知排好了，等着发，这一步做不了。"),
        ("作废通知 1", "1号通知还没有发出过，不发了就回复「取消通知 1」。"),
        ("补发 1", "还没有发出过。"),
        ("补发", "没有要补发的：您的通知没有失败的。"),
        ("更正 1", "更正成什么？例：更正 1 停水改到10点到12点"),
        ("更正 1 [日期]停水", "「[日期]」还空着，填好再发一遍。这条没有排。"),
        ("取消通知 9", "没有9号通知，看排好的回复「通知清单」。"),
        ("待审通知", "没有等您审核的通知。"),
        ("#暂停通知", "是几号通知？例：暂停通知 3。看号回复「通知清单」。"),
    ],
)
def test_wrong_input_is_put_right(group: Group, typed: str, said: str) -> None:
    plan(group, "管家", "明天8:00 停水")
    assert group.says("管家", typed) == [said]


@pytest.mark.parametrize(
    "typed",
    ["改期 1 后天9:00", "暂停通知 1", "取消通知 1", "更正 1 停电", "补发 1"],
)
def test_only_the_author(group: Group, world: World, typed: str) -> None:
    plan(group, "管家", "明天8:00 停水")
    assert group.says("网格长", typed) == [
        "1号通知是别人写的，要改请找作者。看排好的回复「通知清单」。"
    ]
    assert group.says("居民甲", typed) == []
    assert group.says("居民甲", f"#{typed}") == [
        "发通知要由这个群的管家或社区来发。有事您可以直接跟我说。"
    ]


def test_stopped_and_started(group: Group, world: World) -> None:
    plan(group, "管家", "每天8:00 看公告")
    assert group.says("管家", "暂停通知 1") == [
        "好，1号通知先停着，到点也不发。要发请回复「恢复通知 1」。"
    ]
    assert "（停着）" in group.says("管家", "通知清单")[0]
    world.wait("3d")
    assert "看公告" not in group.said
    assert group.says("管家", "恢复通知 1") == [
        "好，1号通知照常发，下次11月25日（周三）8:00（每天8:00）。"
    ]
    world.wait("1d")
    assert group.said.count("看公告") == 1


def test_the_time_of_a_stopped_one_goes_by(group: Group, world: World) -> None:
    plan(group, "管家", "明天8:00 停水")
    group.says("管家", "暂停通知 1")
    world.wait("2d")
    assert group.says("管家", "恢复通知 1") == [
        "1号通知原定的11月22日（周日）8:00已经过去了，先改个时间：改期 1 明天8:00"
    ]
    assert "它还停着" in group.says("管家", "改期 1 明天8:00")[0]
    group.says("管家", "恢复通知 1")
    world.wait("1d")
    assert group.said.count("停水") == 1


def test_declared_void_where_it_was_heard(
    group: Group, next_door: Group, office: Group, world: World
) -> None:
    office.says("社区小李", "发布 一群、二群 立即 明天停水")
    office.says("社区小李", "确认")
    (asked,) = office.says("社区小李", "作废通知 1 改到下周")
    void = "【作废】11月21日（周六）9:00发的「明天停水」不再有效。\n原因：改到下周"
    assert asked.startswith(f"{void}\n——\n马上发往：一群、二群。")
    assert office.says("社区小李", "确认") == ["1号通知已作废，正在告诉收到过的2个群（人）。"]
    assert group.said[-1] == next_door.said[-1] == void
    assert office.says("社区小李", "作废通知 1") == ["1号通知已经作废，这一步做不了。"]
    assert office.says("社区小李", "撤销") == ["通知已经发出，收不回来了。要更正请再发布一条。"]


def test_it_holds_after_all(group: Group) -> None:
    plan(group, "管家", "立即 停水")
    group.says("管家", "作废通知 1")
    assert group.says("管家", "取消") == ["好，不作废，照旧有效。"]
    assert not group.heard("【作废】")


def test_put_right_where_it_was_heard(group: Group, next_door: Group, office: Group) -> None:
    plan(office, "社区小李", "一群 立即 9点停水")
    (asked,) = office.says("社区小李", "更正 1 改到10点停水")
    assert asked.startswith(
        "【更正】改到10点停水\n——\n更正11月21日（周六）9:00发的1号通知「9点停水」。"
    )
    office.says("社区小李", "确认")
    assert group.said[-1] == "【更正】改到10点停水"
    assert next_door.said == []


def test_other_words_before_it_is_out(group: Group, world: World) -> None:
    plan(group, "管家", "明天8:00 9点停水")
    assert "1号通知换成这条，原来的不发了。" in group.says("管家", "更正 1 10点停水")[0]
    group.says("管家", "确认")
    world.wait("24h")
    assert (group.said.count("9点停水"), group.said.count("10点停水")) == (0, 1)


def test_only_what_failed_is_sent_again(group: Group, office: Group, world: World) -> None:
    plan(office, "社区小李", "一群、二群 立即 停水")

    def fail(store: Store) -> None:
        (row,) = (r for r in store.outbox.recent("replay", "一群", "", 9) if r.text == "停水")
        store.outbox.settle(row.id, Delivery.FAILED, world.now)

    world.write(fail)
    assert office.says("社区小李", "补发") == ["1号通知没送到的1个正在补发。"]
    world.wait("1m")
    assert [h.group for h in world.heard if h.text == "停水"] == ["一群", "二群", "一群"]


@pytest.fixture
def street(group: Group, world: World) -> Group:
    """Two communities, and two of the street in charge of both; the chat of the first."""
    world.group("远群", FAR)
    world.person("街道小王", Role.STREET, "海棠街道")
    world.person("街道老赵", Role.STREET, "海棠街道")
    return world.private("街道小王")


def test_a_second_person(street: Group, group: Group, world: World) -> None:
    other = world.private("街道老赵")
    street.says("街道小王", "发布 全部群 明天8:00 停水")
    assert street.says("街道小王", "确认") == [
        "1号通知要第二个人看过才发。\n已请街道老赵（街道工作人员）审核，有结果就告诉您。"
    ]
    assert other.said == [
        "停水\n——\n街道小王写的1号通知请您审核，发往：一群、远群，11月22日（周日）8:00。\n"
        "回复「通过 1」或「退回 1 原因」。"
    ]
    assert other.says("街道老赵", "待审通知") == [
        "等您审核的通知：\n"
        "1号 11月22日（周日）8:00 街道小王：停水\n回复「通过 1」或「退回 1 原因」。"
    ]
    assert street.says("街道小王", "通过 1") == ["1号通知是您自己写的，要另一个人来审。"]
    assert world.private("管家").says("管家", "通过 1") == [
        "1号通知发到的群不全归您管，要上一级来审。看您能审的回复「待审通知」。"
    ]
    assert other.says("街道老赵", "通过 n1")[0].startswith("好，1号通知通过了")
    assert street.said[-1] == "您的1号通知由街道老赵审核通过，11月22日（周日）8:00。"
    assert other.says("街道老赵", "撤销") == [
        "已撤销：1号通知在等人审核，时间是11月22日（周日）8:00。"
    ]
    other.says("街道老赵", "通过 1")
    world.wait("24h")
    assert group.said.count("停水") == 1


def test_sent_back(street: Group, group: Group, world: World) -> None:
    other = world.private("街道老赵")
    plan(street, "街道小王", "全部群 明天8:00 停水")
    assert other.says("街道老赵", "退回 1") == [
        "退回要写原因，作者才知道改什么，例：退回 1 日期不对"
    ]
    assert other.says("街道老赵", "退回 1 日期不对") == [
        "好，1号通知退回给作者了，原因一起告诉他。"
    ]
    assert street.said[-1].startswith("您的1号通知被街道老赵退回：日期不对\n还没有发。")
    world.wait("24h")
    assert "停水" not in group.said


def test_sent_back_and_put_right(street: Group, group: Group, world: World) -> None:
    other = world.private("街道老赵")
    plan(street, "街道小王", "全部群 明天8:00 停水")
    other.says("街道老赵", "退回 1 写清几点停")
    assert "1号通知换成这条" in street.says("街道小王", "更正 1 9点停水")[0]
    assert street.says("街道小王", "确认")[0].startswith("2号通知要第二个人看过才发。")
    other.says("街道老赵", "通过 2")
    world.wait("24h")
    assert (group.said.count("停水"), group.said.count("9点停水")) == (0, 1)


def test_a_draft_that_gets_another_time_is_shown_again(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 停水")
    assert "发往：一群，11月23日（周一）9:00。" in group.says("管家", "改期 1 后天9:00")[0]
    assert group.says("管家", "确认")[0].startswith("好，1号通知11月23日")


def test_one_that_comes_again_is_declared_void(group: Group, world: World) -> None:
    plan(group, "管家", "每天8:00 看公告")
    world.wait("1d")
    assert "【作废】11月22日（周日）8:00发的「看公告」" in group.says("管家", "作废通知 1")[0]
    group.says("管家", "确认")
    world.wait("3d")
    assert group.said.count("看公告") == 1


def test_taken_back_and_given_again(group: Group, world: World) -> None:
    plan(group, "管家", "每天8:00 看公告")
    group.says("管家", "暂停通知 1")
    assert group.says("管家", "撤销")[0].startswith("已撤销：1号通知排好了，等着发")
    assert group.says("管家", "撤销") == ["5分钟内没有可以撤销的操作。"]
    world.wait("1d")
    assert group.said[-1] == "看公告"
    group.says("管家", "改期 1 立即")
    assert group.said.count("看公告") == 2
    assert group.says("管家", "撤销") == ["通知已经发出，收不回来了。要更正请再发布一条。"]


def test_policy_needs_one_too(group: Group, world: World) -> None:
    group.says("管家", "发布 明天8:00 【政策解读】医保缴费到12月底")
    assert "已请网格长（网格长）审核" in group.says("管家", "确认")[0]
    assert group.says("网格长", "通过 1")[0].startswith("好，1号通知通过了")
    world.wait("24h")
    assert group.said[-1].startswith("【政策解读】")


def test_a_draft_whose_preview_is_gone_is_confirmed_by_its_number(
    group: Group, world: World
) -> None:
    group.says("管家", "发布 后天8:00 义诊上午九点开始")
    world.wait("25h")
    (seen,) = group.says("管家", "预览通知 1")
    assert "义诊上午九点开始" in seen
    assert "回复「确认」发出" in seen
    assert group.says("网格长", "确认通知 1") == [
        "1号通知是别人写的，要改请找作者。看排好的回复「通知清单」。"
    ]
    assert "11月23日（周一）8:00" in group.says("管家", "确认通知 1")[0]
    assert group.says("管家", "确认通知 1") == ["1号通知排好了，等着发，这一步做不了。"]
    assert group.says("管家", "预览通知 9") == ["没有9号通知，看排好的回复「通知清单」。"]


def test_the_same_words_by_number_are_asked_about_too(group: Group) -> None:
    plan(group, "管家", "立即 停水到十点")
    group.says("管家", "发布 立即 停水到十点")
    group.says("管家", "取消操作")
    group.says("管家", "发布 立即 停水到十点")
    assert "再发一遍" in group.says("管家", "确认通知 3")[0]
    assert "马上发到" in group.says("管家", "确认通知 3 再发一遍")[0]
