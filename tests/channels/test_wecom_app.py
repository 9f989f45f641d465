from __future__ import annotations

import time
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom_app import MEMBER_RATES, WecomAppChannel, WecomAppSettings
from bot.channels.wecom_xml import WecomMessage, parse_envelope, parse_message
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Incoming, Outgoing
from bot.ports import CallbackChannel, CallbackRequest
from bot.testing import FakeWecom, SignedCallback
from bot.testing.wecom import MEMBER_MESSAGES_A_MINUTE

NOW = 1790000000


class FixedClock:
    def now(self) -> datetime:
        return datetime.fromtimestamp(NOW, UTC)


FAKE = FakeWecom(clock=FixedClock())
CHANNEL: CallbackChannel = WecomAppChannel(
    "wecom_app/main", FAKE.settings("http://127.0.0.1:9"), FixedClock()
)


def parsed(callback: SignedCallback) -> Incoming | None:
    return CHANNEL.parse(CallbackRequest(callback.query, callback.body))


def test_a_text_message() -> None:
    assert parsed(FAKE.callback("LiMing", " 3幢楼道灯不亮 ", "42", NOW - 5)) == Incoming(
        channel="wecom_app/main",
        chat="",
        sender="LiMing",
        message_id="42",
        text=" 3幢楼道灯不亮 ",
        sent_at=datetime.fromtimestamp(NOW - 5, UTC),
        mentioned=True,
    )


@pytest.mark.parametrize(
    "text",
    ["", "]]>", "a]]></Content><MsgType>evil", "<!DOCTYPE html>", "&amp;<b>", "a\nb\tc", "👨‍👩‍👧"],
)
def test_texts_arrive_as_written(text: str) -> None:
    incoming = parsed(FAKE.callback("LiMing", text))
    assert incoming is not None
    assert incoming.text == text


@pytest.mark.parametrize("control", ["\x00", "\x08", "\x1f", "\ufffe"])
def test_control_characters_are_left_out(control: str) -> None:
    incoming = parsed(FAKE.callback("LiMing", f"水{control}管"))
    assert incoming is not None
    assert incoming.text == "水管"


@pytest.mark.parametrize(
    ("msg_type", "fields", "text"),
    [
        ("image", {}, "[图片]"),
        ("voice", {}, "[语音]"),
        ("video", {}, "[视频]"),
        ("location", {}, "[位置] 东门"),
        ("link", {}, "[链接] 社区通知"),
        ("file", {}, "[文件] 名单.xlsx"),
        ("file", {"FileName": "", "Filename": "表.xlsx"}, "[文件] 表.xlsx"),
        ("hologram", {}, "[其他消息]"),
    ],
)
def test_other_kinds_have_a_stand_in(msg_type: str, fields: dict[str, str], text: str) -> None:
    incoming = parsed(FAKE.callback("LiMing", msg_type=msg_type, fields=fields))
    assert incoming is not None
    assert (incoming.kind, incoming.text) == (msg_type, text)


@pytest.mark.parametrize(
    "event", ["unsubscribe", "LOCATION", "change_contact", "view", "batch_job_result", "click"]
)
def test_events_are_only_acknowledged(event: str) -> None:
    assert parsed(FAKE.callback("LiMing", msg_type="event", fields={"Event": event})) is None


def test_event_with_repeated_items_is_acknowledged() -> None:
    items = "<Items><Item><Id>1</Id></Item><Item><Id>2</Id></Item></Items>"
    assert parsed(FAKE.seal(inner("<MsgType>event</MsgType>" + items))) is None


def test_message_without_id_gets_one_of_its_own() -> None:
    first, again, other = (
        parsed(FAKE.seal(inner(f"<MsgType>text</MsgType><Content>{text}</Content>")))
        for text in ("甲", "甲", "乙")
    )
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.message_id == again.message_id != other.message_id
    assert first.message_id.startswith(f"LiMing-{NOW}-")


