"""Conditions that combine."""

from __future__ import annotations

import itertools
from typing import cast

import pytest

from bot import Context, Filter, always, intent, keyword, mentioned, private
from bot.engine.filters import danger
from bot.language.intents import Intent
from bot.models import Person
from bot.ports import Store
from tests.engine.rig import AREA, START, knowledge, says

NOBODY = cast(Context, None)


def fixed(value: bool, label: str) -> Filter:
    return Filter(lambda ctx: value, label)


@pytest.mark.parametrize(("a", "b"), [*itertools.product([True, False], repeat=2)])
def test_filters_combine_like_truth_values(a: bool, b: bool) -> None:
    one, other = fixed(a, "甲"), fixed(b, "乙")
    assert (one & other)(NOBODY) is (a and b)
    assert (one | other)(NOBODY) is (a or b)
    assert (~one)(NOBODY) is (not a)
    assert (~(one & other) | other)(NOBODY) is (not (a and b) or b)


def test_the_second_is_asked_only_when_it_matters() -> None:
    def never(ctx: Context) -> bool:
        raise AssertionError

    asked = Filter(never, "不问")
    assert not (fixed(False, "否") & asked)(NOBODY)
    assert (fixed(True, "是") | asked)(NOBODY)


def test_labels_say_what_was_combined() -> None:
    both = (keyword("水") | keyword("电", "气")) & ~mentioned()
    assert both.label == "(含「水」或含「电、气」)且非叫了机器人"


def context(text: str, *, chat: str = "g", mention: bool = False) -> Context:
    return Context(
        cast(Store, None),
        knowledge(),
        START,
        message_id="m",
        incoming=says(text, "m", chat=chat, mentioned=mention),
        group=None,
        person=Person(id="c:甲", channel="c", user="甲", name="甲", area=AREA),
    )


@pytest.mark.parametrize(
    ("condition", "text", "chat", "mention", "holds"),
    [
        (keyword("没水", "停水"), "我家停水了", "g", False, True),
        (keyword("没水", "停水"), "我家停电了", "g", False, False),
        (keyword("WiFi"), "ＷｉＦｉ连不上", "g", False, True),
        (mentioned(), "在吗", "g", False, False),
        (mentioned(), "在吗", "g", True, True),
        (mentioned(), "@海棠管家\u2005在吗", "g", False, True),
        (mentioned(), "@王阿姨 在吗", "g", False, False),
        (mentioned(), "在吗", "", False, True),
        (private(), "在吗", "", False, True),
        (private(), "在吗", "g", True, False),
        (danger(), "3幢着火了", "g", False, True),
        (danger(), "今天降温", "g", False, False),
        (intent(Intent.APPEAL), "3幢楼道灯不亮了", "g", False, True),
        (intent(Intent.APPEAL), "大家早上好", "g", False, False),
        (always(), "", "g", False, True),
    ],
)
def test_what_the_shipped_ones_look_at(
    condition: Filter, text: str, chat: str, mention: bool, holds: bool
) -> None:
    assert condition(context(text, chat=chat, mention=mention)) is holds
