"""wechatbot-webhook: forms without ids or signatures, groups by topic, a secret in the address."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechatbot import WechatbotChannel, WechatbotSettings
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Incoming, Outgoing
from bot.ports import CallbackRequest, Trouble
from tests.channels.bridges import AREA, HandClock, opened, until
from tests.web.doors import logged

SECRET, TOKEN = "0123456789abcdef0123", "the-token"
TYPE = "multipart/form-data; boundary=XX"


def source(topic: str | None = "海棠苑一群", name: str = "小王", alias: str = "") -> str:
    room: Any = ""
    if topic is not None:
        room = {"id": "@@1", "payload": {"id": "@@1", "topic": topic, "memberList": []}}
    sender = {"id": "@1", "payload": {"id": "@1", "name": name, "alias": alias, "gender": 1}}
    return json.dumps({"room": room, "to": {}, "from": sender}, ensure_ascii=False)


def form(**changes: str | bytes) -> bytes:
    fields: dict[str, str | bytes] = {
        "type": "text",
        "content": "3幢灯不亮",
        "source": source(),
        "isMentioned": "0",
        "isMsgFromSelf": "0",
    }
    pieces = b""
    for name, value in (fields | changes).items():
        octets = value.encode() if isinstance(value, str) else value
        head = f'--XX\r\nContent-Disposition: form-data; name="{name}"'
        head += '; filename="a.jpg"' if isinstance(value, bytes) else ""
        pieces += head.encode() + b"\r\n\r\n" + octets + b"\r\n"
    return pieces + b"--XX--\r\n"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def channel(clock: HandClock) -> WechatbotChannel:
    return make(clock)


def make(clock: HandClock, **changes: str) -> WechatbotChannel:
    chosen = WechatbotSettings(**({"secret": SECRET, "token": TOKEN} | changes))
    return WechatbotChannel("wechatbot/main", chosen, clock)


def parse(channel: WechatbotChannel, body: bytes, tail: str = SECRET) -> Incoming | None:
    headers = {"Content-Type": TYPE}
    return channel.parse(CallbackRequest(query={}, body=body, headers=headers, tail=tail))


def heard(channel: WechatbotChannel, **changes: str | bytes) -> Incoming:
    found = parse(channel, form(**changes))
    assert found is not None
    return found


def test_a_group_message(channel: WechatbotChannel, clock: HandClock) -> None:
    found = heard(channel)
    assert (found.chat, found.chat_name, found.text) == ("海棠苑一群", "海棠苑一群", "3幢灯不亮")
    assert (found.sender, found.sender_name, found.mentioned) == ("昵称:小王", "小王", False)
    assert found.sent_at == clock.now()


@pytest.mark.parametrize(
    ("where", "chat"),
    [
        (source(topic=None), ""),
        (json.dumps({"room": {}, "to": "", "from": {"payload": {"name": "小王"}}}), ""),
        (json.dumps({"room": {"topic": "二群"}, "from": {"payload": {"name": "小王"}}}), "二群"),
    ],
)
def test_where_it_was_said(channel: WechatbotChannel, where: str, chat: str) -> None:
    assert heard(channel, source=where).chat == chat


def test_a_remark_goes_before_a_nickname(channel: WechatbotChannel) -> None:
    assert heard(channel, source=source(alias="张管家")).sender == "备注:张管家"


def test_the_platforms_word_on_a_mention_is_taken(channel: WechatbotChannel) -> None:
    assert heard(channel, isMentioned="1").mentioned


def test_a_double_delivery_is_one_and_a_repetition_later_is_two(
    channel: WechatbotChannel, clock: HandClock
) -> None:
    clock.pass_(59)  # a double delivery may cross the full minute
    first = heard(channel).message_id
    clock.pass_(2)
    assert heard(channel).message_id == first
    clock.pass_(40)
    assert heard(channel).message_id == first
    clock.pass_(3600)
    later = heard(channel).message_id
    assert later != first
    others = {
        heard(channel, content="别的").message_id,
        heard(channel, source=source("二群")).message_id,
    }
    others.add(heard(channel, source=source(name="小李")).message_id)
    assert len(others | {later}) == 4


def test_ids_of_one_login_do_not_count(channel: WechatbotChannel) -> None:
    relogged = source().replace("@@1", "@@2").replace('"@1"', '"@7"')
    assert heard(channel, source=relogged).message_id == heard(channel).message_id


def test_after_a_restart_the_minute_stands_in(clock: HandClock) -> None:
    assert heard(make(clock)).message_id == heard(make(clock)).message_id


def test_memory_is_bounded(
    channel: WechatbotChannel, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.wechatbot._MAX_RECENT", 10)
    for number in range(50):
        heard(channel, content=str(number))
        clock.pass_(10)
    assert len(channel._echoes._first) <= 11


@pytest.mark.parametrize(
    ("changes", "text", "kind"),
    [
        ({"type": "file", "content": b"\xff\xd8"}, "[图片]", "image"),
        ({"type": "urlLink", "content": '{"title":"停水","url":"http://a"}'}, "[链接]停水", "link"),
        ({"type": "urlLink", "content": '{"title":7}'}, "[链接]", "link"),
    ],
)
def test_what_is_no_text(
    channel: WechatbotChannel, changes: dict[str, Any], text: str, kind: str
) -> None:
    found = heard(channel, **changes)
    assert (found.text, found.kind) == (text, kind)


@pytest.mark.parametrize(
    "changes",
    [
        {"isMsgFromSelf": "1"},
        {"type": "friendship", "content": '{"name":"陌生人","hello":"加我"}'},
        {"type": "unknown", "content": ""},
        {"type": "system_event_login", "content": '{"event":"login"}'},
        {"type": "system_event_push_notify", "content": "{}"},
        {"source": json.dumps({"room": {"id": "@@1"}, "from": {"payload": {"name": "甲"}}})},
    ],
)
def test_what_is_only_noted(channel: WechatbotChannel, changes: dict[str, Any]) -> None:
    assert parse(channel, form(**changes)) is None


@pytest.mark.parametrize("event", ["system_event_logout", "system_event_error"])
def test_a_lost_login_is_an_error_in_the_log(channel: WechatbotChannel, event: str) -> None:
    with logged() as written:
        assert parse(channel, form(type=event, content="{}")) is None
    assert "log in again" in _text(written)
    assert SECRET not in _text(written)


def test_a_lost_login_is_told_once_until_it_is_back(channel: WechatbotChannel) -> None:
    troubles: list[Trouble] = []
    states: list[bool] = []
    channel.on_trouble, channel.on_connected = troubles.append, states.append
    for kind in ("logout", "error", "login", "logout"):
        parse(channel, form(type=f"system_event_{kind}", content="{}"))
    assert troubles == [Trouble.LOGGED_OUT] * 2
    parse(channel, form(type="system_event_error", content="{}"))
    channel.resume()
    parse(channel, form(type="system_event_error", content="{}"))
    assert troubles == [Trouble.LOGGED_OUT] * 3
    heard(channel)
    assert states == [False, False, True, False, False, False, True]


@pytest.mark.parametrize("tail", ["", "x", SECRET[:-1], SECRET + "0", "密钥", SECRET.upper()])
def test_without_the_secret_nothing_is_there(channel: WechatbotChannel, tail: str) -> None:
    with pytest.raises(BadCallback) as caught:
        parse(channel, form(), tail)
    assert caught.value.status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        form()[:-10],
        form(source="x"),
        form(source="[]"),
        form(source='{"room":7}'),
        form(source=source(name="")),
        form(source=source(name="x" * 200)),
        form(source=source(topic="x" * 200)),
        form(type="urlLink", content="x"),
        form().replace(b'name="source"', b'name="sauce"'),
        form().replace(b'name="content"', b'name="contents"'),
        form().replace(b'name="type"', b'name="typ"'),
    ],
)
def test_wrong_forms_are_refused(channel: WechatbotChannel, body: bytes) -> None:
    with pytest.raises(BadCallback) as caught:
        parse(channel, body)
    assert 400 <= caught.value.status < 500


@given(st.text(max_size=60), st.text(max_size=20))
@settings(deadline=None, max_examples=60)
def test_any_words_are_read_or_refused(where: str, words: str) -> None:
    channel = make(HandClock())
    for body in (form(source=where), form(content=words), form(type=words)):
        try:
            parse(channel, body)
        except BadCallback as error:
            assert 400 <= error.status < 500  # noqa: PT017 - either end is right


# What it says


class FakeClient:
    """The client's API: writes down what it is told, answers what the script says."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.answer: Any = {"success": True, "task": {"successCount": 1, "failedCount": 0}}
        self.status = 200

    async def take(self, request: web.Request) -> web.Response:
        if request.query.get("token") != TOKEN:
            return web.json_response({"success": False}, status=401)
        self.told.append(await request.json())
        return web.json_response(self.answer, status=self.status)


