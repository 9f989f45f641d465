"""模板: a few fields make a notice, which then goes the way of every notice."""

from __future__ import annotations

import pytest

from bot.models import Role
from bot.testing.conversation import AREA, Group, World

WATER = (
    "【停水通知】11月22日（周日）9:00到11:00停水。\n范围：1-20幢\n"
    "请提前存水；来水后先放一会儿再用。"
)


def test_filled_shown_confirmed_sent(group: Group, world: World) -> None:
    (asked,) = group.says("管家", "模板 停水 明天7:30 时间：明天9点到11点 范围：1-20幢")
    assert asked == (
        f"{WATER}\n——\n发往：一群，11月22日（周日）7:30。\n回复「确认」发出，「取消」作废。"
    )
    group.says("管家", "确认")
    world.wait("1d")
    assert group.said[-1] == WATER


@pytest.mark.parametrize(
    "typed",
    [
        "模板 停水 时间：明天9点到11点 范围：1-20幢",
        "模板 停水 范围:1-20幢 时间:明天9点到11点",
        "#模板停水 范围：1-20幢，时间：明天9点到11点。",
        "模版 停水通知 停水时间：明天９点到１１点 楼幢：1-20幢",
        "模板 停水\n时间： 明天9:00-11:00\n范围： 1-20幢",
        "@海棠管家 模板 停水 时间：明天9点到11点范围：1-20幢",
        "模板 停水 时间：明天9点到11点 范围：1-20幢 原因：……",
    ],
)
def test_fields_in_any_order_with_any_signs(group: Group, typed: str) -> None:
    (asked,) = group.says("管家", typed)
    assert asked.startswith(f"{WATER}\n——\n")
    assert "发往：一群，确认后马上发出。" in asked


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "模板 停水 时间：明天9点到11点",
            "还差范围，没有排。请这样写（范围换成您的）：\n"
            "模板 停水 时间：明天9点到11点 范围：1-20幢",
        ),
        (
            "模板 停水 明天8:00 时间：明天9点到11点 范围： 原因：检修",
            "还差范围，没有排。请这样写（范围换成您的）：\n"
            "模板 停水 明天8:00 时间：明天9点到11点 范围：1-20幢 原因：检修",
        ),
        (
            "模板 停水 时间：2月30日 范围：1-20幢",
            "2月没有30日，请再看一下日期，没有排。例：\n模板 停水 时间：明天9点到11点 范围：1-20幢",
        ),
        (
            "模板 停水 时间：9点到11点 范围：1-20幢",
            "「9点到11点」没写哪天，请写明日期，没有排。例：\n"
            "模板 停水 时间：明天9点到11点 范围：1-20幢",
        ),
        (
            "模板 停水 时间：11月20日9点 范围：1-20幢",
            "「11月20日9点」已经过去了，请再看一下日期，没有排。例：\n"
            "模板 停水 时间：明天9点到11点 范围：1-20幢",
        ),
        (
            "模板 停水 时间：明天9点 范围：1-20幢 联系人：老张",
            "「停水」没有「联系人」这一项，能写的有：时间、范围、原因、来源。\n"
            "要写进去，就把冒号去掉。",
        ),
        (
            "模板 停水 快点 时间：明天9点 范围：1-20幢",
            "没看懂「快点」。发给谁、什么时候发写在最前面，"
            "例：模板 停水 到 全部群 明天8:00 时间：…",
        ),
        (
            "模板 停水 五群 时间：明天9点 范围：1-20幢",
            "没有叫「五群」的群。您能发的有：一群",
        ),
        ("模板 停睡 时间：明天", "没有「停睡」这个模板，是「模板 停水」吗？"),
        (
            "模板 停水",
            "「停水」要写：时间、范围；可写：原因、来源。例：\n"
            "模板 停水 时间：明天9点到11点 范围：1-20幢\n"
            "定时发、发给谁，写在前面：模板 停水 到 全部群 明天8:00 …",
        ),
    ],
)
def test_one_sentence_and_nothing_is_planned(
    group: Group, world: World, typed: str, said: str
) -> None:
    assert group.says("管家", typed) == [said]
    assert "还没有排好的通知" in group.says("管家", "通知清单")[0]


def test_every_example_works_as_it_stands(world: World) -> None:
    world.group("一群")
    chat = world.person("社区小李", Role.COMMUNITY, AREA.rpartition("/")[0])
    (names,) = chat.says("社区小李", "模板")
    listed = names.partition("：")[2].partition("。")[0].split("、")
    assert len(listed) == 12
    for name in listed:
        (how,) = chat.says("社区小李", f"模板 {name}")
        (asked,) = chat.says("社区小李", how.split("\n")[1])
        assert "回复「确认」发出" in asked, (name, asked)
        assert "{" not in asked


def test_a_visit_is_announced_against_impostors(group: Group) -> None:
    (asked,) = group.says(
        "管家",
        "模板 入户 到 一群 明天8:00 范围：21-25幢 日期：周三到周五 事项：核对居住信息 "
        "人员：社区网格员，两人一组 工牌：蓝马甲，工牌编号 CX01 到 CX06",
    )
    assert asked.split("\n——")[0] == (
        "【入户预告】11月25日（周三）到11月27日（周五），工作人员到21-25幢上门：核对居住信息。\n"
        "来的是社区网格员，两人一组，证件：蓝马甲，工牌编号 CX01 到 CX06。\n"
        "不收钱，不要验证码，不用进屋也行。\n对不上的请别开门，在群里问一声；纠缠不走的拨110。"
    )


def test_policy_from_a_template_needs_a_second_person(group: Group) -> None:
    group.says(
        "管家", "模板 政策 题目：高龄津贴 内容：80岁起每月发 来源：区民政局 日期：11月20日发布"
    )
    assert "要第二个人看过才发" in group.says("管家", "确认")[0]


def test_nothing_in_a_field_calls_everyone(group: Group) -> None:
    (asked,) = group.says("管家", "模板 停水 时间：明天9点 范围：@所有人 [点这里](http://a.cn)")
    assert "＠所有人 点这里（http://a.cn）" in asked


@pytest.mark.parametrize("typed", ["模板", "模板 停水 时间：明天9点 范围：1幢", "模板在哪买"])
def test_residents_talk_of_templates_unheard(group: Group, typed: str) -> None:
    assert group.says("居民甲", typed) == []
