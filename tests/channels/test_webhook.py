"""The signed webhook: JSON in, JSON out, both signed, each message once."""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given, settings
from hypothesis import strategies as st
from multidict import CIMultiDict
from openapi_spec_validator import validate

from bot.channels.standard_webhooks import check, sign
from bot.channels.webhook import File, Said, Says, WebhookChannel, WebhookSettings
from bot.engine.clock import SystemClock
from bot.errors import BadCallback, ConfigError, SendDeferred, SendRefused
from bot.models import Incoming, MediaKind, Outgoing
from bot.ports import CallbackRequest
from examples.webhook_client import post
from tests.channels.bridges import AREA, HandClock, opened, until
from tests.docs import pages

KEY = b"a key of at least 24 bytes"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
CLOCK = HandClock()
SAID = {"chat": "g1", "sender": "u42", "sender_name": "王阿姨", "text": "3幢灯不亮"}
SPEC: dict[str, Any] = yaml.safe_load(pages.read("docs/reference/webhook.openapi.yaml"))


def make(**changes: Any) -> WebhookChannel:
    given_settings = {"secret": SECRET, "callback_url": "http://127.0.0.1:1/haitang"} | changes
    return WebhookChannel("webhook/main", WebhookSettings(**given_settings), CLOCK)


def request(said: object, message_id: str = "msg_1") -> CallbackRequest:
    body = json.dumps(said).encode()
    return CallbackRequest({}, body, CIMultiDict(sign(KEY, message_id, CLOCK.now(), body)))


def heard(**changes: Any) -> Incoming:
    return make().parse(request(SAID | changes))


def test_a_message() -> None:
    found = heard(chat_name="一群", mentioned=True)
    assert (found.chat, found.chat_name, found.sender) == ("g1", "一群", "u42")
    assert (found.sender_name, found.text, found.mentioned) == ("王阿姨", "3幢灯不亮", True)
    assert (found.message_id, found.sent_at, found.kind) == ("msg_1", CLOCK.now(), "text")


def test_the_least_that_is_needed() -> None:
    found = make().parse(request({"sender": "u42", "text": ""}))
    assert (found.chat, found.text) == ("", "")


def test_when_it_was_said_and_what_came_along() -> None:
    files = [{"kind": "image", "url": "http://127.0.0.1/a.jpg", "name": "a.jpg"}]
    found = heard(text="", sent_at="2026-11-21T08:59:00+08:00", attachments=files)
    assert found.sent_at == datetime.fromisoformat("2026-11-21T08:59:00+08:00")
    assert [(each.kind, each.name) for each in found.attachments] == [(MediaKind.IMAGE, "a.jpg")]
    assert found.kind == "image"


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        "text",
        {},
        {"text": "好"},
        SAID | {"sender": ""},
        SAID | {"sender": " "},
        SAID | {"sender": "x" * 129},
        SAID | {"chat": "x" * 129},
        SAID | {"text": 7},
        SAID | {"text": "x" * 20_001},
        SAID | {"unknown": 1},
        SAID | {"sent_at": "yesterday"},
        SAID | {"sent_at": "2026-11-21T09:00:00"},
        SAID | {"mentioned": "yes"},
        SAID | {"attachments": [{"kind": "virus", "url": "x"}]},
        SAID | {"attachments": [{"kind": "image", "url": "x"}] * 10},
    ],
)
def test_wrong_shapes_are_refused(said: object) -> None:
    with pytest.raises(BadCallback) as caught:
        make().parse(request(said))
    assert 400 <= caught.value.status < 500


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 9000])
def test_junk_is_refused_though_it_is_signed(body: bytes) -> None:
    headers = CIMultiDict(sign(KEY, "m", CLOCK.now(), body))
    with pytest.raises(BadCallback):
        make().parse(CallbackRequest({}, body, headers))


def test_unsigned_is_refused() -> None:
    with pytest.raises(BadCallback):
        make().parse(CallbackRequest({}, json.dumps(SAID).encode(), CIMultiDict()))
    with pytest.raises(BadCallback):
        make().verify(CallbackRequest({}))


@given(st.dictionaries(st.sampled_from(sorted(Said.__struct_fields__)), st.none() | st.text()))
@settings(deadline=None, max_examples=60)
def test_any_values_are_read_or_refused(changes: dict[str, Any]) -> None:
    try:
        make().parse(request(SAID | changes))
    except BadCallback as error:
        assert 400 <= error.status < 500  # noqa: PT017 - either end is right


# What it says