@asynccontextmanager
async def speaking(token: str = TOKEN) -> AsyncIterator[tuple[WechatbotChannel, FakeClient]]:
    fake = FakeClient()
    app = web.Application()
    app.router.add_post("/webhook/msg/v2", fake.take)
    async with TestServer(app) as server:
        made = make(HandClock(), api_url=str(server.make_url("/")), token=token)
        await made.start()
        try:
            yield made, fake
        finally:
            await made.stop()


def out(chat: str = "海棠苑一群", user: str = "", text: str = "已登记 1号。") -> Outgoing:
    return Outgoing(id="r1", channel="wechatbot/main", chat=chat, user=user, text=text)


async def test_groups_by_topic_people_by_remark_or_nickname() -> None:
    async with speaking() as (channel, fake):
        await channel.send(out())
        await channel.send(out("", "备注:张管家"))
        await channel.send(out("", "昵称:小王"))
    data = {"type": "text", "content": "已登记 1号。"}
    assert fake.told == [
        {"to": "海棠苑一群", "isRoom": True, "data": data},
        {"to": {"alias": "张管家"}, "isRoom": False, "data": data},
        {"to": "小王", "isRoom": False, "data": data},
    ]


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ({"success": True, "task": {"successCount": 0, "failedCount": 1}}, 200, SendRefused),
        ({"success": True, "task": {"failedCount": 0, "notFound": ["群"]}}, 200, SendRefused),
        ({"success": False, "message": "x"}, 200, SendRefused),
        ([], 200, SendUncertain),
        ({"success": "yes"}, 200, SendUncertain),
        ({"success": True}, 500, SendDeferred),
    ],
)
async def test_what_an_answer_means(answer: Any, status: int, error: type[Exception]) -> None:
    async with speaking() as (channel, fake):
        fake.answer, fake.status = answer, status
        with pytest.raises(error):
            await channel.send(out())


