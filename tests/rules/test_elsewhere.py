"""Who is responsible for what a community cannot take on; and what a partner unit can."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.app import DATA
from bot.rules.elsewhere import HOTLINE, responsible
from bot.rules.partners import serves
from bot.rules.taxonomy import Taxonomy


@pytest.mark.parametrize(
    ("reason", "text", "who"),
    [
        ("不是社区的事", "老板拖欠工资", "劳动保障监察（12333）"),
        ("是劳动纠纷，欠薪", "", "劳动保障监察（12333）"),
        ("不在范围", "快递公司不赔", "市场监管（12315）"),
        ("不在范围", "已经在法院起诉", "人民法院或仲裁机构"),
        ("不在范围", "变压器响", "供电公司（95598）"),
        ("不在范围", "天上有云", HOTLINE),
        ("路灯归市政", "路灯不亮", ""),
        ("请打12345", "", ""),
    ],
)
def test_whose_it_is(reason: str, text: str, who: str) -> None:
    assert responsible(reason, text) == who


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        (("GGSS",), True),
        (("公共设施",), True),
        (("公共设施维修",), True),
        (("路灯",), True),
        (("电梯", "路灯"), True),
        (("电梯",), False),
        (("",), False),
        ((), False),
    ],
)
def test_whom_a_unit_serves(kinds: tuple[str, ...], found: bool) -> None:
    read: Callable[[bytes], Taxonomy] = Taxonomy.parse
    category = read((DATA / "taxonomy.json").read_bytes()).get("GGSS")
    assert serves(kinds, category, "5幢路灯不亮") is found
