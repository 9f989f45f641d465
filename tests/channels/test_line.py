from __future__ import annotations

import pytest
from aiohttp import web

from bot.channels.line import Call, Line, is_safe_base
from bot.errors import SendDeferred, SendRefused


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://qyapi.weixin.qq.com", True),
        ("https://wecom.street.example:8443/api", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080/x", True),
        ("http://localhost", True),
        ("http://qyapi.weixin.qq.com", False),
        ("http://127.0.0.1.example.com", False),
        ("https://user:pass@qyapi.weixin.qq.com", False),
        ("https://qyapi.weixin.qq.com?x=1", False),
        ("ftp://qyapi.weixin.qq.com", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_secrets_go_only_over_https_or_to_this_machine(url: str, safe: bool) -> None:
    assert is_safe_base(url) is safe


def test_a_call_shows_neither_its_query_nor_its_body() -> None:
    call = Call("POST", "send", {"key": "canary-key"}, SendRefused, b"canary-body")
    assert "canary" not in repr(call)


async def test_an_endless_answer_is_cut_off() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        for _ in range(100):
            await response.write(b"x" * 1000)
        return response

    app = web.Application()
    app.router.add_get("/endless", endless)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line = Line(f"http://127.0.0.1:{runner.addresses[0][1]}", "平台")
    await line.open()
    try:
        with pytest.raises(SendRefused, match="太长"):
            await line.fetch(Call("GET", "endless", {}, SendRefused), max_bytes=5000)
        reply = await line.fetch(Call("GET", "endless", {}, SendRefused), max_bytes=100_000)
    finally:
        await line.close()
        await runner.cleanup()
    assert len(reply.body) == 100_000


async def test_a_line_that_is_not_open_sends_nothing() -> None:
    line = Line("http://127.0.0.1:9", "平台")
    with pytest.raises(SendDeferred, match="还没有启动"):
        await line.ask(Call("GET", "x", {}, SendRefused), dict)
