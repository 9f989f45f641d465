"""Templates as a table: read, checked, filled."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

import pytest

from bot.errors import ImportFault
from bot.rules.notice_dates import dated
from bot.rules.notice_templates import SHIPPED, NoticeTemplates

NOW = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
ONE = """[[template]]
name = "甲"
text = "{乙}"
field = [{ name = "乙", example = "丙" }]
"""


def test_the_shipped_table_is_whole() -> None:
    shipped = NoticeTemplates.parse(files("bot").joinpath(SHIPPED).read_bytes())
    for template in shipped.all:
        examples = {one.name: one.example for one in template.field}
        text = template.fill(examples)
        assert all(example in text for example in examples.values()), template.name
        assert "{" not in text
        assert len(text.split("\n")) <= 6


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ("[[", "模板表看不懂"),
        (ONE.replace("{乙}", "{丁}"), "对不上"),
        (ONE + ONE, "模板「甲」写了两次"),
        (ONE.replace('"丙"', '"丙", other = ["乙"]'), "模板「甲」的「乙」写了两次"),
        (ONE.replace('"丙"', '"丙", kind = "day"'), "kind 应是 text 或 time"),
        (ONE.replace("example", "sample"), "sample"),
    ],
)
def test_a_faulty_table_is_refused(table: str, fault: str) -> None:
    with pytest.raises(ImportFault) as refused:
        NoticeTemplates.parse(table.encode())
    assert fault in refused.value.faults[0]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("明天9点到11点", "11月22日（周日）9:00到11:00"),
        ("今晚8点到明早6点", "11月21日（周六）20:00到11月22日（周日）6:00"),
        ("周三－周五", "11月25日（周三）到11月27日（周五）"),
        ("周三到周五上午", "11月25日（周三）到11月27日（周五）上午"),
        ("下周一至周五 9:00-11:30", "11月23日（周一）到11月27日（周五） 9:00-11:30"),
        ("明天9点，雨天顺延", "11月22日（周日）9:00，雨天顺延"),
        ("明天", "11月22日（周日）"),
        ("12月1日到15日上午", "12月1日到15日上午"),
        ("每周三下午", "每周三下午"),
        ("以楼道公示为准", "以楼道公示为准"),
    ],
)
def test_days_become_dates(said: str, shown: str) -> None:
    assert dated(said, NOW, None).words == shown
    assert dated(said, NOW, None).fault == ""


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("昨天", "已经过去了"),
        ("今天8点", "已经过去了"),
        ("11月20日", "已经过去了"),
        ("周六", "11月28日还是11月21日"),
        ("9点到11点", "没写哪天"),
        ("近期", "没说是哪天"),
        ("2月30日", "2月没有30日"),
    ],
)
def test_days_that_cannot_be(said: str, why: str) -> None:
    assert why in dated(said, NOW, None).fault
