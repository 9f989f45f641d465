"""Short words that answer what went before."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.replies import MeToo, Word, forbids_recording, me_too, rating, says_unfixed
from bot.models import Rating


@pytest.mark.parametrize(
    "text",
    [
        "+1",
        "加1",
        "我也是",
        "我们也是",
        "我们也是啊!",
        "我家也是这样",
        "咱们也一样",
        "同问",
        "同求",
        "附议",
        "一样的",
        "我们这边也有",
        "我们楼也是",
        "我们单元也这样",
        "隔壁也是的",
        "支持",
    ],
)
def test_me_too(text: str) -> None:
    assert me_too(text) == MeToo()


@pytest.mark.parametrize(
    ("text", "echo"),
    [
        ("12号+1", MeToo(number="12")),
        ("12号,我们也是", MeToo(number="12")),
        ("SQ20261121-0012 附议", MeToo(number="SQ20261121-0012")),
        ("5幢也不亮", MeToo(building="5幢")),
        ("15栋也是", MeToo(building="15幢")),
        ("7号楼楼道也漏水了", MeToo(building="7幢")),
    ],
)
def test_me_too_with_more(text: str, echo: MeToo) -> None:
    assert me_too(text) == echo


@pytest.mark.parametrize(
    "text",
    [
        "苹果+1箱",
        "+1箱苹果",
        "我也想要",
        "我们也去",
        "谢谢",
        "好的",
        "1",
        "12号",
        "我家的灯也坏了请来修一下并且把门也修了好吗谢谢谢谢谢谢谢谢谢谢",
        "也是",
        "支持国产",
        "一样东西",
    ],
)
def test_not_me_too(text: str) -> None:
    assert me_too(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("1", Word(Rating.GOOD)),
        ("1满意", Word(Rating.GOOD)),
        ("满意", Word(Rating.GOOD)),
        ("很满意!", Word(Rating.GOOD)),
        ("选1", Word(Rating.GOOD)),
        ("2", Word(Rating.FAIR)),
        ("2基本满意", Word(Rating.FAIR)),
        ("还行吧", Word(Rating.FAIR)),
        ("3", Word(Rating.BAD)),
        ("不满意", Word(Rating.BAD)),
        ("不满意,灯还是不亮", Word(Rating.BAD, reason="灯还是不亮")),
        ("3 没人来", Word(Rating.BAD, reason="没人来")),
        ("12号 满意", Word(Rating.GOOD, number="12")),
        ("12号不满意,根本没修", Word(Rating.BAD, number="12", reason="根本没修")),
        ("SQ20261121-0012 满意", Word(Rating.GOOD, number="SQ20261121-0012")),
    ],
)
def test_a_rating(text: str, word: Word) -> None:
    assert rating(text) == word


@pytest.mark.parametrize(
    "text",
    ["4", "1号楼", "1,2", "12", "1幢", "满意度", "+1", "好", "100", "1.5", "1点"],
)
def test_no_rating(text: str) -> None:
    assert rating(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "根本没来过人",
        "压根没人来修",
        "又不亮了",
        "还是漏",
        "到现在都没修好",
        "哪里修好了",
        "还在漏",
        "白修了",
        "没有人来处理",
        "灯还是老样子",
        "说办好了,哪有修好",
    ],
)
def test_what_is_not_done(text: str) -> None:
    assert says_unfixed(text)


@pytest.mark.parametrize(
    "text",
    ["修好了", "谢谢师傅", "灯亮了", "有人来过了", "满意", "今天没来上班"],
)
def test_what_does_not_say_so(text: str) -> None:
    assert not says_unfixed(text)


@pytest.mark.parametrize(
    "text",
    ["这个先不要登记", "不用登记", "别记了", "刚才那条先别登记", "这件事先不记", "不要登记了"],
)
def test_not_that(text: str) -> None:
    assert forbids_recording(text)


@pytest.mark.parametrize(
    "text",
    ["登记", "要登记吗", "不要登记信息给陌生人", "别忘了登记", "不记得了"],
)
def test_not_forbidden(text: str) -> None:
    assert not forbids_recording(text)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    me_too(text), rating(text), says_unfixed(text), forbids_recording(text)
