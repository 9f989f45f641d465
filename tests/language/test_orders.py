"""Orders in a steward's own words, and talk that only looks like one."""

from __future__ import annotations

import pytest

from bot.language.orders import Order, find_order


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("12号转给物业", Order("转办", "12", "", "物业")),
        ("第12条结了", Order("办结", "12", "", "")),
        ("第12条办好了,已换灯泡", Order("办结", "12", "", "已换灯泡")),
        ("把12号延期到下周三,等业主回来", Order("延期", "12", "", "下周三,等业主回来")),
        ("SQ20261121-0012转给城管", Order("转办", "SQ20261121-0012", "", "城管")),
        ("12号派给小陈", Order("分派", "12", "", "小陈")),
        ("12号先挂账到12月10日,等材料", Order("挂账", "12", "", "12月10日,等材料")),
        ("12号上报给社区,要动维修资金", Order("上报", "12", "", "社区,要动维修资金")),
        ("12号我来办", Order("受理", "12", "", "")),
        ("12号催一下吧", Order("催办", "12", "", "")),
        (
            "把楼道堆物那条延期到下周三,等业主回来",
            Order("延期", "", "楼道堆物", "下周三,等业主回来"),
        ),
        ("请把3幢的灯那件转给物业", Order("转办", "", "3幢的灯", "物业")),
    ],
)
def test_an_order(text: str, order: Order) -> None:
    assert find_order(text) == order


@pytest.mark.parametrize(
    "text",
    [
        "12号我来办结婚证", "12号楼转给物业", "12号结了婚", "今天12号转给物业", "12转给物业",
        "把垃圾扔了", "把门关上那条路", "转给12号", "12号", "", "把那条转给物业",
    ],
)  # fmt: skip
def test_talk(text: str) -> None:
    assert find_order(text) is None