def test_the_chat_can_be_decided_elsewhere() -> None:
    class Grouped(WecomAppChannel):
        def chat_of(self, message: WecomMessage) -> str:
            return message.fields["ChatId"]

    channel = Grouped("wecom_app/main", FAKE.settings("http://127.0.0.1:9"), FixedClock())
    callback = FAKE.callback("LiMing", "在吗", fields={"ChatId": "g1"})
    incoming = channel.parse(CallbackRequest(callback.query, callback.body))
    assert incoming is not None
    assert incoming.chat == "g1"


def test_url_check_answers_the_bare_text() -> None:
    assert (
        CHANNEL.verify(CallbackRequest(FAKE.echo("5927782489442352469").query))
        == "5927782489442352469"
    )


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce", "echostr"])
def test_url_check_needs_every_parameter(name: str) -> None:
    query = {key: value for key, value in FAKE.echo().query.items() if key != name}
    with pytest.raises(BadCallback, match=name):
        CHANNEL.verify(CallbackRequest(query))


def inner(parts: str, *, to: str = FAKE.corp_id, head: str = "") -> str:
    return (
        f"{head}<xml><ToUserName>{to}</ToUserName><FromUserName>LiMing</FromUserName>"
        f"<CreateTime>{NOW}</CreateTime>{parts}</xml>"
    )


