"""What a person said, by segments and by CQ strings; nothing in a text becomes a code."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.onebot_message import (
    MAX_SEGMENTS,
    Segment,
    escape,
    read_cq,
    understand,
    unescape,
    write_cq,
)
from bot.errors import BadCallback
from bot.models import MediaKind

ME = "10001000"


def segments(*pairs: tuple[str, dict[str, Any] | None]) -> list[Segment]:
    return [Segment(kind, data) for kind, data in pairs]


@pytest.mark.parametrize(
    ("raw", "text", "mentioned"),
    [
        ("3幢楼道灯不亮", "3幢楼道灯不亮", False),
        (f"[CQ:at,qq={ME}] 3幢灯不亮", "3幢灯不亮", True),
        (f"灯坏了[CQ:at,qq={ME},name=海棠管家]", "灯坏了", True),
        ("[CQ:at,qq=999] 你家漏水", "@群友  你家漏水", False),
        ("[CQ:at,qq=999,name=海棠管家] 你好", "@群友  你好", False),
        ("[CQ:at,qq=all] 通知", "@全体成员  通知", False),
        ("[CQ:face,id=123]谢谢", "谢谢", False),
        ("[CQ:reply,id=-77]修好了吗", "修好了吗", False),
        ("价格&#91;12&#93;&amp;14", "价格[12]&14", False),
        ("&amp;#91;不是括号", "&#91;不是括号", False),
        ("[CQ:share,url=http://a.cn,title=停水&#44;通知]", "[链接]停水,通知", False),
        ("[CQ:location,lat=1,lon=2,title=海棠苑]", "[位置]海棠苑", False),
        ("[CQ:json,data={}]", "[卡片]", False),
        ("[CQ:nobody,x=1]", "", False),
        ("[CQ:at", "[CQ:at", False),
        ("[CQ:]", "[CQ:]", False),
        ("[[CQ:at,qq=1]", "[@群友", False),
        ("", "", False),
    ],
)
def test_strings(raw: str, text: str, mentioned: bool) -> None:
    said = understand(raw, ME)
    assert (said.text, said.mentioned, said.attachments) == (text, mentioned, ())
    assert understand(read_cq(raw), ME) == said


@pytest.mark.parametrize(
    ("message", "text", "mentioned"),
    [
        (segments(("text", {"text": "灯坏了"})), "灯坏了", False),
        (segments(("at", {"qq": int(ME)}), ("text", {"text": " 灯坏了"})), "灯坏了", True),
        (segments(("mention", {"user_id": ME}), ("text", {"text": "灯坏了"})), "灯坏了", True),
        (segments(("mention_all", {}), ("text", {"text": "停水"})), "@全体成员 停水", False),
        (segments(("text", {"text": "[CQ:at,qq=all]"})), "[CQ:at,qq=all]", False),
        (segments(("text", None), ("at", None)), "@群友", False),
        (segments(("text", {"text": {"deep": 1}})), "", False),
        (segments(("text", {"text": None})), "", False),
        ([], "", False),
    ],
)
def test_segments(message: list[Segment], text: str, mentioned: bool) -> None:
    said = understand(message, ME)
    assert (said.text, said.mentioned) == (text, mentioned)


@pytest.mark.parametrize(
    ("message", "kind", "text", "ref"),
    [
        ("[CQ:image,file=a.jpg,url=http://h/a.jpg]", "image", "[图片]", "http://h/a.jpg"),
        ("[CQ:image,file=a.jpg]看", "text", "看", "a.jpg"),
        ("[CQ:record,file=b.amr]", "voice", "[语音]", "b.amr"),
        ("[CQ:video,file=c.mp4]", "video", "[视频]", "c.mp4"),
        (segments(("file", {"file_id": "f1"})), "file", "[文件]", "f1"),
        (segments(("audio", {"file_id": "f2"})), "voice", "[语音]", "f2"),
    ],
)
def test_what_comes_along(message: list[Segment] | str, kind: str, text: str, ref: str) -> None:
    said = understand(message, ME)
    assert (said.kind, said.text) == (kind, text)
    assert [each.ref for each in said.attachments] == [ref]
    assert isinstance(said.attachments[0].kind, MediaKind)


def test_a_picture_without_an_address_is_none() -> None:
    assert understand("[CQ:image]", ME).attachments == ()


@pytest.mark.parametrize(
    "bomb", ["[CQ:face,id=1]" * (MAX_SEGMENTS + 1), "a[CQ:face]" * MAX_SEGMENTS]
)
def test_a_bomb_of_codes_is_refused(bomb: str) -> None:
    with pytest.raises(BadCallback, match="消息段太多"):
        understand(bomb, ME)


def test_a_bomb_of_segments_is_refused() -> None:
    with pytest.raises(BadCallback, match="消息段太多"):
        understand(segments(*[("text", {"text": "a"})] * (MAX_SEGMENTS + 1)), ME)


@pytest.mark.parametrize(
    "piece", ["[CQ:", "[CQ:at,", "[CQ:at,qq=", "[", "&#91;", "&amp;", ",,=", "[CQ:a,b=c,"]
)
def test_time_is_linear(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    start = time.process_time()
    understand(text, ME)
    assert time.process_time() - start < 1.0


@given(st.text())
@settings(deadline=None)
def test_what_was_escaped_comes_back(text: str) -> None:
    assert unescape(escape(text)) == text
    said = understand(escape(text, parameter=False), ME)
    assert (said.text, said.mentioned) == (text.strip(), False)


@given(
    st.lists(
        st.builds(
            Segment,
            st.sampled_from(["text", "at", "image", "share", "face"]),
            st.dictionaries(
                st.sampled_from(["text", "qq", "url", "file", "title"]), st.text(), max_size=3
            ),
        ),
        max_size=8,
    )
)
@settings(deadline=None)
def test_strings_and_segments_say_the_same(message: list[Segment]) -> None:
    assert understand(write_cq(message), ME) == understand(message, ME)


@given(st.text(st.sampled_from("[]CQ:at,=&#;9137 qlmp")) | st.text())
@settings(deadline=None)
def test_any_string_is_taken(text: str) -> None:
    understand(text, ME)


def test_segments_of_wrong_shapes_do_not_pass() -> None:
    for wrong in ('[{"data":{}}]', '[{"type":1,"data":{}}]', '[{"type":"text","data":[]}]', "{}"):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(wrong, type=list[Segment] | str)
