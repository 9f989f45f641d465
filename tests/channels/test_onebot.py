"""OneBot v11 and v12: who may post, what is a message, and what an answer of the client means."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.channels.onebot11 import Onebot11Channel, Onebot11Settings
from bot.channels.onebot12 import Onebot12Channel, Onebot12Settings
from bot.channels.onebot_channel import OnebotChannel
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Attachment, File, Image, Incoming, MediaKind, Outgoing
from bot.ports import CallbackRequest
from bot.testing.onebot import ME, FakeOnebot
from tests.channels.bridges import HandClock, ScriptedPeer, until

SECRET, TOKEN = "s3cret-of-the-client", "t0ken-of-the-client"
CLOCK = HandClock()
FAKE11 = FakeOnebot(CLOCK, secret=SECRET)
FAKE12 = FakeOnebot(CLOCK, version=12, token=TOKEN)


def make11(**changes: Any) -> Onebot11Channel:
    return Onebot11Channel(
        "onebot11/main", Onebot11Settings(**({"secret": SECRET} | changes)), CLOCK
    )


def make12(**changes: Any) -> Onebot12Channel:
    given_settings = {"access_token": TOKEN} | changes
    return Onebot12Channel("onebot12/main", Onebot12Settings(**given_settings), CLOCK)


BOTH: list[tuple[OnebotChannel[Any], FakeOnebot]] = [(make11(), FAKE11), (make12(), FAKE12)]
both = pytest.mark.parametrize(("channel", "fake"), BOTH, ids=["v11", "v12"])


def request(fake: FakeOnebot, event: object, **headers: str) -> CallbackRequest:
    body = json.dumps(event).encode()
    made = CIMultiDict(fake.headers(body))
    made.update(headers)
    return CallbackRequest(query={}, body=body, headers=made)


@both
def test_a_group_message(channel: OnebotChannel[Any], fake: FakeOnebot) -> None:
    found = channel.parse(request(fake, fake.group_message("3幢灯不亮")))
    assert found is not None
    assert (found.chat, found.sender, found.text) == ("30003", "20002", "3幢灯不亮")
    assert (found.mentioned, found.kind, found.answerable) == (False, "text", True)
    assert found.sent_at == CLOCK.now()


@both
def test_a_private_message(channel: OnebotChannel[Any], fake: FakeOnebot) -> None:
    found = channel.parse(request(fake, fake.private_message("进度")))
    assert found is not None
    assert (found.chat, found.sender, found.text) == ("", "20002", "进度")


def test_the_name_in_the_group_goes_before_the_nickname() -> None:
    found = make11().parse(request(FAKE11, FAKE11.group_message("好")))
    assert found is not None
    assert found.sender_name == "3幢小王"
    event = FAKE11.group_message("好", sender={"nickname": "小王", "card": None})
    found = make11().parse(request(FAKE11, event))
    assert found is not None
    assert found.sender_name == "小王"


def test_the_same_event_has_the_same_id_and_another_has_another() -> None:
    event = FAKE11.group_message("好")
    first, again = (make11().parse(request(FAKE11, event)) for _ in range(2))
    other = make11().parse(request(FAKE11, FAKE11.group_message("好")))
    assert first is not None
    assert again is not None
    assert other is not None
    assert first.message_id == again.message_id != other.message_id
    event12 = FAKE12.group_message("好")
    found = make12().parse(request(FAKE12, event12))
    assert found is not None
    assert found.message_id == event12["id"]


@both
def test_a_mention_by_structure(channel: OnebotChannel[Any], fake: FakeOnebot) -> None:
    kind, key = ("at", "qq") if fake.version == 11 else ("mention", "user_id")
    called = [{"type": kind, "data": {key: str(ME)}}, {"type": "text", "data": {"text": " 在吗"}}]
    found = channel.parse(request(fake, fake.group_message(called)))
    assert found is not None
    assert (found.mentioned, found.text) == (True, "在吗")


@pytest.mark.parametrize(
    "changes",
    [
        {"post_type": "message_sent"},
        {"user_id": ME},
        {"user_id": 777},
        {"sub_type": "anonymous"},
        {"sub_type": "notice"},
        {"anonymous": {"id": 1, "name": "甲", "flag": "x"}},
        {"message_type": "guild"},
        {"post_type": "notice", "notice_type": "group_increase"},
        {"post_type": "request", "request_type": "friend", "flag": "x"},
    ],
)
def test_what_is_no_talk_of_people(changes: dict[str, Any]) -> None:
    channel = make11(ignore=["777"])
    assert channel.parse(request(FAKE11, FAKE11.group_message("好", **changes))) is None


@both
def test_signs_of_life_are_no_messages(channel: OnebotChannel[Any], fake: FakeOnebot) -> None:
    assert channel.parse(request(fake, fake.heartbeat())) is None
    assert channel.parse(request(fake, fake.connected())) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": str(ME)},
        {"user_id": "777"},
        {"detail_type": "channel"},
        {"type": "notice", "detail_type": "group_member_increase"},
        {"type": "request", "detail_type": "friend"},
    ],
)
def test_what_is_no_talk_of_people_in_v12(changes: dict[str, Any]) -> None:
    channel = make12(ignore=["777"])
    assert channel.parse(request(FAKE12, FAKE12.group_message("好", **changes))) is None


@both
@pytest.mark.parametrize(
    "changes",
    [
        {"user_id": ""},
        {"user_id": "x" * 200},
        {"group_id": ""},
        {"group_id": "x" * 200},
        {"time": "soon"},
        {"time": 10**20},
        {"time": 0},
        {"message": 7},
        {"message": [{"data": {}}]},
        {"message": [[]]},
        {"user_id": [1]},
    ],
)
def test_wrong_shapes_are_refused(
    channel: OnebotChannel[Any], fake: FakeOnebot, changes: dict[str, Any]
) -> None:
    with pytest.raises(BadCallback) as caught:
        channel.parse(request(fake, fake.group_message("好", **changes)))
    assert 400 <= caught.value.status < 500


@both
@pytest.mark.parametrize("minutes", [-61, 11])
def test_too_old_or_not_yet_said(
    channel: OnebotChannel[Any], fake: FakeOnebot, minutes: int
) -> None:
    at = int(CLOCK.now().timestamp()) + minutes * 60
    with pytest.raises(BadCallback, match="太旧"):
        channel.parse(request(fake, fake.group_message("好", time=at)))


@both
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"\xff", b'"x"', b"[" * 5000, b"{" * 5000])
def test_junk_is_refused(channel: OnebotChannel[Any], fake: FakeOnebot, body: bytes) -> None:
    headers = CIMultiDict(fake.headers(body))
    with pytest.raises(BadCallback):
        channel.parse(CallbackRequest(query={}, body=body, headers=headers))


def test_every_altered_byte_is_noticed() -> None:
    asked = request(FAKE11, FAKE11.group_message("好"))
    for place in range(len(asked.body)):
        forged = bytes([*asked.body[:place], asked.body[place] ^ 1, *asked.body[place + 1 :]])
        with pytest.raises(BadCallback, match="签名"):
            make11().parse(msgspec.structs.replace(asked, body=forged))


@pytest.mark.parametrize(
    "header", ["", "sha1=", "sha1=" + "0" * 40, "0" * 40, "sha256=" + "0" * 64, "sha1=签"]
)
def test_wrong_signatures(header: str) -> None:
    with pytest.raises(BadCallback, match="签名"):
        make11().parse(request(FAKE11, FAKE11.group_message("好"), **{"X-Signature": header}))


def test_a_token_stands_in_where_no_secret_is_set() -> None:
    channel = make11(secret="", access_token=TOKEN)
    fake = FakeOnebot(CLOCK, token=TOKEN)
    event = fake.group_message("好")
    assert channel.parse(request(fake, event)) is not None
    assert channel.parse(request(fake, event, Authorization=f"Token {TOKEN}")) is not None
    asked = request(fake, event, Authorization="")
    assert channel.parse(msgspec.structs.replace(asked, query={"access_token": TOKEN})) is not None
    for wrong in ("", "Bearer", "Bearer ", "Bearer x", f"Basic {TOKEN}", "Bearer 钥"):
        with pytest.raises(BadCallback, match="access_token"):
            channel.parse(request(fake, event, Authorization=wrong))


def test_v12_wants_the_token_and_its_own_version() -> None:
    event = FAKE12.group_message("好")
    with pytest.raises(BadCallback, match="access_token"):
        make12().parse(request(FAKE12, event, Authorization="Bearer x"))
    with pytest.raises(BadCallback, match="不是 OneBot 12"):
        make12().parse(request(FAKE12, event, **{"X-OneBot-Version": "11"}))


def test_the_published_signature() -> None:
    secret, body = "<your-key>", b'{"time":1515204254,"self_id":10001000,"post_type":"message"}'
    given_header = "sha1=adf080e48b2055db314b0824444861d72eefbf7f"
    assert given_header == "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()
    headers = CIMultiDict({"X-Signature": given_header})
    asked = CallbackRequest(query={}, body=body, headers=headers)
    assert make11(secret=secret).parse(asked) is None  # well signed, and no message type


@both
def test_there_is_no_url_check(channel: OnebotChannel[Any], fake: FakeOnebot) -> None:
    with pytest.raises(BadCallback):
        channel.verify(CallbackRequest(query={"echostr": "x"}))


@given(body=st.binary(max_size=200) | st.text().map(str.encode))
@settings(deadline=None, max_examples=60)
def test_any_body_is_read_or_refused(body: bytes) -> None:
    for channel, fake in BOTH:
        headers = CIMultiDict(fake.headers(body))
        try:
            channel.parse(CallbackRequest(query={}, body=body, headers=headers))
        except BadCallback as error:
            assert 400 <= error.status < 500  # noqa: PT017 - either end is right


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


FIELDS = ["time", "self_id", "self", "message", "user_id", "group_id", "sender", "sub_type"]
FIELDS += ["id", "message_id", "anonymous"]


@given(field=st.sampled_from(FIELDS), value=VALUES)
@settings(deadline=None, max_examples=50)
def test_any_value_in_any_field(field: str, value: object) -> None:
    for channel, fake in BOTH:
        try:
            channel.parse(request(fake, fake.group_message("好", **{field: value})))
        except BadCallback as error:
            assert 400 <= error.status < 500  # noqa: PT017


# What it says


def out(text: str = "已登记 12号。", chat: str = "30003", **changes: Any) -> Outgoing:
    made = Outgoing(id="r1", channel="onebot11/main", chat=chat, user="", text=text)
    return msgspec.structs.replace(made, **changes)


@asynccontextmanager
async def speaking(version: int) -> AsyncIterator[tuple[OnebotChannel[Any], FakeOnebot]]:
    """A channel that calls the API of a client."""
    fake = FakeOnebot(CLOCK, version=version, token=TOKEN)
    async with fake.serve() as url:
        made: OnebotChannel[Any] = (
            make11(access_token=TOKEN, api_url=url) if version == 11 else make12(api_url=url)
        )
        await made.start()
        try:
            yield made, fake
        finally:
            await made.stop()


async def test_v11_says_it_by_its_api() -> None:
    async with speaking(11) as (channel, fake):
        assert await channel.send(out(mentions=("20002",))) == "1"
        await channel.send(out(chat="", user="20002"))
        await channel.send(out(chat="room@x"))
    text = {"type": "text", "data": {"text": "已登记 12号。"}}
    at = {"type": "at", "data": {"qq": "20002"}}
    assert fake.calls == [
        ("send_group_msg", {"message": [at, text], "auto_escape": True, "group_id": 30003}),
        ("send_private_msg", {"message": [text], "auto_escape": True, "user_id": 20002}),
        ("send_group_msg", {"message": [text], "auto_escape": True, "group_id": "room@x"}),
    ]


async def test_v12_says_it_by_its_api() -> None:
    async with speaking(12) as (channel, fake):
        assert await channel.send(out()) == "m1"
        await channel.send(out(chat="", user="20002"))
    text = {"type": "text", "data": {"text": "已登记 12号。"}}
    assert fake.calls == [
        ("send_message", {"detail_type": "group", "group_id": "30003", "message": [text]}),
        ("send_message", {"detail_type": "private", "user_id": "20002", "message": [text]}),
    ]


class OneFile:
    """Everything that is asked for is the same few bytes."""

    async def read(self, ref: str) -> bytes:
        return b"bytes of " + ref[:1].encode()


SHA = "a" * 64
CODED = base64.b64encode(b"bytes of a").decode()


async def test_v11_shows_a_picture_and_names_a_file() -> None:
    async with speaking(11) as (channel, fake):
        channel.files = OneFile()
        assert await channel.send(out(rich=Image(ref=SHA))) == "1"
        await channel.send(out("（文件：表.pdf）", rich=File(name="表.pdf", ref=SHA)))
    picture = {"type": "image", "data": {"file": f"base64://{CODED}"}}
    assert fake.calls[0][1]["message"] == [picture]
    assert fake.said == ["", "（文件：表.pdf）"]


async def test_v12_uploads_before_it_shows() -> None:
    async with speaking(12) as (channel, fake):
        channel.files = OneFile()
        await channel.send(out(rich=Image(ref=SHA)))
        await channel.send(out(rich=File(name="表.pdf", ref=SHA)))
    kinds = [(action, params.get("name", "")) for action, params in fake.calls]
    assert kinds == [
        ("upload_file", f"{SHA[:16]}.jpg"),
        ("send_message", ""),
        ("upload_file", "表.pdf"),
        ("send_message", ""),
    ]
    assert fake.calls[0][1]["data"] == CODED
    said = [params["message"][0] for action, params in fake.calls if action == "send_message"]
    assert said == [
        {"type": "image", "data": {"file_id": "f1"}},
        {"type": "file", "data": {"file_id": "f3"}},
    ]


async def test_a_picture_that_is_not_taken() -> None:
    async with speaking(12) as (channel, fake):
        channel.files = OneFile()
        fake.script = [{"status": "failed", "retcode": 10002, "data": None, "message": ""}]
        with pytest.raises(SendRefused, match="不收这个文件"):
            await channel.send(out(rich=Image(ref=SHA)))
        with pytest.raises(SendRefused, match="不在"):
            await make12(api_url="http://127.0.0.1:1").send(out(rich=Image(ref=SHA)))
    assert [action for action, _ in fake.calls] == ["upload_file"]


async def test_codes_in_a_text_stay_text() -> None:
    async with speaking(11) as (channel, fake):
        await channel.send(out("[CQ:at,qq=all] 请看"))
    assert fake.said == ["[CQ:at,qq=all] 请看"]
    assert [each["type"] for each in fake.calls[0][1]["message"]] == ["text"]


async def test_a_long_text_goes_in_parts() -> None:
    async with speaking(11) as (channel, fake):
        await channel.send(out("灯坏了。" * 600))
        fake.script = [{"status": "ok", "retcode": 0, "data": {"message_id": 1}}, 500]
        with pytest.raises(SendUncertain, match="第2段起"):
            await channel.send(out("灯坏了。" * 600))
    assert len(fake.said) == 5
    assert "".join(fake.said[:3]) == "灯坏了。" * 600


def result(status: str, retcode: int, data: object = None) -> dict[str, object]:
    return {"status": status, "retcode": retcode, "data": data, "message": ""}


@pytest.mark.parametrize(
    ("version", "answer", "error"),
    [
        (11, result("async", 1), SendUncertain),
        (11, result("failed", 100), SendRefused),
        (11, result("failed", 1404), SendRefused),
        (11, result("failed", -1), SendDeferred),
        (11, result("strange", 0), SendRefused),
        (11, {"data": []}, SendRefused),
        (11, {"status": 1}, SendUncertain),
        (11, 401, SendRefused),
        (11, 403, SendRefused),
        (11, 404, SendRefused),
        (11, 502, SendDeferred),
        (12, result("failed", 10003), SendRefused),
        (12, result("failed", 33001), SendUncertain),
        (12, result("failed", 34001), SendUncertain),
        (12, result("failed", 35001), SendRefused),
        (12, result("failed", 36001), SendDeferred),
        (12, 401, SendRefused),
        (12, 500, SendDeferred),
    ],
)
async def test_what_an_answer_means(version: int, answer: Any, error: type[Exception]) -> None:
    async with speaking(version) as (channel, fake):
        fake.script = [answer]
        with pytest.raises(error):
            await channel.send(out())


async def test_a_wrong_token_is_told() -> None:
    async with speaking(11) as (channel, fake):
        fake.token = "another"
        with pytest.raises(SendRefused, match="access_token"):
            await channel.send(out())


@both
async def test_nobody_to_say_it_to(channel: OnebotChannel[Any], fake: FakeOnebot) -> None:
    with pytest.raises(SendDeferred, match="还没有连上来"):
        await channel.send(out())
    with pytest.raises(SendRefused):
        await channel.send(out(chat=""))
    with pytest.raises(SendRefused, match="空"):
        await channel.send(out(" "))


def test_v11_answers_in_the_response_when_there_is_no_other_way() -> None:
    rows = [out("已登记。", id="r1"), out("[CQ:at,qq=all]", id="r2")]
    answer = make11().answer(request(FAKE11, {}), None, rows)
    assert json.loads(answer.body) == {
        "reply": "已登记。\n[CQ:at,qq=all]",
        "auto_escape": True,
        "at_sender": False,
    }
    assert answer.carried == ("r1", "r2")
    assert make11().answer(request(FAKE11, {}), None, []).body == b""


def test_v12_answers_with_a_list_of_actions() -> None:
    channel = make12()
    channel.parse(request(FAKE12, FAKE12.group_message("好")))
    answer = channel.answer(request(FAKE12, {}), None, [out("好。")])
    assert json.loads(answer.body) == [
        {
            "action": "send_message",
            "params": {
                "detail_type": "group",
                "group_id": "30003",
                "message": [{"type": "text", "data": {"text": "好。"}}],
            },
            "self": {"platform": "qq", "user_id": str(ME)},
        }
    ]


async def test_v12_speaks_with_the_account_that_was_spoken_to() -> None:
    async with speaking(12) as (channel, fake):
        for me, group in (("1", "g1"), ("2", "g2")):
            own = {"platform": "qq", "user_id": me}
            channel.parse(request(FAKE12, FAKE12.group_message("好", self=own, group_id=group)))
        for group in ("g1", "g2", "g3"):
            await channel.send(out(chat=group))
    assert [own["user_id"] for own in fake.accounts] == ["1", "2", "2"]


@pytest.mark.parametrize("version", [11, 12])
async def test_with_an_api_replies_do_not_wait_for_the_response(version: int) -> None:
    async with speaking(version) as (channel, _):
        fake = FAKE11 if version == 11 else FAKE12
        found = channel.parse(request(fake, fake.group_message("好")))
    assert found is not None
    assert not found.answerable


# Over a socket that it opened


async def stored(incoming: Incoming) -> None:
    """A commit."""


async def test_a_peer_that_leaves_while_it_is_asked_leaves_doubt() -> None:
    channel = make11(access_token=TOKEN)
    peer = ScriptedPeer()
    await channel.wire.attach(peer)
    sending = asyncio.create_task(channel.send(out()))
    await until(lambda: bool(peer.sent))
    channel.wire.detach(peer)
    with pytest.raises(SendUncertain, match="中断"):
        await sending


async def test_a_newer_connection_takes_over() -> None:
    channel = make11(access_token=TOKEN)
    old, new = ScriptedPeer(), ScriptedPeer()
    await channel.wire.attach(old)
    await channel.wire.attach(new)
    assert (old.left, new.left) == (True, False)
    channel.wire.detach(old)
    assert channel.wire.connected


@both
async def test_frames_of_wrong_shapes_end_the_talk(
    channel: OnebotChannel[Any], fake: FakeOnebot
) -> None:
    for frame in ("", "[]", "7", "{}", '{"status":"ok"}', "[" * 5000, '{"time":"x"}'):
        with pytest.raises(BadCallback):
            await channel.talk(CallbackRequest(query={}), ScriptedPeer([frame]), stored)
        assert not channel.wire.connected


@both
async def test_old_events_and_strange_echoes_are_left_aside(
    channel: OnebotChannel[Any], fake: FakeOnebot
) -> None:
    old = json.dumps(fake.group_message("好", time=1700000000))
    echo = json.dumps({"status": "ok", "retcode": 0, "data": None, "echo": "nobody asked"})
    await channel.talk(CallbackRequest(query={}), ScriptedPeer([old, echo]), stored)


async def test_a_message_that_cannot_be_stored_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.channels.onebot_wire.STORE_PAUSES", (0.0, 0.0))
    tries: list[Incoming] = []

    async def full_disk(incoming: Incoming) -> None:
        tries.append(incoming)
        if len(tries) < 3:
            raise OSError("disk full")

    peer = ScriptedPeer([json.dumps(FAKE11.group_message("好"))])
    await make11(access_token=TOKEN).talk(CallbackRequest(query={}), peer, full_disk)
    assert len(tries) == 3


def test_who_may_connect() -> None:
    good = CIMultiDict({"Authorization": f"Bearer {TOKEN}", "X-Self-ID": "1"})
    channel = make11(access_token=TOKEN)
    assert channel.admit(CallbackRequest(query={}, headers=good)) == ""
    with pytest.raises(BadCallback, match="X-Self-ID"):
        channel.admit(CallbackRequest(query={"access_token": TOKEN}))
    with pytest.raises(BadCallback, match="access_token"):
        channel.admit(CallbackRequest(query={}, headers=CIMultiDict({"X-Self-ID": "1"})))
    with pytest.raises(BadCallback, match="access_token"):
        make11().admit(CallbackRequest(query={"access_token": ""}, headers=good))  # none is set


@pytest.mark.parametrize(
    ("offered", "spoken"), [("12.fake", "12.fake"), ("11.old, 12.fake", "12.fake"), ("", "")]
)
def test_v12_speaks_its_subprotocol(offered: str, spoken: str) -> None:
    headers = CIMultiDict({"Authorization": f"Bearer {TOKEN}", "Sec-WebSocket-Protocol": offered})
    assert make12().admit(CallbackRequest(query={}, headers=headers)) == spoken


def test_v12_speaks_no_other() -> None:
    headers = CIMultiDict({"Authorization": f"Bearer {TOKEN}", "Sec-WebSocket-Protocol": "11.x"})
    with pytest.raises(BadCallback, match="不是 OneBot 12"):
        make12().admit(CallbackRequest(query={}, headers=headers))


# Pictures


@asynccontextmanager
async def pictures() -> AsyncIterator[str]:
    async def picture(asked: web.Request) -> web.Response:
        if asked.path == "/moved":
            raise web.HTTPFound("http://127.0.0.1:1/elsewhere")
        if asked.path != "/a.jpg" or dict(asked.query) != {"k": "1", "v": "/"}:
            raise web.HTTPNotFound
        return web.Response(body=b"\xff\xd8picture", content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/{name}", picture)
    async with TestServer(app) as server:
        yield str(server.make_url("/"))


def image(ref: str) -> Attachment:
    return Attachment(kind=MediaKind.IMAGE, ref=ref)


async def test_a_picture_is_fetched_from_a_permitted_host() -> None:
    async with pictures() as url:
        found = await make11(media_hosts=["127.0.0.1"]).fetch(image(f"{url}a.jpg?k=1&v=%2F"), 1000)
        assert (found.data, found.mime, found.name) == (b"\xff\xd8picture", "image/jpeg", "a.jpg")
        with pytest.raises(SendDeferred, match="太长"):
            await make11(media_hosts=["127.0.0.1"]).fetch(image(f"{url}a.jpg?k=1&v=%2F"), 3)
        with pytest.raises(SendRefused, match="取不到"):
            await make11(media_hosts=["127.0.0.1"]).fetch(image(f"{url}b.jpg"), 1000)
        with pytest.raises(SendDeferred, match="302"):
            await make11(media_hosts=["127.0.0.1"]).fetch(image(f"{url}moved"), 1000)
        with pytest.raises(SendRefused, match="media_hosts"):
            await make11().fetch(image(f"{url}a.jpg"), 1000)


@pytest.mark.parametrize(
    "ref",
    [
        "file:///etc/passwd",
        "http://127.0.0.1@evil.example/a.jpg",
        "http://user@127.0.0.1/a.jpg",
        "ftp://127.0.0.1/a",
        "a.jpg",
        "",
        "http://[::1",
        "http://127.0.0.1:99999999/",
        "http://169.254.169.254/latest",
        "http://127.0.0.1.evil.example/",
    ],
)
async def test_other_addresses_are_never_asked(ref: str) -> None:
    with pytest.raises(SendRefused):
        await make11(media_hosts=["127.0.0.1"]).fetch(image(ref), 1000)


async def test_v12_asks_the_client_where_a_file_is() -> None:
    async with pictures() as url, speaking(12) as (channel, fake):
        fake.script = [result("ok", 0, {"url": f"{url}a.jpg?k=1&v=%2F", "name": "a.jpg"})]
        assert (await channel.fetch(image("f1"), 1000)).data == b"\xff\xd8picture"
        assert fake.calls == [("get_file", {"file_id": "f1", "type": "url"})]
        for answer in (result("failed", 31001), result("ok", 0, {"url": 1}), result("ok", 0, [])):
            fake.script = [answer]
            with pytest.raises(SendRefused):
                await channel.fetch(image("f1"), 1000)


# Settings


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (lambda: make11(secret=""), "都没有填"),
        (lambda: make11(api_url="ftp://x"), "应是 https 地址"),
        (lambda: make11(api_url="http://bridge.example.com:5700"), "应是 https 地址"),
        (lambda: make12(access_token=""), "没有填"),
        (lambda: make12(api_url="http://8.8.8.8:6700"), "应是 https 地址"),
    ],
)
def test_wrong_settings_are_told(made: Any, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        made()


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:5700", "http://napcat:3000", "http://192.168.1.9:5700", "https://a.cn"],
)
def test_near_addresses_are_fine(url: str) -> None:
    make11(api_url=url)


def test_settings_do_not_show_secrets() -> None:
    made = Onebot11Settings(secret=SECRET, access_token=TOKEN)
    for shown in (repr(made), repr(Onebot12Settings(access_token=TOKEN))):
        assert SECRET not in shown
        assert TOKEN not in shown
    assert made.secrets() == (SECRET, TOKEN)
