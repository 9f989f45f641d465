"""Personal data out of what is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.mask import mask, mask_name
from tests.language.test_text import ANY_TEXT, BUDGET, HOSTILE, seconds


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678", "电话138****5678"),
        ("13812345678或13912345679", "138****5678或139****5679"),
        ("138 1234 5678", "138****5678"),
        ("139-1234-5678", "139****5678"),
        ("138 123 456 78", "138****5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
        ("+86 13812345678", "138****5678"),
        ("+8613812345678", "138****5678"),
        ("0086-13812345678", "138****5678"),
        ("１３８１２３４５６７８", "138****5678"),
        ("138\u300012345678", "138****5678"),
        ("一三八一二三四五六七八", "138****5678"),
        ("幺三八〇二三四五六七八", "138****5678"),
        ("138****1234", "138****1234"),
        ("0512-65432101", "0512-****2101"),
        ("(0512)65432101", "0512-****2101"),
        ("（0512）65432101", "0512-****2101"),
        ("051265432101", "0512-****2101"),
        ("010-12345678", "010-****5678"),
        ("家里65432101", "家里****2101"),
        ("320501199001011234", "3205**********1234"),
        ("32050119900101123X", "3205**********123X"),
        ("320501 19900101 1234", "3205**********1234"),
        ("6222021234567890123", "****0123"),
        ("6222 0212 3456 7890 123", "****0123"),
        ("苏E12347挡路", "苏E·***7挡路"),
        ("苏E·12347", "苏E·***7"),
        ("苏E D12347", "苏E·***7"),
        ("苏E1234学", "苏E·***学"),
        ("zhang.san@example.com", "z***@example.com"),
        ("13812345678@example.cn漏水", "1***@example.cn漏水"),
        ("zhang@海棠.cn", "z***@海棠.cn"),
        ("微信号 abc_12345", "微信a***"),
        ("3幢2单元502室，13812345678", "3幢，138****5678"),
        ("3幢502 13812345678", "3幢 138****5678"),
        ("3幢502-13812345678", "3幢-138****5678"),
        ("3幢13812345678", "3幢138****5678"),
        ("我是31-402，59幢下水道堵了", "我是31幢，59幢下水道堵了"),
        ("我叫张三丰，电话", "我叫张*，电话"),
        ("联系人：欧阳明 谢谢", "联系人：欧阳* 谢谢"),
        ("姓名李四", "姓名李*"),
        ("3-502王姐 苏E12347", "3幢王姐 苏E·***7"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert mask(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "SQ20261121-0012",
        "SQ20261121-0012、SQ20261121-0013已办好",
        "2026-11-21 8:30",
        "20261121",
        "11月22日（周日）8:00",
        "8:00-10:30",
        "16幢、17幢",
        "3-27幢停水",
        "15-16-17-18-19-20幢",
        "12345 或 119、110、120、96333",
        "12号已办好",
        "罚款500-1000元",
        "65岁以上，12月1日至15日",
        "新Adapter到了",
        "请@海棠管家 看一下",
        "楼道灯不亮",
        "我叫车来修",
        "我叫物业来修，没人理",
        "联系人很多",
        "请登记姓名、电话",
        "",
    ],
)
def test_what_stays(text: str) -> None:
    assert mask(text) == text


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张*"),
        ("欧阳明", "欧阳*"),
        ("3-502王姐", "王*"),
        ("3幢502王姐", "王*"),
        ("三幢502王姐", "王*"),
        ("３－５０２ 王姐", "王*"),
        ("13812345678李", "李*"),
        ("Alice", "A*"),
        ("🌸小花", "小*"),
        ("张*", "张*"),
        ("12号楼", "*"),
        ("", "*"),
    ],
)
def test_mask_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


DIGIT = st.sampled_from("0123456789")
MOBILE = st.builds(
    lambda second, rest: f"1{second}{rest}",
    st.sampled_from("3456789"),
    st.text(DIGIT, min_size=9, max_size=9),
)


@given(
    st.lists(MOBILE, min_size=1, max_size=4),
    st.sampled_from(["", " ", "-"]),
    st.sampled_from(["，", "和", "；电话："]),
)
def test_no_phone_gets_through(numbers: list[str], gap: str, between: str) -> None:
    """Every occurrence, however it is grouped."""
    texts = [gap.join((number[:3], number[3:7], number[7:])) for number in numbers]
    shown = mask("找我" + between.join(texts))
    assert shown == "找我" + between.join(f"{n[:3]}****{n[-4:]}" for n in numbers)


@given(ANY_TEXT)
@settings(deadline=None)
def test_any_text_is_taken(text: str) -> None:
    mask(text)
    assert mask_name(text).endswith("*")
    assert len(mask_name(text)) <= 3


@pytest.mark.parametrize(
    "piece",
    [
        *HOSTILE,
        "138 ",
        "0512-",
        "苏E",
        "13812345678 ",
        "6222 ",
        "微信a",
        "一三",
        "(0",
        "+86",
        "a@b.",
        "a.",
    ],
)
def test_time_is_linear(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    assert seconds(mask, text) < BUDGET
    assert seconds(mask_name, text) < BUDGET
