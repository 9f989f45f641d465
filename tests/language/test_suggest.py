"""Which command was meant."""

from __future__ import annotations

import pytest

from bot.language.suggest import nearest

KNOWN = ("办结", "受理", "详情", "进度", "撤销", "撤回", "转办", "清单", "登记", "发布", "帮助")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("办洁", "办结"),
        ("办接", "办结"),
        ("半结", "办结"),
        ("受里", "受理"),
        ("受礼", "受理"),
        ("祥情", "详情"),
        ("进渡", "进度"),
        ("撤消", "撤销"),
        ("清但", "清单"),
        ("发不", "发布"),
        ("帮组", "帮助"),
        ("办结", "办结"),
    ],
)
def test_by_sound_and_shape(typed: str, meant: str) -> None:
    assert nearest(typed, KNOWN) == meant


@pytest.mark.parametrize(
    "word", ["今天", "收到", "谢谢", "团购", "下午", "电梯", "物业", "3幢", "abc", "😀"]
)
def test_other_words_are_not_bent(word: str) -> None:
    assert nearest(word, KNOWN) is None
