"""Whose trouble it is: what a group must not hear repeated."""

from __future__ import annotations

import pytest

from bot.language.personal import asks_for_care, is_personal

PLEAS = [
    "我婆婆得了癌症，没人照顾，能不能派人来看看",
    "我奶奶是独居老人，这几天没人照顾，能不能派人上门看看",
    "我家孩子在学校被欺负了，不知道跟谁说",
    "隔壁夫妻天天吵架，能不能来劝劝",
    "我抑郁很久了，求助",
    "3幢502老人瘫痪在床，能不能上门看看",
]
TOLD = [
    "我爸住院要人陪，3幢502",
    "3幢502夫妻吵架天天吵，孩子吓得不敢回家",
    "我抗原阳了，在3幢2单元502，怎么报备",
    "3幢502老人瘫痪在床，楼道灯不亮没法出门",
    "我老公家暴",
]
NOT = [
    "独居老人有什么补助",
    "我妈的残疾证怎么办",
    "家里测出阳性了要报备吗",
    "老人走累了没地方坐",
    "孩子放学看不清路，路灯坏了",
    "楼上小孩天天蹦跳，吵死了",
    "我家老人腿脚不好，电梯坏了下不了楼",
    "宝宝打疫苗在哪里",
    "老年体检什么时候开始",
    "高血压随访多久一次",
    "孩子们都回家了吗",
    "我觉得住院费太贵",
    "谢谢管家帮我妈搬东西",
    "",
]


@pytest.mark.parametrize("text", PLEAS)
def test_a_plea_for_somebody(text: str) -> None:
    assert asks_for_care(text)


@pytest.mark.parametrize("text", PLEAS + TOLD)
def test_told_of_a_person(text: str) -> None:
    assert is_personal(text)


@pytest.mark.parametrize("text", NOT)
def test_policy_and_facilities_are_nobodys_secret(text: str) -> None:
    assert not is_personal(text)


def test_long_text_takes_no_time() -> None:
    for piece in ("我家", "我婆婆得了", "能不能", "夫妻"):
        is_personal(piece * 50_000)
