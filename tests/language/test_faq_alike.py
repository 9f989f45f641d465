"""Questions on a list: which stand together."""

from __future__ import annotations

import pytest

from bot.language.faq_alike import alike, bundles


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("小区能养蜜蜂吗", "我们小区可以养蜜蜂吗？", True),
        ("居住证如何续签", "居住证怎么续签呀", True),
        ("居住证怎么续签", "麻将室几点关门", False),
        ("", "", True),
        ("水", "电", False),
    ],
)
def test_two_questions(one: str, other: str, same: bool) -> None:
    assert alike(one, other) is same
    assert alike(other, one) is same


def test_bundles_keep_the_order() -> None:
    texts = ["麻将室几点关门", "居住证怎么续签", "请问麻将室几点关门啊", "居住证如何续签"]
    assert bundles(texts) == [[0, 2], [1, 3]]
    assert bundles([]) == []
