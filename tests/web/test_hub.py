"""The live stream: bounded for those who do not read, quick to end."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.web import hub
from bot.web.hub import Hub


def served(shown: Hub) -> TestServer:
    app = web.Application()
    app.router.add_get("/", shown.stream)
    return TestServer(app)


async def begun(response: object) -> None:
    """The stream's first event has come."""
    content = response.content  # type: ignore[attr-defined]
    assert await content.readline() == b"event: ping\n"
    assert await content.readline() == b"data: {}\n"
    assert await content.readline() == b"\n"


async def test_silence_is_filled_with_pings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "PING_SECONDS", 0.05)
    shown = Hub()
    async with (
        served(shown) as server,
        ClientSession() as session,
        session.get(server.make_url("/")) as response,
    ):
        for _ in range(3):
            await begun(response)
        shown.close()


async def test_closing_ends_streams_and_takes_no_new_ones() -> None:
    shown = Hub()
    async with served(shown) as server, ClientSession() as session:
        response = await session.get(server.make_url("/"))
        await begun(response)
        shown.close()
        async with asyncio.timeout(1):
            assert await response.content.read() == b""
        late = await session.get(server.make_url("/"))
        assert late.status == 503
        response.close()
        late.close()


async def test_too_many_pages_are_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "MOST_LISTENERS", 1)
    shown = Hub()
    async with served(shown) as server, ClientSession() as session:
        first = await session.get(server.make_url("/"))
        await begun(first)
        async with session.get(server.make_url("/")) as second:
            assert second.status == 503
            assert "打开的页面太多了" in await second.text()
        shown.publish({"text": "还在"})
        assert await first.content.readline() == b"event: message\n"
        shown.close()
        first.close()


async def test_who_does_not_read_is_cut_off_and_holds_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hub, "QUEUE", 5)
    shown = Hub()
    async with (
        served(shown) as server,
        ClientSession() as session,
        session.get(server.make_url("/")) as response,
    ):
        await begun(response)
        for number in range(20):  # without a pause the stream cannot drain
            shown.publish({"number": number})
        async with asyncio.timeout(2):
            rest = await response.content.read()
        assert rest.count(b"event: message") <= 5
        shown.close()


async def test_a_listener_that_left_is_forgotten() -> None:
    shown = Hub()
    async with served(shown) as server, ClientSession() as session:
        async with session.get(server.make_url("/")) as response:
            await begun(response)
        response.close()
        for _ in range(100):
            shown.publish({"text": "x" * 1000})
            if not shown._queues:
                break
            await asyncio.sleep(0.01)
        assert not shown._queues
