"""NoneBot and its OneBot adapter (PyPI nonebot-adapter-onebot), a program that others wrote.

It stands where our service stands, so it proves that our stand-in for a client says what a client
says and does what it is told; what our channels say is read back by its models.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from nonebot.adapters.onebot import v11, v12

from bot.channels.onebot11 import Onebot11Channel, Onebot11Settings
from bot.channels.onebot12 import Onebot12Channel, Onebot12Settings
from bot.engine.clock import SystemClock
from bot.models import Outgoing
from bot.testing.onebot import ME, FakeOnebot

pytestmark = [pytest.mark.interop, pytest.mark.asyncio(loop_scope="module")]

SECRET, TOKEN = "s3cret-of-the-client", "t0ken-of-the-client"
APP = Path(__file__).with_name("nonebot_app.py")


class Nonebot:
    """The running application and what it told."""

    def __init__(self, process: Process, url: str) -> None:
        self._process = process
        self.url = url

    async def told(self) -> dict[str, Any]:
        """The next thing that it says."""
        if self._process.stdout is None:
            raise AssertionError("no pipe")
        async with asyncio.timeout(20):
            line = await self._process.stdout.readline()
        found: dict[str, Any] = json.loads(line)
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def nonebot() -> AsyncIterator[Nonebot]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(APP), str(port), SECRET, TOKEN, stdout=PIPE
    )
    made = Nonebot(process, f"http://127.0.0.1:{port}/onebot")
    try:
        assert await made.told() == {"ready": True}
        await _listening(port)
        yield made
    finally:
        process.kill()
        await process.wait()


async def _listening(port: int) -> None:
    give_up = time.monotonic() + 10
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            if time.monotonic() > give_up:
                raise
            await asyncio.sleep(0.05)
        else:
            writer.close()
            await writer.wait_closed()
            return


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as made:
        yield made


def fake(version: int, me: int = ME, **changes: str) -> FakeOnebot:
    known = {"secret": SECRET, "token": TOKEN} | changes
    return FakeOnebot(SystemClock(), version=version, me=me, **known)


async def test_it_takes_our_signed_posts(nonebot: Nonebot, session: aiohttp.ClientSession) -> None:
    client = fake(11)
    status, body = await client.post(
        session, f"{nonebot.url}/v11/", client.group_message("3幢灯不亮")
    )
    assert (status, body) == (204, b"")
    told = await nonebot.told()
    assert told["adapter"] == "OneBot V11"
    assert (told["event"], told["text"]) == ("message.group.normal", "3幢灯不亮")
    assert (told["user"], told["session"]) == ("20002", "group_30003_20002")
    assert await nonebot.told() == {"failed": "ApiNotAvailable"}  # it has no way back over HTTP


async def test_it_refuses_what_we_refuse(nonebot: Nonebot, session: aiohttp.ClientSession) -> None:
    wrong = fake(11, secret="another")
    status, _ = await wrong.post(session, f"{nonebot.url}/v11/", wrong.group_message("好"))
    assert status == 403
    wrong = fake(12, token="another")
    status, _ = await wrong.post(session, f"{nonebot.url}/v12/", wrong.group_message("好"))
    assert status == 403


@pytest.mark.parametrize("version", [11, 12])
async def test_over_a_socket_it_hears_and_calls(
    nonebot: Nonebot, session: aiohttp.ClientSession, version: int
) -> None:
    me = 10_000_000 + version  # it lets no account in twice
    client = fake(version, me)
    async with client.connect(session, f"{nonebot.url}/v{version}/") as line:
        if version == 12:
            await line.send_json(_status_update(me))
        await line.send_json(client.heartbeat())
        called, key = ("at", "qq") if version == 11 else ("mention", "user_id")
        message = [
            {"type": called, "data": {key: str(me)}},
            {"type": "text", "data": {"text": " 灯坏了 [CQ:at,qq=all]&"}},
        ]
        await line.send_json(client.group_message(message))
        told = await nonebot.told()
        assert told["text"] == "灯坏了 [CQ:at,qq=all]&"
        assert told["to_me"] is True
        assert told["segments"][0] == [called, {key: str(me)}]
        sent = await nonebot.told()
        assert sent["sent"]["message_id"]
        await line.send_json(client.private_message("进度"))
        assert (await nonebot.told())["text"] == "进度"
        assert "sent" in await nonebot.told()
        client.script = [{"status": "failed", "retcode": 35001, "data": None, "message": "x"}]
        await line.send_json(client.private_message("进度"))
        await nonebot.told()
        assert "Failed" in (await nonebot.told())["failed"] or version == 12
    assert client.said[0].endswith("收到：灯坏了 [CQ:at,qq=all]&")
    actions = {action for action, _ in client.calls}
    assert actions == ({"send_msg"} if version == 11 else {"send_message"})


def _status_update(me: int) -> dict[str, Any]:
    account = {"self": {"platform": "qq", "user_id": str(me)}, "online": True}
    return {
        "id": "s1",
        "time": time.time(),
        "type": "meta",
        "detail_type": "status_update",
        "sub_type": "",
        "status": {"good": True, "bots": [account]},
    }


# Its models read what our stand-in and our channels say


async def test_its_models_read_every_event() -> None:
    client = fake(11)
    event = v11.GroupMessageEvent(**client.group_message("3幢灯不亮"))
    assert event.message.extract_plain_text() == "3幢灯不亮"
    string = v11.GroupMessageEvent(**client.group_message("[CQ:at,qq=20002]在吗"))
    assert [each.type for each in string.message] == ["at", "text"]
    assert v11.PrivateMessageEvent(**client.private_message("进度")).get_user_id() == "20002"
    assert v11.LifecycleMetaEvent(**client.connected()).sub_type == "connect"
    assert v11.HeartbeatMetaEvent(**client.heartbeat()).interval == 5000
    client = fake(12)
    assert v12.GroupMessageEvent(**client.group_message("好")).group_id == "30003"
    assert v12.PrivateMessageEvent(**client.private_message("好")).user_id == "20002"
    assert v12.HeartbeatMetaEvent(**client.heartbeat()).interval == 5000
    assert v12.ConnectMetaEvent(**client.connected()).version.impl == "fake"


async def test_its_models_read_what_we_say() -> None:
    out = Outgoing(
        id="r", channel="x", chat="30003", user="", text="[CQ:at,qq=all] 好", mentions=("1",)
    )
    client = fake(11)
    async with client.serve() as url:
        chosen = Onebot11Settings(access_token=TOKEN, api_url=url)
        channel = Onebot11Channel("onebot11/main", chosen, SystemClock())
        await channel.start()
        await channel.send(out)
        await channel.stop()
    said = v11.Message(v11.MessageSegment(**each) for each in client.calls[0][1]["message"])
    assert said.extract_plain_text() == out.text
    assert said["at"] == v11.Message(v11.MessageSegment.at(1))
    client = fake(12)
    async with client.serve() as url:
        chosen12 = Onebot12Settings(access_token=TOKEN, api_url=url)
        channel12 = Onebot12Channel("onebot12/main", chosen12, SystemClock())
        await channel12.start()
        await channel12.send(out)
        await channel12.stop()
    said12 = v12.Message(v12.MessageSegment(**each) for each in client.calls[0][1]["message"])
    assert said12.extract_plain_text() == out.text
    assert said12["mention"] == v12.Message(v12.MessageSegment.mention("1"))
