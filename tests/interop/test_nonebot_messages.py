"""CQ strings and segments, read by NoneBot's models and by us."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nonebot.adapters.onebot import v11
from nonebot.adapters.onebot.v11.utils import escape as their_escape
from nonebot.adapters.onebot.v11.utils import unescape as their_unescape

from bot.channels.onebot_message import Segment, escape, read_cq, understand, unescape, write_cq

pytestmark = pytest.mark.interop


@given(st.text(st.sampled_from("[]&,;#914amp灯 ")) | st.text())
@settings(deadline=None)
def test_we_escape_alike(text: str) -> None:
    assert escape(text) == their_escape(text)
    assert escape(text, parameter=False) == their_escape(text, escape_comma=False)
    assert unescape(their_escape(text)) == text == their_unescape(escape(text))


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(
    st.lists(
        st.one_of(
            WORDS.map(v11.MessageSegment.text),
            st.integers(1, 2**40).map(v11.MessageSegment.at),
            st.integers(1, 200).map(v11.MessageSegment.face),
            st.builds(v11.MessageSegment.share, WORDS, WORDS),
        ),
        max_size=6,
    )
)
@settings(deadline=None)
def test_we_read_its_strings_and_it_reads_ours(segments: list[Any]) -> None:
    theirs = v11.Message(segments)
    ours = [
        Segment(each.type, {k: v for k, v in each.data.items() if v is not None}) for each in theirs
    ]
    assert understand(read_cq(str(theirs)), "1") == understand(ours, "1")
    assert v11.Message(write_cq(ours)).extract_plain_text() == theirs.extract_plain_text()
