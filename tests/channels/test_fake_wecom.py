from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.testing import FakeWecom, SignedCallback
from bot.testing.wecom import SentMessage


class HandClock:
    def __init__(self) -> None:
        self.instant = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.instant


class Client:
    """Speaks to the stand-in as any program would."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, fake: FakeWecom) -> None:
        self.session = session
        self.base_url = base_url
        self.fake = fake

    async def gettoken(self, **change: str) -> dict[str, Any]:
        query = {"corpid": self.fake.corp_id, "corpsecret": self.fake.secret, **change}
        return await self._json(self.session.get(f"{self.base_url}/cgi-bin/gettoken", params=query))

    async def send(self, token: str, **change: Any) -> dict[str, Any]:
        body = {
            "touser": "LiMing",
            "msgtype": "text",
            "agentid": self.fake.agent_id,
            "text": {"content": "您好"},
            **change,
        }
        url = f"{self.base_url}/cgi-bin/message/send"
        return await self._json(self.session.post(url, params={"access_token": token}, json=body))

    @staticmethod
    async def _json(request: Any) -> dict[str, Any]:
        async with request as response:
            answer: dict[str, Any] = await response.json()
            return answer


@asynccontextmanager
async def client_of(fake: FakeWecom) -> AsyncIterator[Client]:
    async with fake.serve() as base_url, aiohttp.ClientSession() as session:
        yield Client(session, base_url, fake)


@pytest.mark.parametrize(
    ("change", "errcode"),
    [({}, 0), ({"corpid": "x"}, 40013), ({"corpsecret": "x"}, 40001)],
)
async def test_tokens_need_the_right_secret(change: dict[str, str], errcode: int) -> None:
    fake = FakeWecom()
    async with client_of(fake) as client:
        assert (await client.gettoken(**change))["errcode"] == errcode
    assert fake.token_calls == 1


@pytest.mark.parametrize(
    ("change", "errcode"),
    [
        ({}, 0),
        ({"agentid": 7}, 40056),
        ({"agentid": "1000002"}, 0),
        ({"msgtype": "hologram"}, 40008),
        ({"text": {"content": ""}}, 44004),
        ({"text": {"content": 5}}, 40035),
        ({"text": "hi"}, 40035),
        ({"text": {"content": "字" * 682 + "ab"}}, 0),
        ({"text": {"content": "字" * 683}}, 45002),
        ({"touser": "Nobody"}, 81013),
        ({"touser": ""}, 81013),
    ],
)
async def test_messages_are_checked_as_the_platform_does(
    change: dict[str, Any], errcode: int
) -> None:
    fake = FakeWecom(unknown_users=["Nobody"])
    async with client_of(fake) as client:
        token = (await client.gettoken())["access_token"]
        assert (await client.send(token, **change))["errcode"] == errcode
    assert len(fake.sent) == (errcode == 0)


async def test_a_body_that_is_no_object() -> None:
    fake = FakeWecom()
    async with client_of(fake) as client:
        token = (await client.gettoken())["access_token"]
        url = f"{client.base_url}/cgi-bin/message/send"
        for body in (b"", b"[]", b"{", b"\xff"):
            async with client.session.post(url, params={"access_token": token}, data=body) as got:
                assert (await got.json())["errcode"] == 40035


async def test_some_unknown_receivers_do_not_stop_the_others() -> None:
    fake = FakeWecom(unknown_users=["Nobody"])
    async with client_of(fake) as client:
        token = (await client.gettoken())["access_token"]
        answer = await client.send(token, touser="LiMing|Nobody|WangFang")
    assert (answer["errcode"], answer["invaliduser"]) == (0, "nobody")
    assert [message.to for message in fake.sent] == ["LiMing", "WangFang"]


async def test_tokens_are_checked_and_expire() -> None:
    clock = HandClock()
    fake = FakeWecom(clock=clock)
    async with client_of(fake) as client:
        first = (await client.gettoken())["access_token"]
        assert (await client.gettoken())["access_token"] == first
        assert (await client.send(""))["errcode"] == 41001
        assert (await client.send("made-up"))["errcode"] == 40014
        clock.instant += timedelta(seconds=7200)
        assert (await client.send(first))["errcode"] == 42001
        second = (await client.gettoken())["access_token"]
        assert (await client.send(second))["errcode"] == 0
        fake.expire_token()
        assert (await client.send(second))["errcode"] == 42001
    assert second != first


async def test_the_thirty_first_message_of_a_minute_is_dropped_silently() -> None:
    clock = HandClock()
    fake = FakeWecom(clock=clock)
    async with client_of(fake) as client:
        token = (await client.gettoken())["access_token"]
        answers = [await client.send(token) for _ in range(31)]
        await client.send(token, touser="WangFang")
        clock.instant += timedelta(seconds=60)
        await client.send(token)
    assert {answer["errcode"] for answer in answers} == {0}
    assert len(fake.dropped) == 1
    assert len(fake.sent) == 32


async def test_faults_come_as_ordered_and_end() -> None:
    fake = FakeWecom()
    async with client_of(fake) as client:
        token = (await client.gettoken())["access_token"]
        fake.fail_next(45009, times=2)
        fake.drop_connection_next()
        assert [(await client.send(token))["errcode"] for _ in range(2)] == [45009, 45009]
        with pytest.raises(aiohttp.ClientError):
            await client.send(token)
        assert (await client.send(token))["errcode"] == 0
        fake.drop_connection_next(delivered=True)
        with pytest.raises(aiohttp.ClientError):
            await client.send(token)
    assert fake.send_calls == 5
    assert len(fake.sent) == 2


async def test_an_observer_sees_each_message() -> None:
    seen: list[SentMessage] = []
    fake = FakeWecom(on_sent=seen.append)
    async with client_of(fake) as client:
        await client.send((await client.gettoken())["access_token"])
    assert seen == fake.sent


async def test_it_can_be_mounted_below_a_path() -> None:
    fake = FakeWecom()
    host = web.Application()
    host.add_subapp("/stand-in", fake.app())
    runner = web.AppRunner(host)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/stand-in"
        async with aiohttp.ClientSession() as session:
            assert (await Client(session, base_url, fake).gettoken())["errcode"] == 0
    finally:
        await runner.cleanup()


def test_callbacks_are_built_without_a_loop() -> None:
    fake = FakeWecom()
    one, two = fake.callback("LiMing", "一"), fake.callback("LiMing", "一")
    assert one != two
    assert set(one.query) == {"msg_signature", "timestamp", "nonce"}
    assert b"<Encrypt>" in one.body
    assert fake.echo().body == b""


Answer = Callable[[web.Request], Awaitable[web.Response]]


@asynccontextmanager
async def receiver(answer: Answer) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/callback", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.2)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/callback"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("statuses", "tries", "made", "status"),
    [
        ([200], 3, 1, 200),
        ([500, 200], 3, 2, 200),
        ([500, 204, 403, 200], 3, 3, 403),
        ([500, 200], 1, 1, 500),
    ],
)
async def test_callbacks_are_delivered_again_until_200(
    statuses: list[int], tries: int, made: int, status: int
) -> None:
    got: list[tuple[dict[str, str], bytes]] = []

    async def answer(request: web.Request) -> web.Response:
        got.append((dict(request.query), await request.read()))
        return web.Response(status=statuses[len(got) - 1])

    fake = FakeWecom()
    callback = fake.callback("LiMing", "在吗")
    async with receiver(answer) as url, aiohttp.ClientSession() as session:
        result = await fake.post_callback(session, url, callback, tries=tries)
    assert (result.status, result.tries) == (status, made)
    assert [SignedCallback(query, body) for query, body in got] == [callback] * made


async def test_a_slow_receiver_is_tried_three_times() -> None:
    calls = 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.5)
        return web.Response()

    fake = FakeWecom()
    async with receiver(answer) as url, aiohttp.ClientSession() as session:
        result = await fake.post_callback(
            session, url, fake.callback("LiMing", "在吗"), tries=3, patience=0.05
        )
    assert (result.status, result.tries, calls) == (0, 3, 3)


async def test_the_url_check_is_a_get() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=request.method + request.query["echostr"][:0])

    fake = FakeWecom()
    async with receiver(answer) as url, aiohttp.ClientSession() as session:
        assert (await fake.post_callback(session, url, fake.echo())).body == "GET"
