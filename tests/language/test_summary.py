"""Words made fit to be repeated in a group."""

from __future__ import annotations

import pytest

from bot.language.summary import harmless, original_tail, presentable, sentence, summarise


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("3幢楼道灯不亮", "3幢楼道灯不亮"),
        ("你好，麻烦看看3幢2单元502室门口的灯不亮了！", "3幢门口的灯不亮了"),
        ("各位邻居好，请问物业，路灯坏了。。。", "路灯坏了"),
        ("@海棠管家 反映一下：东门的道闸坏了", "东门的道闸坏了"),
        ("3幢,灯不亮,很黑", "3幢，灯不亮，很黑"),
        ("3幢灯不亮，打我电话13812345678", "3幢灯不亮，打我电话138****5678"),
        ("3幢灯不亮\n好几天了", "3幢灯不亮 好几天了"),
        ("谢谢！", "谢谢"),
        ("物业", "物业"),
        ("", ""),
        ("长" * 40, "长" * 31 + "…"),
    ],
)
def test_one_line_of_a_complaint(said: str, line: str) -> None:
    assert summarise(said) == line


@pytest.mark.parametrize(
    ("said", "echoed"),
    [
        ("@所有人 16幢灯坏了", "16幢灯坏了"),
        ("16幢灯坏了@所有人", "16幢灯坏了"),
        ("16幢灯坏了@所有人快来", "16幢灯坏了 快来"),
        ("16幢灯坏了＠全体成员", "16幢灯坏了"),
        ("16幢灯坏了 @all 快来", "16幢灯坏了 快来"),
        ("16幢灯坏了 @ALL", "16幢灯坏了"),
        ("16幢灯坏了 @\u2005所有人", "16幢灯坏了"),
        ("<@all> 16幢灯坏了", "16幢灯坏了"),
        ("<@zhangsan>16幢灯坏了", "16幢灯坏了"),
        ("[CQ:at,qq=all]16幢灯坏了", "16幢灯坏了"),
        ("@王阿姨 16幢灯坏了", "16幢灯坏了"),
        ("@@@16幢灯坏了，很黑", "，很黑"),
        ("16幢灯坏了", "16幢灯坏了"),
    ],
)
def test_nobody_is_called_by_an_echo(said: str, echoed: str) -> None:
    assert harmless(said) == echoed


@pytest.mark.parametrize(
    ("said", "echoed"),
    [
        ("**16幢** `灯坏了`", "16幢 灯坏了"),
        ("16幢灯坏了 <b>急</b>", "16幢灯坏了 b急/b"),
        ("[点这里](http://example.com/x) 16幢灯坏了", "点这里 16幢灯坏了"),
        ("16幢灯坏了 https://example.com/x?a=1", "16幢灯坏了"),
        ("<@all>16幢**灯**坏了", "16幢灯坏了"),
        ("3幢2单元502的 13812345678", "3幢的 138****5678"),
        ("两行\n都要", "两行 都要"),
    ],
)
def test_no_markup_comes_to_life(said: str, echoed: str) -> None:
    assert presentable(said) == echoed


@pytest.mark.parametrize("sign", ["@", "＠", "﹫"])
def test_no_at_survives(sign: str) -> None:
    hostile = f"{sign}{sign}所有人{sign}all{sign}{'名' * 30}{sign}"
    assert not set(harmless(hostile)) & set("@＠﹫")
    assert not set(presentable(hostile)) & set("@＠﹫")
    assert not set(summarise(hostile)) & set("@＠﹫")


def test_hostile_length_takes_no_time() -> None:
    for piece in ("@所有人", "[CQ:at,", "<@", "[x](", "@", "https://a", "3幢2单元502室"):
        assert len(presentable(piece * 20_000)) <= 32


@pytest.mark.parametrize(
    ("words", "ended"),
    [
        ("已换灯泡", "已换灯泡。"),
        ("已换灯泡。", "已换灯泡。"),
        ("换好了！", "换好了！"),
        ("换好了👍", "换好了👍"),
        ("太长…", "太长…"),
        ("（明天再来）", "（明天再来）"),
        ("", ""),
    ],
)
def test_sentences_end_once(words: str, ended: str) -> None:
    assert sentence(words) == ended


@pytest.mark.parametrize(
    ("original", "tail", "kept"),
    [
        ("发布 明天8:00 停水，请存水！！", "停水,请存水!!", "停水，请存水！！"),
        ("＃发布　明天８：００　【停水】", "【停水】", "【停水】"),
        ("发布 明天8:00 第一行\n  第二行🙂", "第一行 第二行🙂", "第一行\n  第二行🙂"),
        ("@海棠管家 发布 明天8:00 问@海棠管家 就行", "问就行", "问@海棠管家 就行"),
        ("@海棠管家 体检？", "体检?", "体检？"),
        ("什么都不像", "另一句", "另一句"),
    ],
)
def test_the_end_is_kept_sign_for_sign(original: str, tail: str, kept: str) -> None:
    assert original_tail(original, tail, ("海棠管家",)) == kept
