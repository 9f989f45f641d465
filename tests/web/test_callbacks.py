"""Callbacks over real HTTP: verified, stored, acknowledged, answered; or refused and counted."""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.wecom_app import WecomAppChannel
from bot.models import Incoming
from bot.testing import FakeWecom, SignedCallback
from bot.web.callbacks import Callbacks
from tests.web.doors import MAIN, Door, as_incoming, opened, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

REFUSED = 'haitang_refused_callbacks_total{channel="wecom_app/main"}'
VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[1].joinpath("channels", "vectors.json").read_text(encoding="utf-8")
)
OF_OUR_KIND = [v for v in VECTORS["positive"] if v["receive_id"].startswith("w")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("door"), sandbox=False) as made:
        yield made


class SetClock:
    """Stands where it is put."""

    def __init__(self) -> None:
        self.seconds = 1_700_000_000

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)


async def test_the_url_check_gets_the_bare_text_at_once(door: Door) -> None:
    echo = door.fake.echo("5927782489442352469")
    started = time.perf_counter()
    async with door.session.get(door.url + MAIN, params=echo.query) as answer:
        body = await answer.read()
    assert (answer.status, answer.content_type, body) == (200, "text/plain", b"5927782489442352469")
    assert time.perf_counter() - started < 1.0


async def test_a_message_is_on_disk_before_its_200_and_is_answered(door: Door) -> None:
    status, body = await door.post(door.fake.callback("stored", "帮助"))
    assert (status, body) == (200, b"")
    with closing(sqlite3.connect(door.service.database.path)) as other_process:
        count = other_process.execute("SELECT count(*) FROM inbox WHERE sender = 'stored'")
        assert count.fetchone() == (1,)
    await until(lambda: len(door.heard("stored")) == 1)


