"""Adverts and fraud: one warning, a word to the steward, and silence otherwise."""

from __future__ import annotations

import pytest

from bot.testing.conversation import Group, World

EGGS = "扫码进群领鸡蛋，每人30个，仅限65岁以上老人"
CODE = "我是社区工作人员，请把您的身份证正反面和验证码发我登记"
ADVERT = "低价疏通下水道，不通不收钱，微信同号"


@pytest.mark.parametrize("text", [EGGS, CODE, "您的ETC已失效，点击链接重新认证"])
def test_fraud_is_warned_of(group: Group, steward: Group, text: str) -> None:
    (warning,) = group.says("生人", text)
    assert warning.startswith("上面这条请大家当心")
    assert "96110" in warning
    assert steward.heard("像诈骗")


def test_a_kind_is_warned_of_once_a_day(group: Group, steward: Group, world: World) -> None:
    group.says("生人", EGGS)
    assert group.says("生人乙", EGGS) == []
    assert len([said for said in steward.said if "像诈骗" in said]) == 2
    assert len(group.says("生人", CODE)) == 1
    world.wait("24h")
    assert len(group.says("生人", EGGS)) == 1


def test_an_advert_is_only_told_the_steward_once_a_day(group: Group, steward: Group) -> None:
    assert group.says("生人", ADVERT) == []
    assert group.says("生人", ADVERT + "，欢迎来电") == []
    assert len([said for said in steward.said if "像广告" in said]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "反诈提醒：凡是扫码领鸡蛋的都要当心，不要泄露身份证和验证码",
        "有人冒充社区干部打电话要验证码，大家别信",
        "收到短信说我医保异常，是真的吗",
    ],
)
def test_who_warns_or_asks_is_left_alone(group: Group, steward: Group, text: str) -> None:
    group.says("居民甲", text)
    assert not any("当心：" in said for said in group.said)
    assert not any("像诈骗" in said for said in steward.said)


def test_staff_may_post_what_they_like(group: Group, steward: Group) -> None:
    assert group.says("管家", EGGS) == []
    assert steward.said == []


def test_the_steward_reads_no_private_data(group: Group, steward: Group) -> None:
    group.says("生人", ADVERT + " 13800000000")
    assert not any("13800000000" in said for said in steward.said)
