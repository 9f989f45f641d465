"""The short cut through plain XML reads what expat reads, or nothing."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wecom_xml import MAX_ELEMENTS, read_any, read_plain
from bot.errors import BadCallback


@pytest.mark.parametrize(
    ("xml", "fields"),
    [
        ("<xml></xml>", {}),
        ("<xml><A><![CDATA[3幢]]></A><B>12</B></xml>", {"A": "3幢", "B": "12"}),
        ("<xml>\n <A>1</A>\n\t<B></B>\n</xml>", {"A": "1", "B": ""}),
        ("<xml><A><![CDATA[a]b]]c]]></A></xml>", {"A": "a]b]]c"}),
        ("<xml><A><![CDATA[</A><B>&amp;]]></A></xml>", {"A": "</A><B>&amp;"}),
    ],
)
def test_plain_xml_is_read_at_once(xml: str, fields: dict[str, str]) -> None:
    assert read_plain(xml) == read_any(xml) == fields


@pytest.mark.parametrize(
    "xml",
    [
        "<xml><A>&lt;</A></xml>",
        "<xml><A>1</A><A>2</A></xml>",
        "<xml><A b='1'>1</A></xml>",
        "<xml><A><B>1</B></A></xml>",
        "<xml><A><![CDATA[a]]>b</A></xml>",
        "<xml><A><![CDATA[a\rb]]></A></xml>",
        "<xml><A><![CDATA[a\x00b]]></A></xml>",
        "<xml><A><![CDATA[\ud800]]></A></xml>",
        "<xml>text<A>1</A></xml>",
        "<xml><A>1</B></xml>",
        "<xml><A>1</A></xml> ",
        "<!DOCTYPE xml><xml><A>1</A></xml>",
        "<xml>" + "".join(f"<A{n}>1</A{n}>" for n in range(MAX_ELEMENTS)) + "</xml>",
    ],
)
def test_everything_else_is_left_to_expat(xml: str) -> None:
    assert read_plain(xml) is None


PIECES = [
    *("<A>", "</A>", "<B>", "</B>", "<![CDATA[", "]]>", "]", "]]", "&amp;", "&lt;", "&", "<", ">"),
    *("x", "汉 字", "\n", " ", "\t", "\r", "\x00", "\x0b", "\ud800", "\ufffe", "\x85", "\u3000"),
    *("<A/>", "<!-- c -->", "<?p ?>", "<A b='1'>", "<!DOCTYPE x>", "<汉>", "</汉>", "<1>", "</1>"),
]
CONTENT = st.lists(st.sampled_from(PIECES), max_size=4).map("".join)
FIELD = st.builds(
    lambda name, text, quoted: f"<{name}>{f'<![CDATA[{text}]]>' if quoted else text}</{name}>",
    st.sampled_from("ABCD"),
    CONTENT,
    st.booleans(),
)


@given(st.one_of(CONTENT, st.lists(FIELD, max_size=4).map("".join)))
def test_the_short_cut_never_reads_anything_else_than_expat(inner: str) -> None:
    xml = f"<xml>{inner}</xml>"
    plain = read_plain(xml)
    if plain is None:
        return
    try:
        assert read_any(xml) == plain
    except BadCallback:
        pytest.fail(f"expat refuses {xml!r}")


@pytest.mark.parametrize(
    "inner",
    [
        "<A>" * 20_000,
        "<A><![CDATA[" + "]" * 60_000,
        "<A><![CDATA[" + "]]" * 30_000 + "]]></A>",
        "<A>" + "x" * 60_000,
        " " * 60_000,
        (" " * 100 + "<A>") * 500,
    ],
)
def test_hostile_xml_costs_linear_time(inner: str) -> None:
    begin = time.perf_counter()
    read_plain(f"<xml>{inner}</xml>")

    assert time.perf_counter() - begin < 0.5
