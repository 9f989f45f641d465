"""What is a command, and what is only talk."""

from __future__ import annotations

import pytest

from bot.language.commands import Command, CommandTable, Form, split_number
from bot.language.mentions import strip_mentions
from bot.language.text import normalise

NAMES = ("海棠管家", "管家机器人")


@pytest.fixture(scope="module")
def table() -> CommandTable:
    made = CommandTable()
    made.add("帮助", ("菜单", "help", "?", "怎么用"), Form.ALONE)
    made.add("清单", ("列表", "待办"), Form.ALONE)
    made.add("进度", ("进展",), Form.OPTIONAL)
    made.add("撤销", (), Form.OPTIONAL)
    made.add("详情", ("查看",), Form.NUMBER)
    made.add("受理", ("接单",), Form.NUMBER)
    made.add("转", ("转办", "转给"), Form.NUMBER)
    made.add("办结", ("结案", "完成", "办好"), Form.NUMBER)
    made.add("登记", ("登记一下",), Form.TEXT)
    made.add("发布", ("群发",), Form.TIMED)
    return made


def read(table: CommandTable, text: str, *, addressed: bool = False) -> Command | None:
    """As the engine reads a message."""
    words, named = strip_mentions(text, NAMES)
    return table.parse(normalise(words), addressed or named)


@pytest.mark.parametrize(
    ("typed", "name", "number", "words"),
    [
        ("办结12", "办结", "12", ""),
        ("办结 12", "办结", "12", ""),
        ("办结　１２", "办结", "12", ""),
        ("#办结12", "办结", "12", ""),
        ("＃办结 12", "办结", "12", ""),
        ("# 办结 12", "办结", "12", ""),
        ("/受理 12", "受理", "12", ""),
        ("／受理12", "受理", "12", ""),
        ("#结案12", "办结", "12", ""),
        ("#完成 12", "办结", "12", ""),
        ("办好12 换了灯泡", "办结", "12", "换了灯泡"),
        ("受理12号", "受理", "12", ""),
        ("受理 12 号", "受理", "12", "号"),
        ("办结：12：已换灯泡", "办结", "12", "已换灯泡"),
        ("办结，12，已换灯泡", "办结", "12", "已换灯泡"),
        ("办结12已换灯泡。", "办结", "12", "已换灯泡。"),
        ("办结 12. 已换灯泡", "办结", "12", "已换灯泡"),
        ("办结 12号楼道灯已换", "办结", "12", "楼道灯已换"),
        ("@海棠管家 办结12", "办结", "12", ""),
        ("@海棠管家　＃办结12", "办结", "12", ""),
        ("@海棠管家\u2005办结 12", "办结", "12", ""),
        ("办结12 @海棠管家", "办结", "12", ""),
        ("受理 SQ20261121-0012", "受理", "SQ20261121-0012", ""),
        ("受理sq20261121－12", "受理", "SQ20261121-0012", ""),
        ("受理 ＳＱ20261121—0012", "受理", "SQ20261121-0012", ""),
        ("受理编号12", "受理", "12", ""),
        ("转12物业", "转", "12", "物业"),
        ("转 12 给物业", "转", "12", "给物业"),
        ("转给12 电梯维保", "转", "12", "电梯维保"),
        ("进度", "进度", "", ""),
        ("进度？", "进度", "", "?"),
        ("进度 12？", "进度", "12", "?"),
        ("进展12", "进度", "12", ""),
        ("清单", "清单", "", ""),
        ("清单。", "清单", "", ""),
        ("#待办", "清单", "", ""),
        ("帮助", "帮助", "", ""),
        ("HELP", "帮助", "", ""),
        ("登记 3幢灯不亮", "登记", "", "3幢灯不亮"),
        ("登记：3幢灯不亮", "登记", "", "3幢灯不亮"),
        ("登记3幢灯不亮", "登记", "", "3幢灯不亮"),
        ("登记一下3幢灯不亮", "登记", "", "3幢灯不亮"),
        ("#登记楼道灯不亮", "登记", "", "楼道灯不亮"),
        ("发布 明天8:00 停水", "发布", "", "明天8:00 停水"),
        ("发布明天8：00停水", "发布", "", "明天8:00停水"),
        ("＃群发 立即 停水", "发布", "", "立即 停水"),
    ],
)
def test_typed_in_a_group(
    table: CommandTable, typed: str, name: str, number: str, words: str
) -> None:
    command = read(table, typed) if typed != "HELP" else read(table, typed, addressed=True)
    assert command is not None
    assert command.name == name
    assert split_number(command.rest) == (number, words)


