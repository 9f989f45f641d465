"""A platform that takes every robot's message at once, or after a while, and remembers them.

As quick as Python allows, so that it is the sender that is measured: requests are read by hand.
`GET /stats` tells what came, `GET /reset?wait=0.1` forgets it and answers that much later from now
on. A key that sends more than 20 in any minute is refused, as the real platform does.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict, deque
from urllib.parse import parse_qs

import msgspec

A_MINUTE = 20
OK = b'{"errcode":0,"errmsg":"ok"}'
TOO_OFTEN = b'{"errcode":45009,"errmsg":"api freq out of limit"}'


class Stats(msgspec.Struct):
    """What came: messages taken, keys, the most that one key was sent, refusals, and over how many
    seconds."""

    taken: int = 0
    keys: int = 0
    most: int = 0
    refused: int = 0
    seconds: float = 0.0


class Sink:
    """What was `taken`, by key; it answers `wait` seconds later."""

    def __init__(self) -> None:
        self.wait = 0.0
        self.forget()

    def forget(self) -> None:
        """Begin anew."""
        self._times: defaultdict[str, deque[float]] = defaultdict(deque)
        self.taken: defaultdict[str, int] = defaultdict(int)
        self._refused = 0
        self._first = self._last = 0.0

    def take(self, key: str) -> bytes:
        """One message to a robot."""
        now = time.monotonic()
        times = self._times[key]
        while times and times[0] <= now - 60.0:
            times.popleft()
        times.append(now)
        if len(times) > A_MINUTE:
            self._refused += 1
            return TOO_OFTEN
        self.taken[key] += 1
        self._first, self._last = self._first or now, now
        return OK

    def stats(self) -> Stats:
        """Until now."""
        taken = sum(self.taken.values())
        most = max(self.taken.values(), default=0)
        return Stats(taken, len(self.taken), most, self._refused, self._last - self._first)


class _Connection(asyncio.Protocol):
    """One caller; requests come whole or in pieces, never two at once."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found or len(rest) < _length(head):
            return
        self._buffer = b""
        path, _, query = head.split(b" ", 2)[1].decode("ascii").partition("?")
        if path.endswith("/send"):
            answer = self._sink.take(query.partition("key=")[2].partition("&")[0])
            if self._sink.wait:
                asyncio.get_running_loop().call_later(self._sink.wait, self._answer, answer)
                return
        elif path == "/reset":
            self._sink.forget()
            self._sink.wait = float(parse_qs(query).get("wait", ["0"])[0])
            answer = OK
        else:
            answer = msgspec.json.encode(self._sink.stats())
        self._answer(answer)

    def _answer(self, body: bytes) -> None:
        if isinstance(self._transport, asyncio.Transport) and not self._transport.is_closing():
            head = (
                f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
            )
            self._transport.write(head.encode() + b"\r\n\r\n" + body)


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17 :].partition(b"\r\n")[0]) if at >= 0 else 0


async def serve(sink: Sink) -> asyncio.Server:
    """Listen on a free port of this machine."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: _Connection(sink), "127.0.0.1", 0)


async def _main() -> None:
    server = await serve(Sink())
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main())
