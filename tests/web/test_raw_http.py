"""Bytes that are not HTTP, clients that dawdle: nobody else notices."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
import pytest_asyncio

from tests.web.doors import MAIN, Door, logged, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

SEED = 20261121
VARIANTS = 500
SLOW_CLIENTS = 200
SCRAPS = (
    b"\r\n", b"\n", b"\x00", b" ", b"HTTP/9.9", b"Host: a\r\nHost: b\r\n",
    b"Content-Length: -1\r\n",
    b"Content-Length: 5\r\nContent-Length: 6\r\n", b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: chunked, chunked\r\n", b"Content-Length: 99999999999999999999\r\n",
    b"zz\r\nbad chunk\r\n", b"ffffffffffffffffffff\r\n", b"Expect: 100-continue\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n", b"\xff\xfe\xfa", b"%00%ff%ed%a0%80",
    "签名".encode(), b"Content-Encoding: gzip\r\n", b": no name\r\n", b"X" * 9000, b"\r\n\r\n",
    b"Cookie: " + b"a=b;" * 500 + b"\r\n", b"Content-Type: text/xml; charset=\xff\r\n",
)  # fmt: skip


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("raw")) as made:
        yield made


def address(door: Door) -> tuple[str, int]:
    host, port = door.url.removeprefix("http://").split(":")
    return host, int(port)


def good(door: Door, user: str) -> bytes:
    callback = door.fake.callback(user, "帮助")
    head = f"POST {MAIN}?{urlencode(callback.query)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n" % len(callback.body) + callback.body


def malformed(request: bytes, chance: random.Random) -> bytes:
    """A good request with a few wounds."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(request))
        match chance.randrange(4):
            case 0:
                request = request[:at] + chance.choice(SCRAPS) + request[at:]
            case 1:
                request = request[:at] + bytes([chance.randrange(256)]) + request[at + 1 :]
            case 2:
                request = request[:at] + request[at + chance.randint(1, 40) :]
            case _:
                request = request[: max(at, 1)]
    return request


async def exchange(door: Door, request: bytes, patience: float = 5.0) -> bytes:
    """Send, and read how the answer begins; empty when none comes (a cut request has none)."""
    reader, writer = await asyncio.open_connection(*address(door))
    try:
        writer.write(request)
        async with asyncio.timeout(patience):
            return await reader.read(64)
    except (ConnectionError, TimeoutError):
        return b""
    finally:
        writer.close()


async def test_malformed_requests_break_nothing(door: Door) -> None:
    chance = random.Random(SEED)
    requests = [malformed(good(door, "fuzz"), chance) for _ in range(VARIANTS)]
    answers = []
    with logged("error") as log:
        for start in range(0, VARIANTS, 250):
            batch = requests[start : start + 250]
            answers += await asyncio.gather(*(exchange(door, request, 0.4) for request in batch))
    assert log.getvalue() == ""
    statuses = Counter(int(answer.split(b" ")[1]) if answer else 0 for answer in answers)
    assert set(statuses) <= {0, 100, 200, 400, 403, 404, 405, 408, 411, 413, 414, 417, 431, 505}
    assert statuses[400] + statuses[403] > VARIANTS // 2
    assert await door.get("/healthz") == (200, b"ok")
    assert b" 200 " in (await exchange(door, good(door, "afterwards")))[:20]
    assert await door.stored("afterwards") == ["帮助"]


@pytest.mark.parametrize(
    "path",
    [
        "/sandbox/api/messages?chat=%ED%A0%80",
        "/sandbox/api/messages?chat=%00",
        "/sandbox/api/messages?chat=g1&limit=" + "9" * 5000,
        "/sandbox/api/messages?chat=g1&limit=%EF%BC%91",
        "/sandbox/api/messages?chat=%FF%FE",
        "/sandbox/api/trace?message=%ED%A0%80",
        "/sandbox/api/trace?message=" + "a" * 4000,
        "/sandbox/static/%ED%A0%80",
        "/sandbox/static/%00",
        "/sandbox/static/" + "a" * 3000,
        "/sandbox/static/..%2f..%2f..%2fapp.py",
        "/callback/wecom_app/%ED%A0%80",
        MAIN + "?msg_signature=%ED%A0%80&timestamp=1&nonce=1&echostr=1",
        MAIN + "?msg_signature=1&timestamp=%ED%A0%80&nonce=%00&echostr=%FF",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/",
    ],
)
async def test_strange_addresses_are_answered(door: Door, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    status = int((await exchange(door, request)).split(b" ")[1])
    assert 200 <= status < 500
    assert (status == 200) == ("chat=%" in path or "limit=%EF" in path)


async def test_slow_clients_delay_nobody(door: Door) -> None:
    """Half a head, half a body, one byte a second: acknowledgements keep their pace."""
    whole = good(door, "slow")
    openings = (whole[:10], whole[: whole.index(b"\r\n\r\n")], whole[:-20], b"P")
    slow = []
    for number in range(SLOW_CLIENTS):
        _, writer = await asyncio.open_connection(*address(door))
        writer.write(openings[number % len(openings)])
        slow.append(writer)
    took = []
    for number in range(50):
        started = time.perf_counter()
        status, _ = await door.post(door.fake.callback(f"quick{number}", "大家好"))
        took.append(time.perf_counter() - started)
        assert status == 200
    for writer in slow:
        writer.close()
    assert sorted(took)[48] < 1.0
    assert await door.stored("slow") == []
