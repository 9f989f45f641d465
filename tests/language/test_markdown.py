from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.markdown import escape, without_mentions


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3幢楼道灯不亮", "3幢楼道灯不亮"),
        ("[点我](https://evil.example)", "［点我］（https：//evil.example）"),
        ("看 http://evil.example/a_b", "看 http：//evil.example/a＿b"),
        ("www.evil.example", "www．evil.example"),
        ("<@all> 快来", "＜@all＞ 快来"),
        ("# 通知\n> 引用", "＃ 通知 ＞ 引用"),
        ("**急**`x`", "＊＊急＊＊｀x｀"),
        ('<font color="warning">假</font>', '＜font color="warning"＞假＜/font＞'),
        ("- 第一条", "－ 第一条"),
    ],
)
def test_words_of_others_stay_words(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_nothing_active_is_left(text: str) -> None:
    shown = escape(text)
    assert not set("[]()<>*`#|_!\\") & set(shown)
    assert "http:" not in shown.lower()
    assert "\n" not in shown


@given(st.text(alphabet="<@ alhn>"))
def test_no_text_calls_anybody(text: str) -> None:
    assert "<@" not in "".join(without_mentions(text).split())
