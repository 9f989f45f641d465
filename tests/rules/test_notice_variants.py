"""Lines of one notice that are for some of its groups alone."""

from __future__ import annotations

import pytest

from bot.models import Group
from bot.rules.notice_variants import split_variants


def group(name: str) -> Group:
    return Group(id=name, channel="t", chat=name, name=name, area="街/社/格")


GROUPS = [group("玉景一群"), group("玉景二群"), group("三群")]


@pytest.mark.parametrize(
    ("text", "common", "variants"),
    [
        ("停水", "停水", {}),
        (
            "停水通知\n一群：9点\n二群：13点\n请存水",
            "停水通知\n请存水",
            {"玉景一群": "停水通知\n9点\n请存水", "玉景二群": "停水通知\n13点\n请存水"},
        ),
        (
            "一群、三群: 9点\n玉景二群 ： 13点",
            "",
            {"玉景一群": "9点", "三群": "9点", "玉景二群": "13点"},
        ),
        ("业主群：请看\n时间：9点", "业主群：请看\n时间：9点", {}),
        ("一群、五群：9点", "一群、五群：9点", {}),
        ("一群：", "一群：", {}),
    ],
)
def test_who_hears_which_line(text: str, common: str, variants: dict[str, str]) -> None:
    assert split_variants(text, GROUPS) == (common, variants)


def test_to_one_group_nothing_is_taken_apart() -> None:
    assert split_variants("一群：9点", GROUPS[:1]) == ("一群：9点", {})
