"""Messages that tell several things, or one thing at length, or take back what they said."""

from __future__ import annotations

import importlib.resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.classify import Classifier
from bot.language.corrections import correct
from bot.language.matters import split
from bot.language.text import normalise
from bot.models import Place
from bot.rules.taxonomy import SHIPPED, Taxonomy

TAXONOMY = Taxonomy.parse((importlib.resources.files("bot") / SHIPPED).read_bytes())
CLASSIFIER = Classifier(TAXONOMY.keywords)


def told(text: str) -> list[tuple[str, str]]:
    """The category and the public place of each matter."""
    return [(each.category, each.place.public) for each in split(normalise(text), CLASSIFIER)]


SEVERAL = [
    (
        "3幢灯不亮，另外垃圾桶也满了，还有5幢门禁坏了",
        [("GGSS", "3幢"), ("HJWS", "3幢垃圾桶"), ("GGSS", "5幢门禁")],
    ),
    (
        "3幢灯不亮另外垃圾桶也满了还有5幢门禁坏了",
        [("GGSS", "3幢"), ("HJWS", "3幢垃圾桶"), ("GGSS", "5幢门禁")],
    ),
    ("5幢电梯坏了，3幢门禁坏了", [("DTGZ", "5幢电梯"), ("GGSS", "3幢门禁")]),
    (
        "1、路灯不亮 2、垃圾没人清 3、健身器材断了",
        [("GGSS", ""), ("HJWS", ""), ("GGSS", "")],
    ),
    ("路灯坏了，另外健身器材也断了", [("GGSS", ""), ("GGSS", "")]),
    ("一是16幢车棚漏雨，二是门口乱停车", [("FWLS", "16幢车棚"), ("TCGL", "16幢门口")]),
    ("东门路灯不亮。8幢下水道又堵了", [("GGSS", "东门"), ("SDQN", "8幢")]),
    ("灯不亮，垃圾桶也满了，都是3幢的", [("GGSS", "3幢"), ("HJWS", "3幢")]),
]


@pytest.mark.parametrize(("text", "matters"), SEVERAL)
def test_several_matters(text: str, matters: list[tuple[str, str]]) -> None:
    assert told(text) == matters


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("3幢楼道灯坏了。黑漆漆的，老人摔跤怎么办", ("GGSS", "3幢楼道")),
        ("楼上漏水，墙皮都掉了，找物业没人管", ("FWLS", "")),
        ("垃圾桶满了，臭死了，苍蝇好多", ("HJWS", "垃圾桶")),
        ("3幢2单元灯坏了，晚上看不见，希望尽快修", ("GGSS", "3幢")),
        ("3幢电瓶车在楼道充电，飞线从窗户拉下来", ("DDCC", "3幢楼道")),
        ("3幢，不对，是5幢路灯不亮", ("GGSS", "5幢")),
        ("垃圾桶满了还有异味", ("HJWS", "垃圾桶")),
        ("谢谢管家", ("", "")),
    ],
)
def test_one_matter(text: str, matter: tuple[str, str]) -> None:
    assert told(text) == [matter]


def test_words_of_a_matter_stand_alone() -> None:
    matters = split("3幢灯不亮,另外垃圾桶也满了,还有5幢门禁坏了", CLASSIFIER)
    assert [each.text for each in matters] == ["3幢灯不亮", "垃圾桶也满了", "5幢门禁坏了"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("3幢，不对，是5幢路灯不亮", "5幢路灯不亮"),
        ("3幢不对是5幢路灯不亮", "5幢路灯不亮"),
        ("3幢路灯坏了。打错了，是5幢", "5幢路灯坏了"),
        ("不是3幢，是5幢路灯不亮", "5幢路灯不亮"),
        ("2单元，哦说错了，3单元门禁坏了", "3单元门禁坏了"),
        ("1幢不对2幢不对3幢漏水", "3幢漏水"),
    ],
)
def test_a_slip_is_set_right(text: str, right: str) -> None:
    assert correct(normalise(text)) == right


@pytest.mark.parametrize(
    "text",
    ["3幢的灯不亮，是不是5幢也这样", "3幢不对劲，5幢也是", "3幢灯坏了，5幢没坏", "不对，3幢"],
)
def test_what_is_no_slip_stays(text: str) -> None:
    assert correct(text) == text


def test_nothing_told() -> None:
    assert split("", CLASSIFIER) == ()
    assert split("  ", CLASSIFIER) == ()


def test_a_long_text_is_bounded() -> None:
    text = "3幢灯不亮,另外5幢垃圾桶也满了。" * 6000
    matters = split(text, CLASSIFIER)
    assert 2 <= len(matters) < 100
    assert matters[-1].text.endswith("也满了")


@settings(max_examples=60, deadline=None)
@given(st.text("3幢5单元灯不亮垃圾满，。另外还有是不对1、 ", max_size=60))
def test_any_text_can_be_split(text: str) -> None:
    whole = normalise(text)
    matters = split(whole, CLASSIFIER)
    assert bool(matters) == bool(whole)
    assert all(isinstance(each.place, Place) for each in matters)
    assert sum(len(each.text) for each in matters) <= len(whole)