@pytest.mark.parametrize(
    "talk",
    [
        "转发一下",
        "转发给大家",
        "转12号楼的快递",
        "转12幢的快递",
        "转给3楼的阿姨",
        "转 12号的票",
        "转12号下午的班",
        "转100块给你",
        "转1.5米的带子",
        "清单在哪里",
        "列表我看了",
        "完成了",
        "完成12份",
        "完成了12个",
        "完成100%",
        "办好了",
        "办好3件事",
        "进展顺利",
        "进度怎么样",
        "登记了吗",
        "登记表在哪里领",
        "登记处几点开门",
        "发布了新政策",
        "发布会几点",
        "查看12:30的车",
        "查看3-502的水表",
        "受理了12件",
        "受理中心在哪",
        "帮助老人过马路",
        "怎么用",
        "help",
        "?",
        "？",
        "？？？",
        "",
        "#",
        "/",
        "谢谢",
        "今天办结了吗",
        "我想登记 3幢灯不亮",
        "@王阿姨 办好了",
    ],
)
def test_ordinary_talk_is_no_command(table: CommandTable, talk: str) -> None:
    assert read(table, talk) is None


@pytest.mark.parametrize(
    ("typed", "name", "rest"),
    [
        ("？", "帮助", ""),
        ("?", "帮助", ""),
        ("怎么用", "帮助", ""),
        ("帮助 我", "帮助", "我"),
        ("受理", "受理", ""),
        ("登记", "登记", ""),
        ("登记楼道灯不亮", "登记", "楼道灯不亮"),
        ("发布停水通知", "发布", "停水通知"),
    ],
)
def test_spoken_to_the_bot_the_word_is_enough(
    table: CommandTable, typed: str, name: str, rest: str
) -> None:
    command = read(table, typed, addressed=True)
    assert command == Command(name, rest, marked=True)


@pytest.mark.parametrize(
    "talk",
    [
        "登记了吗",
        "登记怎么办",
        "登记表哪里领",
        "发布了新政策",
        "发布会几点",
        "转发一下",
        "办好了吗",
        "清单在哪里",
    ],
)
def test_even_to_the_bot_this_is_talk(table: CommandTable, talk: str) -> None:
    assert read(table, talk, addressed=True) is None


def test_a_sign_or_a_mention_marks_a_command(table: CommandTable) -> None:
    typed = {"办结12": False, "#办结12": True, "@海棠管家 办结12": True}
    assert {text: read(table, text).marked for text in typed} == typed  # type: ignore[union-attr]


def test_the_longest_word_wins(table: CommandTable) -> None:
    command = read(table, "转给12 物业")
    assert command is not None
    assert command.rest == "12 物业"


def test_a_word_belongs_to_one_command(table: CommandTable) -> None:
    with pytest.raises(ValueError, match="指令「清单」重复"):
        table.add("清单", (), Form.ALONE)


def test_the_words_are_known_with_their_names(table: CommandTable) -> None:
    assert table.name_of("结案") == "办结"
    assert "转给" in table.words


@pytest.mark.parametrize(
    ("rest", "split"),
    [
        ("12", ("12", "")),
        ("12 物业", ("12", "物业")),
        ("12个", ("", "12个")),
        ("12幢", ("", "12幢")),
        ("物业", ("", "物业")),
        ("", ("", "")),
        ("999999999999", ("999999999999", "")),
        ("9999999999999", ("", "9999999999999")),
    ],
)
def test_numbers_in_front(rest: str, split: tuple[str, str]) -> None:
    assert split_number(rest) == split


def test_long_text_takes_no_time(table: CommandTable) -> None:
    for text in ("转" * 100_000, "办结 " + "9" * 100_000, "#" * 100_000, "登记 " + "3-" * 50_000):
        read(table, text)