class Other:
    """The other side: checks each signature, answers what the script says."""

    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.status: int = 204

    async def take(self, asked: web.Request) -> web.Response:
        body = await asked.read()
        message_id = check(KEY, asked.headers, body, self.clock.now())
        self.told.append((message_id, json.loads(body)))
        return web.Response(status=self.status)

    clock: Any = CLOCK


@asynccontextmanager
async def speaking() -> AsyncIterator[tuple[str, Other]]:
    other = Other()
    app = web.Application()
    app.router.add_post("/haitang", other.take)
    async with TestServer(app) as server:
        yield str(server.make_url("/haitang")), other


def out(**changes: Any) -> Outgoing:
    made = Outgoing(id="r1", channel="webhook/main", chat="g1", user="", text="已登记。")
    return msgspec.structs.replace(made, **changes)


async def test_what_it_says_is_signed() -> None:
    async with speaking() as (url, other):
        channel = make(callback_url=url)
        await channel.start()
        assert await channel.send(out(mentions=("u42",))) == "r1"
        await channel.stop()
    shape = {"id": "r1", "chat": "g1", "user": "", "text": "已登记。", "kind": "reply"}
    assert other.told == [("r1", shape | {"mentions": ["u42"]})]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (200, None),
        (409, None),
        (429, SendDeferred),
        (503, SendDeferred),
        (400, SendRefused),
        (410, SendRefused),
        (302, SendRefused),
    ],
)
async def test_what_a_status_means(status: int, error: type[Exception] | None) -> None:
    async with speaking() as (url, other):
        other.status = status
        channel = make(callback_url=url)
        await channel.start()
        try:
            if error is None:
                await channel.send(out())
            else:
                with pytest.raises(error):
                    await channel.send(out())
        finally:
            await channel.stop()


async def test_a_lost_answer_is_asked_for_again() -> None:
    """The other side knows the id: unlike with other platforms a second try does no harm."""
    channel = make()
    await channel.start()
    with pytest.raises(SendDeferred):
        await channel.send(out())
    await channel.stop()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"secret": ""}, "whsec_"),
        ({"secret": "whsec_c2hvcnQ="}, "whsec_"),
        ({"callback_url": ""}, "https 地址"),
        ({"callback_url": "http://example.com/x"}, "https 地址"),
    ],
)
def test_wrong_settings_are_told(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        make(**changes)


async def test_from_the_example_client_to_an_answer(tmp_path: Path) -> None:
    async with speaking() as (url, other):
        other.clock = SystemClock()
        chosen = WebhookSettings(area=AREA, secret=SECRET, callback_url=url)
        async with opened(tmp_path, "webhook", chosen, steward="boss") as house:
            where = f"{house.url}/callback/webhook/main"
            for who, text in (("boss", "绑定 第1微网格"), ("u42", "3幢楼道灯不亮")):
                said = {"chat": "g1", "sender": who, "text": text}
                assert await asyncio.to_thread(post, where, SECRET, said) == 200
            await until(lambda: len(other.told) == 2)
            assert "已登记 1号" in other.told[1][1]["text"]
            body = json.dumps(SAID).encode()
            headers = sign(KEY, str(uuid.uuid4()), SystemClock().now(), body)
            for expected in (200, 200):  # the same id again does nothing
                async with house.session.post(where, data=body, headers=headers) as response:
                    assert response.status == expected
            headers["webhook-timestamp"] = "1"
            async with house.session.post(where, data=body, headers=headers) as response:
                assert (response.status, await response.read()) == (403, b"")
            texts = [each.text for each in await house.stored("webhook/main", "g1")]
            assert texts == ["绑定 第1微网格", "3幢楼道灯不亮", "3幢灯不亮"]


# Its description


def test_the_description_is_valid() -> None:
    validate(SPEC)


@pytest.mark.parametrize("shape", [Said, File, Says])
def test_the_description_has_every_field(shape: type[msgspec.Struct]) -> None:
    described = SPEC["components"]["schemas"][shape.__name__]
    fields = {field.encode_name: field for field in msgspec.structs.fields(shape)}
    assert set(described["properties"]) == set(fields)
    assert set(described["required"]) == {name for name, field in fields.items() if field.required}


@pytest.mark.parametrize(("name", "shape"), [("Said", Said), ("Says", Says)])
def test_the_examples_fit(name: str, shape: type[msgspec.Struct]) -> None:
    msgspec.convert(SPEC["components"]["schemas"][name]["example"], shape)


def test_the_example_client_is_short() -> None:
    source = pages.read("examples/webhook_client.py")
    body = source.partition("def post")[2].partition("if __name__")[0]
    assert len(body.strip().splitlines()) <= 20