TEXT = "<MsgType>text</MsgType><Content>x</Content>"


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "not xml",
        "<xml/>",
        "<html></html>",
        inner(""),
        inner("<MsgType></MsgType>"),
        inner(TEXT, to="ww-other"),
        inner(TEXT + "<AgentID>7</AgentID>"),
        inner(TEXT + "<AgentID>one</AgentID>"),
        inner(TEXT + "<MsgId>1_0</MsgId>"),
        inner(TEXT + f"<MsgId>{'9' * 21}</MsgId>"),
        inner(TEXT + "<Content>y</Content>"),
        inner('<MsgType kind="a">text</MsgType>'),
        inner(TEXT + "stray"),
        inner(TEXT, head="<!DOCTYPE xml>"),
        inner(TEXT + "<Content2>&lol;</Content2>"),
        inner(TEXT + "<a>" * 9 + "</a>" * 9),
        inner(TEXT + "".join(f"<n{i}/>" for i in range(200))),
        inner(TEXT).replace("LiMing", ""),
        inner(TEXT).replace("LiMing", "L" * 129),
        inner(TEXT).replace(f"{NOW}", ""),
        inner(TEXT).replace(f"{NOW}", "-5"),
        inner(TEXT).replace(f"{NOW}", "9" * 12),
        inner(TEXT).replace("</xml>", ""),
    ],
)
def test_signed_messages_that_no_platform_sends(xml: str) -> None:
    with pytest.raises(BadCallback):
        parsed(FAKE.seal(xml))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><xml><Encrypt>&i;</Encrypt></xml>"
)
EXTERNAL = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><Encrypt>&e;</Encrypt></xml>'
)
HOSTILE = {
    "entity bomb": BOMB.encode(),
    "external entity": EXTERNAL.encode(),
    "external dtd": b'<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd"><xml><Encrypt>a</Encrypt></xml>',
    "deep": b"<xml>" + b"<a>" * 15_000,
    "wide": b"<xml>" + b"<a/>" * 15_000 + b"</xml>",
    "one tag of 60 kB": b"<" + b"x" * 60_000,
    "10 MB": b"<xml><Encrypt>" + b"A" * 10_000_000 + b"</Encrypt></xml>",
    "gbk bytes": "<xml><Encrypt>海棠</Encrypt></xml>".encode("gbk"),
    "gbk declared": b'<?xml version="1.0" encoding="gbk"?><xml><Encrypt>a</Encrypt></xml>',
    "utf-16": "<xml><Encrypt>a</Encrypt></xml>".encode("utf-16"),
    "utf-7 declared": b'<?xml version="1.0" encoding="utf-7"?><xml><Encrypt>a</Encrypt></xml>',
    "overlong": b"<xml><Encrypt>\xc0\xbc</Encrypt></xml>",
    "empty": b"",
    "nul": b"\x00" * 1000,
    "no encrypt": b"<xml><ToUserName>a</ToUserName></xml>",
    "empty encrypt": b"<xml><Encrypt></Encrypt></xml>",
    "two encrypts": b"<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
    "nested encrypt": b"<xml><a><Encrypt>a</Encrypt></a></xml>",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies_are_refused_quickly(body: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(BadCallback):
        CHANNEL.parse(CallbackRequest(FAKE.callback("LiMing", "x").query, body))
    assert time.perf_counter() - started < 0.05


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_bodies_take_little_memory(body: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(BadCallback):
            parse_envelope(body, max_bytes=1024 * 1024)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize(("size", "status"), [(64 * 1024 + 1, 413), (64 * 1024, 400)])
def test_size_limit_of_the_envelope(size: int, status: int) -> None:
    with pytest.raises(BadCallback) as caught:
        parse_envelope(b"x" * size)
    assert caught.value.status == status


def test_size_limit_can_be_raised() -> None:
    body = b"<xml><Encrypt>" + b"A" * 100_000 + b"</Encrypt></xml>"
    assert parse_envelope(body, max_bytes=1024 * 1024) == "A" * 100_000


def flips(text: bytes) -> list[bytes]:
    """The text with each byte changed, in three ways."""
    return [
        text[:at] + bytes([octet ^ mask]) + text[at + 1 :]
        for at, octet in enumerate(text)
        for mask in (0x01, 0x20, 0x80)
    ]


def test_every_flipped_byte_of_the_body_is_refused() -> None:
    callback = FAKE.callback("LiMing", "3幢楼道灯不亮")
    assert parsed(callback) is not None
    changed = flips(callback.body)
    assert len(changed) > 1000
    for body in changed:
        with pytest.raises(BadCallback):
            CHANNEL.parse(CallbackRequest(callback.query, body))


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_every_flipped_byte_of_the_query_is_refused(name: str) -> None:
    callback = FAKE.callback("LiMing", "3幢楼道灯不亮")
    for value in flips(callback.query[name].encode()):
        with pytest.raises(BadCallback):
            CHANNEL.parse(
                CallbackRequest({**callback.query, name: value.decode("latin-1")}, callback.body)
            )


def test_stale_and_swapped_requests_are_refused() -> None:
    one, other = FAKE.callback("LiMing", "一"), FAKE.callback("LiMing", "二")
    stale = FAKE.seal(inner(TEXT), timestamp=NOW - 601)
    for query, body in [
        (stale.query, stale.body),
        (one.query, other.body),
        ({**one.query, "nonce": other.query["nonce"]}, one.body),
        ({}, one.body),
    ]:
        with pytest.raises(BadCallback):
            CHANNEL.parse(CallbackRequest(query, body))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_any_body_is_refused(body: bytes) -> None:
    with pytest.raises(BadCallback):
        CHANNEL.parse(CallbackRequest(FAKE.callback("LiMing", "x").query, body))


XML_PARTS = st.sampled_from(
    [
        "<xml>",
        "</xml>",
        "<MsgType>",
        "</MsgType>",
        "text",
        "event",
        "<Content>",
        "</Content>",
        "<![CDATA[",
        "]]>",
        "&lt;",
        "&#0;",
        "<!--",
        "-->",
        "<?x?>",
        "<!DOCTYPE",
        "<a/>",
        "<a",
        "b='c'>",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(XML_PARTS | st.text(max_size=5), max_size=20))
def test_any_signed_text_is_parsed_or_refused(parts: list[str]) -> None:
    for xml in ("".join(parts), f"<xml><MsgType>text</MsgType>{''.join(parts)}</xml>"):
        try:
            message = parse_message(xml)
        except BadCallback:
            continue
        assert isinstance(message.text, str)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_message_text_is_taken(text: str) -> None:
    incoming = parsed(FAKE.callback("LiMing", text))
    assert incoming is not None
    assert incoming.kind == "text"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"corp_id": ""}, "corp_id」没有填"),
        ({"secret": ""}, "secret」没有填"),
        ({"token": ""}, "token」没有填"),
        ({"encoding_aes_key": ""}, "encoding_aes_key」没有填"),
        ({"encoding_aes_key": "A" * 42}, "EncodingAESKey 应为 43 位"),
        ({"agent_id": 0}, "agent_id」没有填"),
        ({"base_url": "qyapi.weixin.qq.com"}, "应以 https:// 开头"),
    ],
)
def test_wrong_settings_are_explained(change: dict[str, Any], sentence: str) -> None:
    chosen = msgspec.structs.replace(FAKE.settings("http://127.0.0.1:9"), **change)
    with pytest.raises(ConfigError, match=sentence):
        WecomAppChannel("wecom_app/main", chosen, FixedClock())


