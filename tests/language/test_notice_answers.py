"""When a notice answers a question, and when it is better silent."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.language.notice_answers import Current, answer

NOW = datetime.fromisoformat("2026-11-22T09:00:00+08:00")
CHECK = (
    "【体检通知】12月1日到15日上午\n对象：65岁及以上\n地点：社区卫生服务站\n准备：空腹，带身份证"
)
PARTY = "【活动】重阳包馄饨，11月25日（周三）14:00到16:00\n地点：社区活动室\n报名：在群里跟管家说"
WATER = "水箱清洗要停水，11月23日9点到11点，1-20幢请提前存水。"


def said(question: str, *texts: str, days: float = 0) -> list[str]:
    notices = [Current(text, NOW) for text in texts]
    found = answer(question, notices, NOW + timedelta(days=days))
    return [] if found is None else list(found.lines)


@pytest.mark.parametrize(
    ("question", "lines"),
    [
        ("体检什么时候", ["【体检通知】12月1日到15日上午"]),
        ("老年体检在哪里做", ["地点：社区卫生服务站"]),
        ("体检要带什么", ["准备：空腹，带身份证"]),
        ("体检哪些人能去", ["对象：65岁及以上"]),
        ("包馄饨几点开始呀", ["【活动】重阳包馄饨，11月25日（周三）14:00到16:00"]),
        ("包馄饨怎么报名", ["报名：在群里跟管家说"]),
        ("哪几幢停水", ["水箱清洗要停水，11月23日9点到11点，1-20幢请提前存水。"]),
    ],
)
def test_its_own_lines(question: str, lines: list[str]) -> None:
    assert said(question, CHECK, PARTY, WATER) == lines


@pytest.mark.parametrize(
    "question",
    [
        "医保什么时候交",
        "体检",
        "包馄饨要带什么",
        "快递在哪里取",
        "什么时候",
        "社区在哪里",
        "今天几点下班",
        "体检" + "很" * 60 + "在哪",
    ],
)
def test_when_unsure_not_a_word(question: str) -> None:
    assert said(question, CHECK, PARTY, WATER) == []


def test_two_notices_about_the_same() -> None:
    assert said("体检在哪", CHECK, CHECK.replace("社区", "街道")) == []


def test_what_is_over_answers_no_more() -> None:
    assert said("包馄饨几点", PARTY, days=2)
    assert said("包馄饨几点", PARTY, days=4) == []
    assert said("义诊在哪", "义诊在社区门口", days=2)
    assert said("义诊在哪", "义诊在社区门口", days=4) == []