async def test_no_200_without_the_commit(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*args: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    with monkeypatch.context() as broken:
        broken.setattr(door.service.database, "write", fail)
        assert await door.post(door.fake.callback("unlucky", "帮助", "71")) == (503, b"")
    assert await door.stored("unlucky") == []
    assert (await door.post(door.fake.callback("unlucky", "帮助", "71")))[0] == 200
    assert await door.stored("unlucky") == ["帮助"]


async def test_repeats_are_acknowledged_and_do_nothing(door: Door) -> None:
    callback = door.fake.callback("again", "帮助", "42")
    before = await door.metric("haitang_duplicate_messages_total")
    answers = await asyncio.gather(*(door.post(callback) for _ in range(3)))
    assert [status for status, _ in answers] == [200, 200, 200]
    # The platform seals a repeat anew; only the message's own number is the same.
    assert await door.post(door.fake.callback("again", "帮助", "42")) == (200, b"")
    assert await door.stored("again") == ["帮助"]
    await until(lambda: bool(door.heard("again")))
    await asyncio.sleep(0.1)
    assert len(door.heard("again")) == 1
    assert await door.metric("haitang_duplicate_messages_total") == before + 3


async def test_events_are_acknowledged_and_not_stored(door: Door) -> None:
    assert await door.post(
        door.fake.callback("visitor", msg_type="event", fields={"Event": "view"})
    ) == (200, b"")
    assert await door.stored("visitor") == []


async def test_an_expired_access_token_is_renewed_once(door: Door) -> None:
    await door.post(door.fake.callback("before", "帮助"))
    await until(lambda: bool(door.heard("before")))
    door.fake.expire_token()
    calls = door.fake.token_calls
    await door.post(door.fake.callback("after", "帮助"))
    await until(lambda: bool(door.heard("after")))
    assert door.fake.token_calls == calls + 1


async def test_an_answer_outlives_a_platform_that_stumbles(door: Door) -> None:
    door.fake.http_error_next(502)
    await door.post(door.fake.callback("patient", "帮助"))
    await until(lambda: len(door.heard("patient")) == 1)


def damaged(callback: SignedCallback) -> list[tuple[dict[str, str], bytes]]:
    """Every byte of the body and every character of the query changed, one at a time."""
    bodies = [
        (callback.query, callback.body[:at] + bytes([byte ^ 1]) + callback.body[at + 1 :])
        for at, byte in enumerate(callback.body)
    ]
    queries = [
        (callback.query | {name: value[:at] + chr(ord(char) ^ 1) + value[at + 1 :]}, callback.body)
        for name, value in callback.query.items()
        for at, char in enumerate(value)
    ]
    return bodies + queries


async def test_no_altered_request_is_taken(door: Door) -> None:
    requests = damaged(door.fake.callback("forger", "帮助"))
    before = await door.metric(REFUSED)
    answers = [await door.post(SignedCallback(query, body)) for query, body in requests]
    wrong = [answer for answer in answers if not 400 <= answer[0] < 500 or answer[1]]
    assert len(requests) > 400
    assert wrong == []
    assert await door.stored("forger") == []
    assert await door.metric(REFUSED) == before + len(requests)


def stale(fake: FakeWecom, seconds: int) -> SignedCallback:
    now = int(time.time())
    return fake.seal("<xml></xml>", timestamp=now + seconds)


@pytest.mark.parametrize(
    ("name", "query", "body"),
    [
        ("nothing", {}, b""),
        ("no signature", {"timestamp": "1", "nonce": "1"}, b"<xml></xml>"),
        ("wrong signature", {"msg_signature": "0" * 40}, None),
        ("not hex", {"msg_signature": "签名"}, None),
        ("other nonce", {"nonce": "1"}, None),
        ("huge timestamp", {"timestamp": "9" * 5000}, None),
        ("bomb", None, b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>'),
        ("deep", None, b"<xml>" * 20_000),
        ("wide", None, b"<xml>" + b"<a></a>" * 5_000),
        ("other charset", None, "<?xml version='1.0' encoding='gbk'?><xml/>".encode("gbk")),
        ("utf-16", None, "<xml><Encrypt>a</Encrypt></xml>".encode("utf-16")),
        ("zeros", None, bytes(1000)),
        ("json", None, b'{"encrypt": "x"}'),
        ("no encrypt", None, b"<xml><AgentID>1</AgentID></xml>"),
        ("empty encrypt", None, b"<xml><Encrypt></Encrypt></xml>"),
        ("envelope too long", None, b"<xml><Encrypt>" + b"A" * 70_000 + b"</Encrypt></xml>"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_bad_requests_are_refused_quickly(
    door: Door, name: str, query: dict[str, str] | None, body: bytes | None
) -> None:
    good = door.fake.callback("stranger", "帮助")
    bad = SignedCallback(
        query if name in {"nothing", "no signature"} else good.query | (query or {}),  # type: ignore[arg-type]
        good.body if body is None else body,
    )
    before = await door.metric(REFUSED)
    started = time.perf_counter()
    status, answer = await door.post(bad)
    assert time.perf_counter() - started < 0.5
    assert 400 <= status < 500
    assert answer == b""
    assert await door.stored("stranger") == []
    assert await door.metric(REFUSED) == before + 1


@pytest.mark.parametrize("seconds", [-3600, -700, 700, 3600])
async def test_old_and_early_requests_are_refused(door: Door, seconds: int) -> None:
    assert await door.post(stale(door.fake, seconds)) == (403, b"")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/callback/wecom_app/other", 404),
        ("POST", "/callback/wecom_app/other", 404),
        ("POST", "/callback/onebot/main", 404),
        ("POST", "/callback/wecom_app/main/", 404),
        ("POST", "/callback/wecom_app/%2e%2e/main", 404),
        ("POST", "/callback/wecom_app", 404),
        ("PUT", MAIN, 405),
        ("DELETE", MAIN, 405),
        ("HEAD", MAIN, 405),
        ("PATCH", MAIN, 405),
    ],
)
async def test_wrong_doors_stay_shut(door: Door, method: str, path: str, status: int) -> None:
    good = door.fake.callback("lost", "帮助")
    async with door.session.request(
        method, door.url + path, params=good.query, data=good.body
    ) as answer:
        assert answer.status == status
    assert await door.stored("lost") == []


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(door: Door) -> None:
    good = door.fake.callback("large", "帮助")
    before = await door.metric(REFUSED)
    assert await door.post(SignedCallback(good.query, bytes(300 * 1024))) == (413, b"")

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield bytes(16 * 1024)

    async with door.session.post(door.url + MAIN, params=good.query, data=endless()) as answer:
        assert answer.status == 413
    assert await door.metric(REFUSED) == before + 2


async def test_a_packed_body_is_measured_unpacked(door: Door) -> None:
    good = door.fake.callback("bomb", "帮助")
    for packed, status in (
        (gzip.compress(bytes(50 * 1024 * 1024)), 413),
        (gzip.compress(good.body)[:-9] + bytes(9), 400),
        (b"not gzip", 400),
    ):
        before = await door.metric(REFUSED)
        started = time.perf_counter()
        async with door.session.post(
            door.url + MAIN,
            params=good.query,
            data=packed,
            headers={"Content-Encoding": "gzip"},
        ) as answer:
            assert (answer.status, await answer.read()) == (status, b"")
        assert time.perf_counter() - started < 1.0
        assert await door.metric(REFUSED) == before + 1
    assert await door.stored("bomb") == []


async def test_the_callers_hanging_up_undoes_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is whole, the caller goes away while it is being stored."""
    engine = door.service.engine
    arrived, go_on = asyncio.Event(), asyncio.Event()
    receive = engine.receive

    async def slowly(incoming: Incoming) -> object:
        arrived.set()
        await go_on.wait()
        return await receive(incoming)

    monkeypatch.setattr(engine, "receive", slowly)
    callback = door.fake.callback("gone", "帮助", "4711")
    posting = asyncio.ensure_future(door.post(callback))
    await arrived.wait()
    posting.cancel()
    await asyncio.gather(posting, return_exceptions=True)
    await asyncio.sleep(0.05)
    go_on.set()
    for _ in range(100):
        if await door.stored("gone"):
            break
        await asyncio.sleep(0.01)
    assert await door.stored("gone") == ["帮助"]
    await until(lambda: len(door.heard("gone")) == 1)


async def test_a_body_that_trickles_is_given_up(door: Door) -> None:
    service = door.service
    channel = service.channels["wecom_app/main"]
    assert isinstance(channel, WecomAppChannel)
    app = web.Application()
    app.add_routes(
        Callbacks(
            service.engine,
            service.answers,
            {channel.name: channel},
            service.metrics,
            1024,
            body_seconds=0.2,
        ).routes()
    )
    before = await door.metric(REFUSED)
    async with TestServer(app) as server:
        reader, writer = await asyncio.open_connection(server.host, server.port)
        writer.write(f"POST {MAIN}?nonce=1 HTTP/1.1\r\nHost: x\r\n".encode())
        writer.write(b"Content-Length: 100\r\n\r\n<xml>")
        started = time.perf_counter()
        line = await reader.readline()
        assert b" 408 " in line
        assert 0.1 < time.perf_counter() - started < 2.0
        writer.close()
        await writer.wait_closed()
    assert await door.metric(REFUSED) == before + 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def published(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[tuple[Door, SetClock]]:
    """An app with the credentials of the platform's own documents."""
    vector = OF_OUR_KIND[0]
    clock = SetClock()
    fake = FakeWecom(
        corp_id=vector["receive_id"],
        agent_id=218,
        token=vector["token"],
        encoding_aes_key=vector["encoding_aes_key"],
        clock=clock,
    )
    folder = tmp_path_factory.mktemp("published")
    async with opened(folder, clock=clock, sandbox=False, fake=fake) as made:
        yield made, clock


def sealed(vector: dict[str, str]) -> tuple[dict[str, str], bytes]:
    query = {name: vector[name] for name in ("msg_signature", "timestamp", "nonce")}
    return query, f"<xml><Encrypt><![CDATA[{vector['encrypt']}]]></Encrypt></xml>".encode()


async def test_the_published_url_check_is_answered(published: tuple[Door, SetClock]) -> None:
    door, clock = published
    vector = next(v for v in OF_OUR_KIND if v["name"] == "wecom-doc-verify-url")
    clock.seconds = int(vector["timestamp"])
    query, _ = sealed(vector)
    answer = await door.get(MAIN, **query, echostr=vector["encrypt"])
    assert answer == (200, vector["plaintext"].encode())


async def test_the_published_message_is_taken(published: tuple[Door, SetClock]) -> None:
    door, clock = published
    vector = next(v for v in OF_OUR_KIND if v["name"] == "wecom-doc-decrypt-xml")
    clock.seconds = int(vector["timestamp"])
    assert await door.post(SignedCallback(*sealed(vector))) == (200, b"")
    stored = await door.service.database.read(lambda store: store.inbox.is_empty())
    assert stored is False


@pytest.mark.parametrize("vector", VECTORS["negative"], ids=lambda v: v["name"])
async def test_the_negative_vectors_are_refused(
    published: tuple[Door, SetClock], vector: dict[str, str]
) -> None:
    door, clock = published
    clock.seconds = int(vector["timestamp"])
    before = await door.metric(REFUSED)
    query, body = sealed(vector)
    status, answer = await door.post(SignedCallback(query, body))
    assert 400 <= status < 500
    assert answer == b""
    status, answer = await door.get(MAIN, **query, echostr=vector["encrypt"])
    assert 400 <= status < 500
    assert answer == b""
    assert await door.metric(REFUSED) == before + 2


async def test_the_same_message_id_of_two_members_is_two_messages(door: Door) -> None:
    for sender in ("twin1", "twin2"):
        await door.post(door.fake.callback(sender, "在吗", "99"))
        found = await door.service.database.read(
            lambda store, key: store.inbox.find(key), as_incoming(sender, "99")
        )
        assert found