def test_the_pace_stays_below_the_platforms_limit() -> None:
    rate, hourly = MEMBER_RATES
    assert (hourly.seconds, hourly.count < 1000) == (3600, True)
    assert CHANNEL.rate == (rate, hourly)
    assert (rate.count < MEMBER_MESSAGES_A_MINUTE, rate.seconds) == (True, 60)


def test_settings_do_not_show_their_secrets() -> None:
    chosen = FAKE.settings("http://127.0.0.1:9")
    shown = f"{chosen!r} {chosen}"
    for secret in (FAKE.secret, FAKE.token, FAKE.encoding_aes_key):
        assert secret not in shown


def test_unknown_settings_are_an_error() -> None:
    raw = {**msgspec.structs.asdict(FAKE.settings("http://127.0.0.1:9")), "sekret": "x"}
    with pytest.raises(msgspec.ValidationError, match="sekret"):
        msgspec.convert(raw, WecomAppSettings)


@asynccontextmanager
async def running(fake: FakeWecom) -> AsyncIterator[WecomAppChannel]:
    async with fake.serve() as base_url:
        channel = WecomAppChannel("wecom_app/main", fake.settings(base_url), FixedClock())
        await channel.start()
        try:
            yield channel
        finally:
            await channel.stop()


def outgoing(text: str, *, user: str = "LiMing", chat: str = "") -> Outgoing:
    return Outgoing(id="o1", channel="wecom_app/main", chat=chat, user=user, text=text)


async def test_sends_to_one_member() -> None:
    fake = FakeWecom()
    async with running(fake) as channel:
        msgid = await channel.send(outgoing("已登记 12号"))
    assert [(message.to, message.text) for message in fake.sent] == [("LiMing", "已登记 12号")]
    assert msgid == fake.sent[0].msgid


async def test_a_long_text_goes_in_several_messages_in_order() -> None:
    fake = FakeWecom()
    text = "".join(f"第{number}条，请各位邻居留意。" for number in range(200))
    async with running(fake) as channel:
        ids = await channel.send(outgoing(text))
    assert len(fake.sent) > 1
    assert "".join(message.text for message in fake.sent) == text
    assert ids.split(",") == [message.msgid for message in fake.sent]


@pytest.mark.parametrize("errcode", [81013, 45009, -1])
async def test_a_failure_after_the_first_part_is_never_sent_again(errcode: int) -> None:
    fake = FakeWecom()
    fake.on_sent = lambda _: fake.fail_next(errcode)
    async with running(fake) as channel:
        with pytest.raises(SendUncertain, match="第2段"):
            await channel.send(outgoing("请留意。" * 300))
    assert len(fake.sent) == 1


@pytest.mark.parametrize(
    "message",
    [
        outgoing("x", user=""),
        outgoing("x", user="@all"),
        outgoing("x", user="a|b"),
        outgoing(""),
        outgoing(" \n"),
    ],
)
async def test_what_is_refused_before_any_call(message: Outgoing) -> None:
    fake = FakeWecom()
    async with running(fake) as channel:
        with pytest.raises(SendRefused):
            await channel.send(message)
    assert (fake.token_calls, fake.send_calls) == (0, 0)


async def test_half_a_surrogate_pair_does_not_stop_a_message() -> None:
    fake = FakeWecom()
    async with running(fake) as channel:
        await channel.send(outgoing("水\ud83d管"))
    assert fake.sent[0].text == "水?管"


async def test_not_started_is_only_a_delay() -> None:
    channel = WecomAppChannel("wecom_app/main", FAKE.settings("http://127.0.0.1:9"), FixedClock())
    with pytest.raises(SendDeferred, match="启动"):
        await channel.send(outgoing("x"))
