"""Who was spoken to: our names at the borders of a token, nobody else's."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.mentions import strip_mentions

NAMES = ("海棠管家", "海棠", "海棠 小管家", "haitang")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        # Every kind of blank, and none behind.
        ("@海棠管家\u2005停水了", "停水了"),
        ("@海棠管家\u00a0停水了", "停水了"),
        ("@海棠管家\u3000停水了", "停水了"),
        ("@海棠管家\u2002停水了", "停水了"),
        ("@海棠管家 停水了", "停水了"),
        ("@海棠管家\n停水了", "停水了"),
        ("@海棠管家\t停水了", "停水了"),
        ("@海棠管家", ""),
        ("@海棠管家\u2005", ""),
        ("  @海棠管家  ", ""),
        # Full width, small signs, letters of either case.
        ("＠海棠管家", ""),
        ("＠海棠管家停水了", "停水了"),
        ("﹫海棠管家 停水了", "停水了"),
        ("@ＨａｉＴａｎｇ 你好", "你好"),
        ("@HaiTang 你好", "你好"),
        # Punctuation ends a name.
        ("@海棠管家，灯坏了", "灯坏了"),
        ("@海棠管家,灯坏了", "灯坏了"),
        ("@海棠管家：灯坏了", "灯坏了"),
        ("@海棠管家、灯坏了", "灯坏了"),
        ("@海棠管家。灯坏了", "。灯坏了"),
        ("@海棠管家！灯坏了", "！灯坏了"),
        ("@海棠管家？", "？"),
        ("@海棠管家#办结12", "#办结12"),
        ("@海棠管家😀", "😀"),
        ("@海棠. 你好", ". 你好"),
        # Typed by hand without a blank: the words behind go on talking.
        ("@海棠停水了", "停水了"),
        ("@海棠管家停水了", "停水了"),
        ("@海棠管家3幢灯不亮", "3幢灯不亮"),
        ("@海棠管家12号楼停水", "12号楼停水"),
        ("@海棠管家二号楼停水", "二号楼停水"),
        ("@海棠路灯不亮", "路灯不亮"),
        ("@海棠家里漏水", "家里漏水"),
        ("@海棠花坛里有狗屎", "花坛里有狗屎"),
        ("@海棠小区停电了", "小区停电了"),
        ("@海棠管家物业不管", "物业不管"),
        # Anywhere in the text, more than once, beside others.
        ("请@海棠管家 看一下", "请看一下"),
        ("停水了@海棠管家", "停水了"),
        ("@海棠管家 @海棠 你好", "你好"),
        ("@海棠管家@海棠 你好", "你好"),
        ("@居民甲\u2005@海棠管家\u2005你好", "@居民甲\u2005你好"),
        ("@海棠管家\u2005@居民甲\u2005你好", "@居民甲\u2005你好"),
        ("@海棠管家，@小李\u2005说灯坏了", "@小李\u2005说灯坏了"),
        ("联系 a@b.com 或 @海棠管家", "联系 a@b.com 或"),
        # A name with a blank in it, whatever blank.
        ("@海棠 小管家\u2005你好", "你好"),
        ("@海棠\u2005小管家 你好", "你好"),
        ("@海棠\u00a0小管家，你好", "你好"),
        ("@海棠　小管家", ""),
    ],
)
def test_the_bot_is_meant(text: str, rest: str) -> None:
    assert strip_mentions(text, NAMES) == (rest, True)


@pytest.mark.parametrize(
    "text",
    [
        # Longer names of others, made by a client or typed.
        "@海棠管家2号\u2005灯坏了",
        "@海棠管家2号 灯坏了",
        "@海棠管家２号 灯坏了",
        "@海棠管家二号 灯坏了",
        "@海棠管家助手 灯坏了",
        "@海棠管家们 灯坏了",
        "@海棠管家-李 灯坏了",
        "@海棠管家(旧) 灯坏了",
        "@海棠管家（旧） 灯坏了",
        "@海棠管家·李 灯坏了",
        "@海棠管家_bot 灯坏了",
        "@海棠管家A 灯坏了",
        "@海棠管家漂亮\u2005灯坏了",
        "@海棠管家🌸\u2005灯坏了",
        "@海棠 王\u2005灯坏了",
        "@海棠苑小李 你家漏水",
        "@海棠花店 送花吗",
        "@海棠社区 通知",
        "@海棠物业 灯坏了",
        "@海棠阿姨 好",
        "@海棠姐 好",
        "@海棠小张 好",
        "@海棠王老师 好",
        "@海棠超市 送水吗",
        "@海棠依旧 好",
        "@海棠朵朵 好",
        "@haitang2 你好",
        "@haitang_x 你好",
        # Addresses.
        "a@海棠.com",
        "zhang@海棠.cn",
        "zhang_@海棠 你好",
        "z.h+x@haitang",
        "@haitang.cn",
        "@海棠.com",
        "发到zhang@haitang.com，谢谢",
        # Nobody, or somebody else.
        "@居民甲 你好",
        "海棠管家你好",
        "@ 海棠管家",
        "@",
        "@@",
        "",
    ],
)
def test_others_are_left_alone(text: str) -> None:
    assert strip_mentions(text, NAMES) == (text, False)


def test_a_bot_without_a_name_is_never_mentioned() -> None:
    assert strip_mentions("@海棠 你好", ["", " "]) == ("@海棠 你好", False)


def test_names_are_no_patterns() -> None:
    assert strip_mentions("@管家(一) 你好", ["管家(一)"]) == ("你好", True)
    assert strip_mentions("@管家甲 你好", ["管.*"]) == ("@管家甲 你好", False)


def test_the_longest_name_decides() -> None:
    assert strip_mentions("@海棠管家2号 好", ["海棠", "海棠管家"]) == ("@海棠管家2号 好", False)
    assert strip_mentions("@海棠管家2号 好", ["海棠管家2号", "海棠管家"]) == ("好", True)


@given(st.text(st.sampled_from("@＠海棠管家苑2号 \u2005\u00a0\u3000,.a-（\ud800")))
@settings(deadline=None)
def test_only_mentions_and_blanks_are_taken_out(text: str) -> None:
    rest, named = strip_mentions(text, NAMES)
    assert named or rest == text
    left = iter(text)
    assert all(sign in left for sign in rest)
