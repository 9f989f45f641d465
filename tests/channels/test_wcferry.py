"""WeChatFerry: JSON without a signature, a secret in the address."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wcferry import WcferryChannel, WcferrySettings
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused, SendUncertain
from bot.models import Incoming, Outgoing
from bot.ports import CallbackRequest
from tests.channels.bridges import HandClock

Told = list[dict[str, Any]]
SECRET = "0123456789abcdef0123"
CLOCK = HandClock()
SAID = {
    "id": 5129438217360472,
    "ts": int(CLOCK.now().timestamp()),
    "sign": "abc",
    "type": 1,
    "xml": "<msgsource/>",
    "sender": "wxid_wang",
    "roomid": "4873@chatroom",
    "content": "@海棠管家\u20053幢灯不亮",
    "thumb": "",
    "extra": "",
    "is_at": True,
    "is_self": False,
    "is_group": True,
}


def make(**changes: str) -> WcferryChannel:
    chosen = WcferrySettings(**({"secret": SECRET} | changes))
    return WcferryChannel("wcferry/main", chosen, CLOCK)


def parse(body: bytes, tail: str = SECRET) -> Incoming | None:
    return make().parse(CallbackRequest(query={}, body=body, tail=tail))


def said(**changes: Any) -> bytes:
    return json.dumps(SAID | changes).encode()


def test_a_group_message() -> None:
    found = parse(said())
    assert found is not None
    assert (found.chat, found.sender, found.mentioned) == ("4873@chatroom", "wxid_wang", True)
    assert (found.text, found.message_id) == ("@海棠管家\u20053幢灯不亮", "5129438217360472")
    assert found.sent_at == CLOCK.now()


def test_a_private_message_without_a_time() -> None:
    found = parse(said(roomid="", ts=0))
    assert found is not None
    assert (found.chat, found.sent_at) == ("", CLOCK.now())


@pytest.mark.parametrize("changes", [{"is_self": True}, {"type": 3}, {"type": 10000}])
def test_what_is_no_text_of_another(changes: dict[str, Any]) -> None:
    assert parse(said(**changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"sender": ""},
        {"sender": "x" * 200},
        {"sender": 7},
        {"roomid": "4873"},
        {"roomid": "x" * 200 + "@chatroom"},
        {"content": None},
        {"type": "1"},
        {"ts": 1},
        {"ts": 10**18},
        {"id": None},
    ],
)
def test_wrong_shapes_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadCallback) as caught:
        parse(said(**changes))
    assert 400 <= caught.value.status < 500


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"[" * 9000])
def test_junk_is_refused(body: bytes) -> None:
    with pytest.raises(BadCallback):
        parse(body)


@pytest.mark.parametrize("tail", ["", "x", SECRET + "x"])
def test_without_the_secret_nothing_is_there(tail: str) -> None:
    with pytest.raises(BadCallback) as caught:
        parse(said(), tail)
    assert caught.value.status == 404


def test_there_is_no_url_check() -> None:
    with pytest.raises(BadCallback):
        make().verify(CallbackRequest(query={}))


@given(st.dictionaries(st.sampled_from(sorted(SAID)), st.none() | st.integers() | st.text()))
@settings(deadline=None, max_examples=60)
def test_any_values_are_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        parse(said(**changes))
    except BadCallback as error:
        assert 400 <= error.status < 500  # noqa: PT017 - either end is right


@asynccontextmanager
async def speaking(
    answer: Any, status: int = 200
) -> AsyncIterator[tuple[WcferryChannel, list[Any]]]:
    told = []

    async def take(request: web.Request) -> web.Response:
        told.append(await request.json())
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_post("/text", take)
    async with TestServer(app) as server:
        made = make(api_url=str(server.make_url("/")))
        await made.start()
        try:
            yield made, told
        finally:
            await made.stop()


def out(chat: str = "4873@chatroom", user: str = "") -> Outgoing:
    return Outgoing(id="r1", channel="wcferry/main", chat=chat, user=user, text="已登记 1号。")


async def test_what_it_says() -> None:
    async with speaking({"status": 0, "message": "成功"}) as (channel, told):
        await channel.send(out())
        await channel.send(out("", "wxid_wang"))
        with pytest.raises(SendRefused):
            await channel.send(out("", ""))
    assert told == [
        {"msg": "已登记 1号。", "receiver": "4873@chatroom", "aters": ""},
        {"msg": "已登记 1号。", "receiver": "wxid_wang", "aters": ""},
    ]


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        ({"status": -1}, 200, SendRefused),
        ({}, 200, SendUncertain),
        ({"status": 0}, 500, SendDeferred),
    ],
)
async def test_what_an_answer_means(answer: Any, status: int, error: type[Exception]) -> None:
    async with speaking(answer, status) as (channel, _):
        with pytest.raises(error):
            await channel.send(out())


def test_wrong_settings_are_told() -> None:
    with pytest.raises(ConfigError, match="没有填"):
        make(secret="")
    with pytest.raises(ConfigError, match="https 地址"):
        make(api_url="http://8.8.8.8:9999")
