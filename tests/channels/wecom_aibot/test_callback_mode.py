"""Callbacks of an AI bot: what is read, what is refused, and how it is answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.channels.wecom_aibot import CallbackModeChannel, WecomAibotSettings
from bot.channels.wecom_aibot.settings import CALLBACK
from bot.channels.wecom_aibot.words import LIMIT_BYTES
from bot.errors import BadCallback, SendDeferred, SendRefused, SendUncertain
from bot.models import Incoming, MediaKind, Outgoing
from bot.ports import AnsweringChannel, CallbackChannel, CallbackRequest, MediaChannel
from bot.testing.wecom import FakeAibot, SignedCallback
from tests.channels.wecom_aibot.kit import Hands, notice, reply_to

CLOCK = Hands()
FAKE = FakeAibot(clock=CLOCK)
FAKE.app("http://127.0.0.1:9")
VECTORS = json.loads((Path(__file__).parents[1] / "vectors.json").read_text("utf-8"))


def channel(**changes: Any) -> CallbackModeChannel:
    chosen = replace(FAKE.settings(CALLBACK), **changes)
    return CallbackModeChannel("wecom_aibot/main", chosen, CLOCK)


def request(callback: SignedCallback) -> CallbackRequest:
    return CallbackRequest(query=callback.query, body=callback.body)


def said(body: dict[str, Any] | str, **how: Any) -> CallbackRequest:
    return request(FAKE.callbacks.seal(body, **how))


def heard(body: dict[str, Any], **changes: Any) -> Incoming:
    incoming = channel(**changes).parse(said(body))
    assert incoming is not None
    return incoming


def test_it_is_a_channel_of_every_kind_that_it_claims() -> None:
    one: object = channel()
    assert isinstance(one, CallbackChannel)
    assert isinstance(one, AnsweringChannel)
    assert isinstance(one, MediaChannel)


def test_the_url_check_is_answered_with_the_bare_text() -> None:
    assert channel().verify(request(FAKE.callbacks.echo("1616140317555161061"))) == (
        "1616140317555161061"
    )


def test_a_group_message() -> None:
    body = FAKE.message("woABC", "3幢电梯坏了", chat="wrXYZ", msgid="M1")
    body["response_url"] = FAKE.response_url("wrXYZ")
    found = heard(body)
    assert (found.chat, found.sender, found.message_id) == ("wrXYZ", "woABC", "M1")
    assert (found.text, found.mentioned, found.answerable) == ("3幢电梯坏了", True, True)
    assert found.reply_token.startswith("msg ")
    assert "http" not in found.reply_token


@pytest.mark.parametrize(
    ("said_text", "names", "text"),
    [
        ("@海棠管家 你好", ["海棠管家"], "你好"),
        ("@海棠管家\u2005你好", ["海棠管家"], "你好"),
        ("你好 @海棠管家", ["海棠管家"], "你好"),
        ("@Robot A hello", ["Robot", "Robot A"], "hello"),
        ("@海棠管家2号 你好", ["海棠管家"], "@海棠管家2号 你好"),
        ("写信到 a@海棠.cn", ["海棠"], "写信到 a@海棠.cn"),
        ("@别人 你好", ["海棠管家"], "@别人 你好"),
        ("@海棠管家 你好", [], "@海棠管家 你好"),
        ("@海棠管家", ["海棠管家"], ""),
    ],
)
def test_only_our_own_mention_is_taken_off(said_text: str, names: list[str], text: str) -> None:
    body = FAKE.message("li", "", chat="G1") | {"text": {"content": said_text}}
    assert heard(body, names=names).text == text


def test_pictures_in_a_mixed_message() -> None:
    items = [
        {"msgtype": "image", "image": {"url": "https://a.qq.com/1"}},
        {"msgtype": "text", "text": {"content": "看这里"}},
    ]
    body = FAKE.message("li", chat="G1", kind="mixed", mixed={"msg_item": items})
    found = heard(body)
    assert found.text == "看这里"
    assert [(one.kind, one.key) for one in found.attachments] == [(MediaKind.IMAGE, "")]
    assert heard(FAKE.message("li", kind="image", image={"url": "https://a.qq.com/1"})).text == (
        "[图片]"
    )


def test_both_spellings_of_the_envelope_and_of_the_signature_are_read() -> None:
    callback = FAKE.callbacks.seal(FAKE.message("li", "在吗"))
    for name in ("msg_signature", "msgsignature", "signature"):
        query = dict(callback.query)
        query[name] = query.pop("msg_signature")
        for body in (callback.body, callback.body.replace(b'"encrypt"', b'"Encrypt"')):
            assert channel().parse(CallbackRequest(query=query, body=body)) is not None


def test_the_vector_of_a_group_text() -> None:
    vector = next(v for v in VECTORS["positive"] if v["name"] == "derived-aibot-group-text")
    chosen = WecomAibotSettings(
        mode=CALLBACK,
        token=vector["token"],
        encoding_aes_key=vector["encoding_aes_key"],
        bot_id="AIBOTID",
        names=["RobotA"],
    )
    then = Hands()
    then.move(int(vector["timestamp"]) - then.now().timestamp())
    query = {key: vector[key] for key in ("msg_signature", "timestamp", "nonce")}
    envelope = json.dumps({"encrypt": vector["encrypt"]}).encode()
    found = CallbackModeChannel("wecom_aibot/main", chosen, then).parse(
        CallbackRequest(query=query, body=envelope)
    )
    assert found is not None
    assert (found.chat, found.sender, found.text) == ("CHATID", "USERID", "三号楼电梯坏了")
    assert found.reply_token == "msg CODE"


@pytest.mark.parametrize("vector", VECTORS["negative"], ids=lambda v: v["name"])
def test_the_vectors_that_must_be_refused(vector: dict[str, str]) -> None:
    chosen = WecomAibotSettings(
        mode=CALLBACK, token=vector["token"], encoding_aes_key=vector["encoding_aes_key"]
    )
    then = Hands()
    then.move(int(vector["timestamp"]) - then.now().timestamp())
    query = {key: vector[key] for key in ("msg_signature", "timestamp", "nonce")}
    with pytest.raises(BadCallback):
        CallbackModeChannel("wecom_aibot/main", chosen, then).parse(
            CallbackRequest(query=query, body=json.dumps({"encrypt": vector["encrypt"]}).encode())
        )


def test_no_altered_byte_is_accepted() -> None:
    callback = FAKE.callbacks.seal(FAKE.message("li", "在吗"))
    one = channel()
    start = callback.body.index(b":") + 2
    for place in range(start, len(callback.body) - 2):
        body = bytearray(callback.body)
        body[place] ^= 1
        with pytest.raises(BadCallback):
            one.parse(CallbackRequest(query=callback.query, body=bytes(body)))
    for name, value in callback.query.items():
        for place in range(len(value)):
            other = "0" if value[place] != "0" else "1"
            altered = {**callback.query, name: value[:place] + other + value[place + 1 :]}
            with pytest.raises(BadCallback):
                one.parse(CallbackRequest(query=altered, body=callback.body))
    assert one.parse(request(callback)) is not None


@pytest.mark.parametrize("age", [-601, 601, 10**9])
def test_a_stale_callback_is_refused(age: int) -> None:
    stamp = int(CLOCK.now().timestamp()) - age
    with pytest.raises(BadCallback, match="时间戳"):
        channel().parse(said(FAKE.message("li", "在吗"), timestamp=stamp))


def test_a_nonce_is_used_once_but_a_repetition_is_answered() -> None:
    one = channel()
    first = said(FAKE.message("li", "一"), nonce="n1")
    assert one.parse(first) == one.parse(first)
    with pytest.raises(BadCallback, match="nonce"):
        one.parse(said(FAKE.message("li", "二"), nonce="n1"))
    assert one.parse(said(FAKE.message("li", "二"), nonce="n2")) is not None
    with pytest.raises(BadCallback, match="nonce"):
        one.parse(said(FAKE.message("li", "二"), nonce="n" * 129))


def test_a_refused_callback_does_not_use_up_its_nonce() -> None:
    one = channel()
    good = FAKE.callbacks.seal(FAKE.message("li", "一"), nonce="n1")
    bad = {**good.query, "msg_signature": "0" * 40}
    with pytest.raises(BadCallback):
        one.parse(CallbackRequest(query=bad, body=b'{"encrypt":"AAAA"}'))
    assert one.parse(request(good)) is not None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "不是 JSON",
        "[]",
        "null",
        '{"msgtype":5}',
        '{"msgtype":"text"}',
        '{"msgtype":"text","msgid":"1","chattype":"group","from":{"userid":"x"}}',
        '{"msgtype":"text","msgid":"1","aibotid":"other","from":{"userid":"x"}}',
        '{"msgtype":"text","msgid":"1","from":[]}',
        '{"msgtype":"text","msgid":"1","from":{"userid":"' + "x" * 257 + '"}}',
        '{"msgtype":"text","msgid":"' + "x" * 257 + '","from":{"userid":"x"}}',
        '{"msgtype":"mixed","msgid":"1","from":{"userid":"x"},"mixed":{"msg_item":"x"}}',
        '{"msgtype":"text","text":' + '{"a":' * 20_000 + "1" + "}" * 20_001,
        '{"msgtype":"text","msgid":"1","text":{"content":"' + "长" * 100_000 + '"}}',
    ],
)
def test_what_is_rightly_signed_but_wrong_is_refused(body: str) -> None:
    with pytest.raises(BadCallback):
        channel().parse(said(body))


@pytest.mark.parametrize(
    "envelope",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'{"encrypt":5}',
        b'{"encrypt":""}',
        b"\xff\xfe",
        b"<xml/>",
        b'{"encrypt":"' + b"A" * 2_000_000 + b'"}',
        b'{"a":' * 100_000,
    ],
)
def test_a_broken_envelope_is_refused(envelope: bytes) -> None:
    good = FAKE.callbacks.seal(FAKE.message("li", "在吗"))
    with pytest.raises(BadCallback):
        channel().parse(CallbackRequest(query=good.query, body=envelope))


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_a_missing_parameter_is_refused(name: str) -> None:
    good = FAKE.callbacks.seal(FAKE.message("li", "在吗"))
    for value in ("", None):
        query = {key: v for key, v in good.query.items() if key != name}
        query |= {} if value is None else {name: value}
        with pytest.raises(BadCallback, match=name):
            channel().parse(CallbackRequest(query=query, body=good.body))


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["msgid", "chatid", "chattype", "from", "msgtype", "text", "image", "mixed", "quote", "event",
     "stream", "create_time", "response_url", "voice", "file"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(FIELDS, ANYTHING), st.sampled_from(["text", "mixed", "event", "stream"]))
def test_any_json_is_a_message_or_a_refusal(fields: dict[str, Any], kind: str) -> None:
    body = FAKE.message("li", "在吗", kind=kind) | fields
    one = channel()
    try:
        asked = said(json.dumps(body, ensure_ascii=True))
        incoming = one.parse(asked)
    except BadCallback:
        return
    one.answer(asked, incoming, [])


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.dictionaries(st.text(max_size=8), st.text(max_size=8)))
def test_any_bytes_are_refused(body: bytes, query: dict[str, str]) -> None:
    good = FAKE.callbacks.seal(FAKE.message("li", "在吗"))
    with pytest.raises(BadCallback):
        channel().parse(CallbackRequest(query={**good.query, **query}, body=body))


def answered(one: CallbackModeChannel, callback: SignedCallback, *texts: str) -> Any:
    asked = request(callback)
    incoming = one.parse(asked)
    rows = [] if incoming is None else [reply_to(incoming, t, f"r{n}") for n, t in enumerate(texts)]
    answer = one.answer(asked, incoming, rows)
    return answer, FAKE.callbacks.read(callback, answer.body)


def test_the_reply_is_one_finished_stream_under_the_nonce_of_the_callback() -> None:
    callback = FAKE.callbacks.seal(FAKE.message("li", "在吗", chat="G1"))
    answer, reply = answered(channel(), callback, "在的", "还有一句")
    assert answer.carried == ("r0", "r1")
    assert answer.content_type == "text/plain"
    assert reply["msgtype"] == "stream"
    assert (reply["stream"]["finish"], reply["stream"]["content"]) == (True, "在的\n\n还有一句")
    assert reply["stream"]["feedback"] == {"id": "r0"}


def test_a_repeated_callback_gets_the_same_stream_again() -> None:
    one = channel()
    body = FAKE.message("li", "在吗")
    first = answered(one, FAKE.callbacks.seal(body), "在的")[1]
    for again in (one, channel()):  # also after a restart
        assert answered(again, FAKE.callbacks.seal(body), "在的")[1] == first


def test_silence_is_an_empty_answer() -> None:
    answer, reply = answered(channel(), FAKE.callbacks.seal(FAKE.message("li", "在吗")))
    assert (answer.body, answer.carried, reply) == (b"", (), None)


def test_what_does_not_fit_into_one_stream_is_left_for_later() -> None:
    callback = FAKE.callbacks.seal(FAKE.message("li", "在吗"))
    answer, reply = answered(channel(), callback, "短", "长" * 7000, "短")
    assert (answer.carried, reply["stream"]["content"]) == (("r0",), "短")
    answer, reply = answered(
        channel(), FAKE.callbacks.seal(FAKE.message("li", "在吗")), "长" * 7000
    )
    assert (answer.carried, reply) == ((), None)


def test_a_question_about_a_stream_is_answered_with_what_was_said() -> None:
    one = channel()
    _, reply = answered(one, FAKE.callbacks.seal(FAKE.message("li", "在吗")), "在的")
    asked = {"msgid": "s1", "msgtype": "stream", "from": {"userid": "li"}}
    for stream_id, content in (
        (reply["stream"]["id"], "在的"),
        ("unknown", "这条回复已经说完了。"),
    ):
        question = FAKE.callbacks.seal(asked | {"stream": {"id": stream_id}})
        _, found = answered(one, question)
        assert found == {
            "msgtype": "stream",
            "stream": {"id": stream_id, "finish": True, "content": content},
        }
    assert answered(one, FAKE.callbacks.seal(asked | {"stream": {"id": ""}}))[1] is None


def test_who_comes_in_is_welcomed_with_plain_text() -> None:
    callback = FAKE.callbacks.seal(FAKE.event("li", "enter_chat"))
    _, reply = answered(channel(), callback, "您好")
    assert reply == {"msgtype": "text", "text": {"content": "您好"}}


def test_a_pressed_card_becomes_the_answer() -> None:
    click = {"event_key": "办结 12", "task_id": "t12"}
    callback = FAKE.callbacks.seal(
        FAKE.event("li", "template_card_event", template_card_event=click)
    )
    _, reply = answered(channel(), callback, "12号已办好")
    assert reply["response_type"] == "update_template_card"
    assert reply["template_card"]["task_id"] == "t12"


def test_an_opinion_gets_only_an_empty_answer() -> None:
    callback = FAKE.callbacks.seal(
        FAKE.event("li", "feedback_event", feedback_event={"id": "r0", "type": 1})
    )
    one = channel()
    incoming = one.parse(request(callback))
    assert incoming is not None
    assert (incoming.kind, incoming.text, incoming.answerable) == ("event:feedback", "有用", False)
    assert one.answer(request(callback), incoming, []).body == b""


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://127.0.0.1:9/other?response_code=x",
        "http://127.0.0.1:80/cgi-bin/aibot/response?response_code=x",
        "https://127.0.0.1:9/cgi-bin/aibot/response?response_code=x",
        "http://127.0.0.1:9@evil.example/cgi-bin/aibot/response?response_code=x",
        "http://evil.example/cgi-bin/aibot/response?response_code=x",
        "http://127.0.0.1:9/cgi-bin/aibot/response",
        "http://127.0.0.1:9/cgi-bin/aibot/response?response_code=a%20b",
        "http://127.0.0.1:9/cgi-bin/aibot/response?response_code=" + "x" * 2000,
        "http://[::1/cgi-bin/aibot/response?response_code=x",
        "file:///etc/passwd",
    ],
)
def test_only_the_platforms_own_address_takes_late_replies(address: str) -> None:
    assert heard(FAKE.message("li", "在吗", response_url=address)).reply_token == "msg -"


@pytest_asyncio.fixture
async def late() -> AsyncIterator[tuple[CallbackModeChannel, FakeAibot, Hands]]:
    clock = Hands()
    fake = FakeAibot(clock=clock)
    async with fake.serve():
        one = CallbackModeChannel("wecom_aibot/main", fake.settings(CALLBACK), clock)
        await one.start()
        yield one, fake, clock
        await one.stop()


Late = tuple[CallbackModeChannel, FakeAibot, Hands]


def late_reply(one: CallbackModeChannel, fake: FakeAibot, text: str) -> Outgoing:
    body = fake.message("li", "在吗", chat="G1", response_url=fake.response_url("G1"))
    incoming = one.parse(request(fake.callbacks.seal(body)))
    assert incoming is not None
    return reply_to(incoming, text)


async def test_a_late_reply_goes_once_and_within_the_hour(late: Late) -> None:
    one, fake, clock = late
    row = late_reply(one, fake, "查到了")
    await one.send(row)
    assert fake.heard("G1") == ["查到了"]
    with pytest.raises(SendRefused):
        await one.send(row)
    too_late = late_reply(one, fake, "查到了")
    clock.move(3601)
    with pytest.raises(SendRefused):
        await one.send(too_late)
    assert len(fake.said) == 1


async def test_a_late_reply_that_is_too_long_is_cut_and_says_so(late: Late) -> None:
    one, fake, _ = late
    await one.send(late_reply(one, fake, "今天停水。" * 3000))
    assert len(fake.said[0].text.encode()) <= LIMIT_BYTES
    assert fake.said[0].text.endswith("后面的没有发出来）")


async def test_there_is_no_push_in_this_mode(late: Late) -> None:
    one, fake, _ = late
    with pytest.raises(SendRefused, match="不能主动发"):
        await one.send(notice("明天停水"))
    without = one.parse(request(fake.callbacks.seal(fake.message("li", "在吗"))))
    assert without is not None
    with pytest.raises(SendRefused, match="没有给出"):
        await one.send(reply_to(without, "在"))
    with pytest.raises(SendRefused, match="空的"):
        await one.send(late_reply(one, fake, "  "))


async def test_a_picture_is_opened_with_the_key_of_the_callbacks(late: Late) -> None:
    one, fake, clock = late
    for name, sealed in (("", False), ("a/..\\b.png", True)):
        picture = fake.picture(b"PNG", name, sealed=sealed)
        body = fake.message("li", kind="image", image=picture)
        incoming = one.parse(request(fake.callbacks.seal(body)))
        assert incoming is not None
        attachment = incoming.attachments[0]
        fetched = await one.fetch(attachment, 100)
        assert (fetched.data, fetched.name) == (b"PNG", name[5:])
    clock.move(301)
    with pytest.raises(SendRefused, match="过期"):
        await one.fetch(attachment, 100)
    fake.media.status = 503
    with pytest.raises(SendDeferred):
        await one.fetch(attachment, 100)


async def test_a_channel_that_was_not_started_sends_nothing() -> None:
    one = channel()
    row = late_reply(one, FAKE, "在")
    with pytest.raises((SendDeferred, SendUncertain)):
        await one.send(row)