async def test_what_cannot_be_sent() -> None:
    async with speaking("another") as (channel, _):
        with pytest.raises(SendRefused, match="token 不对"):
            await channel.send(out())
        with pytest.raises(SendRefused, match="备注"):
            await channel.send(out("", "wxid_1"))
    with pytest.raises(SendDeferred):
        await make(HandClock()).send(out())


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret": ""}, "没有填"),
        ({"secret": "short"}, "至少16个"),
        ({"secret": "密" * 20}, "至少16个"),
        ({"token": ""}, "token」没有填"),
        ({"api_url": "http://example.com"}, "https 地址"),
    ],
)
def test_wrong_settings_are_told(changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        make(HandClock(), **changes)


async def test_from_a_form_to_an_answer(tmp_path: Path) -> None:
    """Through the real service: bound in the group by a steward whom the owner gave a remark."""
    fake = FakeClient()
    app = web.Application()
    app.router.add_post("/webhook/msg/v2", fake.take)
    async with TestServer(app) as server:
        chosen = WechatbotSettings(
            area=AREA, secret=SECRET, token=TOKEN, api_url=str(server.make_url("/"))
        )
        async with opened(tmp_path, "wechatbot", chosen, steward="备注:张管家") as house:
            url = f"{house.url}/callback/wechatbot/main"

            async def post(tail: str, **changes: str | bytes) -> tuple[int, bytes]:
                headers = {"Content-Type": TYPE}
                async with house.session.post(
                    f"{url}/{tail}", data=form(**changes), headers=headers
                ) as response:
                    return response.status, await response.read()

            assert (await post("wrong"))[0] == 404
            boss = source(name="张", alias="张管家")
            assert await post(SECRET, content="绑定 第1微网格", source=boss) == (200, b"")
            await until(lambda: len(fake.told) == 1)
            for _ in range(3):
                assert await post(SECRET) == (200, b"")
            await until(lambda: len(fake.told) == 2)
            assert "已登记 1号" in fake.told[1]["data"]["content"]
            friend = {"type": "friendship", "content": '{"name":"甲","hello":"加我"}'}
            assert await post(SECRET, **friend) == (200, b"")
            assert len(await house.stored("wechatbot/main", "海棠苑一群")) == 2
            async with aiohttp.ClientSession() as session, session.get(url) as response:
                assert response.status == 405


def _text(written: io.StringIO) -> str:
    return written.getvalue()
