"""The envelope of the platform's own plugin against our callbacks, in both directions."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.testing.wecom import FakeAibot, SignedCallback
from tests.channels.wecom_aibot.test_end_to_end import opened
from tests.interop.programs import NODE, node

pytestmark = pytest.mark.interop


async def ran(*command: str, given: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=NODE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate(given.encode())
    assert process.returncode == 0
    return told.decode()


async def sealed_by_the_plugin(fake: FakeAibot, body: dict[str, Any], nonce: str) -> SignedCallback:
    stamp = str(int(fake.clock.now().timestamp()))
    keys = (fake.callbacks.token, fake.callbacks.encoding_aes_key)
    told = await ran(node(), "envelope.mjs", "seal", *keys, stamp, nonce, given=json.dumps(body))
    sealed = json.loads(told)
    query = {"msg_signature": sealed["signature"], "timestamp": stamp, "nonce": nonce}
    return SignedCallback(query, json.dumps({"encrypt": sealed["encrypt"]}).encode())


async def opened_by_the_plugin(fake: FakeAibot, answer: bytes) -> dict[str, Any]:
    found = json.loads(answer)
    keys = (fake.callbacks.token, fake.callbacks.encoding_aes_key)
    stamp, nonce, signature = str(found["timestamp"]), found["nonce"], found["msgsignature"]
    told = await ran(
        node(), "envelope.mjs", "open", *keys, stamp, nonce, signature, given=found["encrypt"]
    )
    reply: dict[str, Any] = json.loads(told)
    return reply


async def test_what_the_plugin_seals_we_read_and_what_we_seal_it_reads(tmp_path: Path) -> None:
    async with opened(tmp_path, "callback") as street:
        body = street.fake.message("woABC", "3幢楼道灯不亮", chat="wrGroup")
        callback = await sealed_by_the_plugin(street.fake, body, "nonce-1")
        status, answer = await street.post(callback)
        assert status == 200
        reply = await opened_by_the_plugin(street.fake, answer)
        assert reply["stream"]["finish"] is True
        assert "已登记" in reply["stream"]["content"]
        assert [one.text for one in await street.stored()] == ["3幢楼道灯不亮"]


@asynccontextmanager
async def webhook_server(fake: FakeAibot) -> AsyncIterator[str]:
    """The plugin's own webhook handler, serving."""
    process = await asyncio.create_subprocess_exec(
        node(),
        "--import",
        "./openclaw.mjs",
        "webhook_server.mjs",
        fake.callbacks.token,
        fake.callbacks.encoding_aes_key,
        fake.bot_id,
        cwd=NODE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}/wecom/main"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_the_plugins_server_takes_what_our_stand_in_sends() -> None:
    fake = FakeAibot()
    fake.app("http://127.0.0.1:9")
    async with webhook_server(fake) as url, aiohttp.ClientSession() as session:
        echo = fake.callbacks.echo("1616140317555161061")
        async with session.get(url, params=echo.query) as answer:
            assert (answer.status, await answer.text()) == (200, "1616140317555161061")
        for body, expected in (
            (fake.event("li", "enter_chat"), {"msgtype": "text", "text": {"content": "欢迎"}}),
            (fake.message("sys", "系统"), {}),
        ):
            callback = fake.callbacks.seal(body)
            async with session.post(url, params=callback.query, data=callback.body) as answer:
                assert answer.status == 200
                assert fake.callbacks.read(callback, await answer.read()) == expected
        forged = fake.callbacks.seal(fake.message("li", "在吗"))
        query = forged.query | {"msg_signature": "0" * 40}
        async with session.post(url, params=query, data=forged.body) as answer:
            assert answer.status == 403
