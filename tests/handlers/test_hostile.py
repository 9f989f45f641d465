"""Text that means harm: stored cleaned, answered or ignored, in no time, and echoed harmlessly."""

from __future__ import annotations

import time

import pytest

from bot.models import Outcome, Role
from bot.testing.conversation import Group, World

HOSTILE = {
    "100 kB": "3幢灯坏了" * 20_000,
    "numbers": "9" * 100_000,
    "NUL": "\x003幢\x00灯坏\x00了\x00",
    "bidi": "\u202e3幢灯坏了\u202c\u2066\u2069",
    "lone surrogate": "3幢灯坏了\ud800",
    "2,000 emoji": "😀" * 2_000,
    "families": "👨‍👩‍👧‍👦" * 500,
    "combining": "a" + "\u0301" * 5_000,
    "markdown": "**[3幢](http://example.com)** `灯坏了` ![x](y) > # - 1.",
    "html": "<script>alert(1)</script><b>3幢灯坏了</b>",
    "xml": "<![CDATA[3幢灯坏了]]>&lt;&amp;",
    "sql": "3幢灯坏了'); DROP TABLE appeals; --",
    "template": "{3幢灯坏了} {{7*7}} %s %n ${HOME}",
    "mentions": "@所有人 @all <@all> ＠全体成员 [CQ:at,qq=all] 3幢灯坏了 @everyone",
    "brackets": "(" * 4_000,
    "rooms": "3-502-" * 1_000,
    "blank": " \t\n\u3000",
    "lines": "3幢灯坏了\n" * 500,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_taken_in_stride(group: Group, world: World, steward: Group, name: str) -> None:
    text = HOSTILE[name]
    began = time.perf_counter()
    for who, words in (
        ("居民甲", text),
        ("居民甲", f"@海棠管家 登记 {text}"),
        ("管家", f"发布 {text}"),
    ):
        group.says(who, words)
        assert world.trace.outcome is not Outcome.FAILED
    assert time.perf_counter() - began < 3
    for said in group.said:
        assert not set(said) & set("@＠﹫<>`\x00\u202e\u2066\ud800"), said
        assert "CQ:" not in said
        assert len(said) < 400
    assert group.says("居民乙", "4幢楼道灯不亮")[0].startswith("已登记")


def test_control_characters_do_not_hide_a_complaint(group: Group, world: World) -> None:
    assert group.says("居民甲", "\u202e3幢\u200b楼道\x00灯不亮\u202c")[0].startswith(
        "已登记 1号：3幢楼道灯不亮"
    )
    assert world.appeal(1).text == "3幢楼道灯不亮"


@pytest.mark.parametrize(
    "order", ["办结 1 @所有人 <@all> 好了", "转 1 @所有人物业", "#办洁 1 @所有人 好了"]
)
def test_orders_call_nobody_either(group: Group, order: str) -> None:
    group.says("居民甲", "3幢楼道灯不亮")
    assert not set(group.says("管家", order)[0]) & set("@<")
    assert not set(group.says("居民甲", "进度 1")[0]) & set("@<")


def test_a_name_calls_nobody(group: Group, world: World) -> None:
    group.says("居民甲", "3幢楼道灯不亮")

    world.person("@所有人", Role.STEWARD)
    assert "@" not in group.says("@所有人", "受理 1")[0]
