"""A client of a personal messenger beside the real service: bound, spoken to, answered, flooded."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import WSMsgType

from bot.channels.onebot11 import Onebot11Settings
from bot.channels.onebot12 import Onebot12Settings
from bot.engine.clock import SystemClock
from bot.testing.onebot import FakeOnebot
from bot.web.sockets import MOST_FRAMES
from tests.channels.bridges import AREA, House, opened, until
from tests.web.doors import logged

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET, TOKEN = "s3cret-of-the-client", "t0ken-of-the-client"
STEWARD = {11: 20001, 12: "20001"}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=[11, 12], ids=["v11", "v12"])
async def met(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, FakeOnebot]]:
    """A house that a client of this version may talk to, and nothing set but the secrets."""
    version = request.param
    settings = (
        Onebot11Settings(area=AREA, secret=SECRET, access_token=TOKEN)
        if version == 11
        else Onebot12Settings(area=AREA, access_token=TOKEN)
    )
    fake = FakeOnebot(SystemClock(), version=version, secret=SECRET, token=TOKEN)
    folder = tmp_path_factory.mktemp(f"onebot{version}")
    async with opened(folder, f"onebot{version}", settings) as house:
        yield house, fake


def callback(house: House, fake: FakeOnebot) -> str:
    return f"{house.url}/callback/onebot{fake.version}/main"


def socket_url(house: House, fake: FakeOnebot) -> str:
    return f"{house.url}/socket/onebot{fake.version}/main"


def group(fake: FakeOnebot, number: int) -> dict[str, object]:
    return {"group_id": number if fake.version == 11 else str(number)}


async def test_a_new_group_is_bound_and_answered_in_the_response(
    met: tuple[House, FakeOnebot],
) -> None:
    house, fake = met
    here = group(fake, 40001)
    url = callback(house, fake)
    _, waiting = await fake.post(house.session, url, fake.group_message("@海棠管家 在吗", **here))
    assert "还没登记到网格" in waiting.decode()
    boss = {"user_id": STEWARD[fake.version]} | here
    _, bound = await fake.post(house.session, url, fake.group_message("绑定 第1微网格", **boss))
    assert "本群归春晓社区/第1微网格" in bound.decode()
    event = fake.group_message("3幢楼道灯不亮", **here)
    status, body = await fake.post(house.session, url, event)
    assert status == 200
    answer = json.loads(body)
    quick = answer if fake.version == 11 else answer[0]["params"]
    assert "已登记 1号" in json.dumps(quick, ensure_ascii=False)
    assert len(answer) == (3 if fake.version == 11 else 1)
    _, again = await fake.post(house.session, url, event)
    assert again == body
    texts = [each.text for each in await house.stored(f"onebot{fake.version}/main", "40001")]
    assert texts.count("3幢楼道灯不亮") == 1


async def test_over_its_socket_it_hears_and_says(met: tuple[House, FakeOnebot]) -> None:
    house, fake = met
    here = group(fake, 40002)
    fake.calls.clear()
    async with fake.connect(house.session, socket_url(house, fake)) as socket:
        await socket.send_json(fake.heartbeat())
        await socket.send_json(
            fake.group_message("绑定 第1微网格", **({"user_id": STEWARD[fake.version]} | here))
        )
        await until(lambda: len(fake.said) == 1)
        event = fake.group_message("5幢楼道灯不亮", **here)
        await socket.send_json(event)
        await socket.send_json(event)
        await until(lambda: len(fake.said) == 2)
        assert "已登记 1号" in fake.said[1]
        await socket.send_json(fake.private_message("帮助"))
        await until(lambda: len(fake.said) == 3)
        await asyncio.sleep(0.1)
        assert len(fake.said) == 3
    actions = [action for action, _ in fake.calls]
    assert actions == (
        ["send_group_msg", "send_group_msg", "send_private_msg"]
        if fake.version == 11
        else ["send_message"] * 3
    )


async def test_a_forged_call_leaves_nothing(met: tuple[House, FakeOnebot]) -> None:
    house, fake = met
    channel = f"onebot{fake.version}/main"
    before = await house.metric(f'haitang_refused_callbacks_total{{channel="{channel}"}}')
    stranger = FakeOnebot(SystemClock(), version=fake.version, secret="no", token="no")
    event = fake.group_message("@海棠管家 在吗", **group(fake, 40003))
    with logged() as written:
        status, body = await stranger.post(house.session, callback(house, fake), event)
    assert (status, body) in {(401, b""), (403, b"")}
    assert await house.stored(channel, "40003") == []
    after = await house.metric(f'haitang_refused_callbacks_total{{channel="{channel}"}}')
    assert after == before + 1
    assert "Traceback" not in _text(written)


async def test_a_stranger_is_not_let_in(met: tuple[House, FakeOnebot]) -> None:
    house, fake = met
    for headers in ({}, {"Authorization": "Bearer no"}):
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await house.session.ws_connect(socket_url(house, fake), headers=headers)
        assert caught.value.status == 401
    async with house.session.get(
        socket_url(house, fake), headers={"Authorization": f"Bearer {TOKEN}", "X-Self-ID": "1"}
    ) as response:
        assert response.status == 426
    async with house.session.get(f"{house.url}/socket/onebot11/nobody") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        (["junk"], 1008),
        (["[" * 5000], 1008),
        (['{"time":"x"}'], 1008),
        ([b"\x00binary"], 1003),
        (['{"a":"' + "x" * 300_000 + '"}'], 1009),
        (['{"status":"ok","retcode":0,"echo":"x"}'] * (MOST_FRAMES + 2), 1008),
    ],
    ids=["junk", "deep", "shape", "binary", "large", "flood"],
)
async def test_garbage_is_shown_the_door(
    met: tuple[House, FakeOnebot], frames: list[str | bytes], code: int
) -> None:
    house, fake = met
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Self-ID": "1"}
    with logged() as written:
        async with house.session.ws_connect(socket_url(house, fake), headers=headers) as socket:
            for frame in frames:
                if socket.closed:
                    break
                if isinstance(frame, bytes):
                    await socket.send_bytes(frame)
                else:
                    await socket.send_str(frame)
            end = await socket.receive(timeout=5)
            assert end.type in {WSMsgType.CLOSE, WSMsgType.CLOSED, WSMsgType.CLOSING}
            assert socket.close_code == code
    assert "Traceback" not in _text(written)


async def test_a_second_connection_takes_over(met: tuple[House, FakeOnebot]) -> None:
    house, fake = met
    url = socket_url(house, fake)
    async with fake.connect(house.session, url) as first, fake.connect(house.session, url):
        await until(lambda: first.closed)
        assert first.close_code == 1001


def _text(written: io.StringIO) -> str:
    return written.getvalue()
