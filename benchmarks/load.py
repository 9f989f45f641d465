"""The load: connections that are kept alive, each asking again as soon as it was answered.

A server that hangs up after each answer (Flask's own does) is called again; the time that takes
counts against its rate, not against its latency. Requests are built before and answers are read
by hand, so that the load takes little of the machine itself: `busy` says how much.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator, Sequence
from typing import cast

from msgspec import Struct

PATIENCE_SECONDS = 20.0
_LENGTH = b"\r\nContent-Length: "
_CLOSE = b"\r\nConnection: close\r\n"


class Answers(Struct, frozen=True):
    """What came of a load. Times are in seconds; `busy` is the load's own share of one core."""

    ok: int
    errors: int
    seconds: float
    latencies: Sequence[float]
    busy: float

    @property
    def rate(self) -> float:
        """Requests that were answered 200, a second."""
        return self.ok / self.seconds

    def within(self, share: float) -> float:
        """The latency in milliseconds that this share of the answers kept."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class _Run:
    """What the connections of one load share."""

    def __init__(self, requests: Sequence[bytes], seconds: float) -> None:
        self.requests: Iterator[bytes] = iter(requests)
        self.seconds = seconds
        self.until = 0.0
        self.latencies: list[float] = []
        self.errors = 0


class _Connection(asyncio.Protocol):
    """One connection with one request under way."""

    def __init__(self, run: _Run, port: int) -> None:
        self._run = run
        self._port = port
        self._closes = False
        self._buffer = b""
        self._sent_at = 0.0
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        """Send the next request, unless the time is over or there is none left."""
        now = time.perf_counter()
        request = next(self._run.requests, None) if now < self._run.until else None
        if request is None:
            self.ended.set_result(None)
            return
        self._sent_at = now
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        if len(data) < _size(data):
            self._buffer = data
            return
        self._buffer = b""
        if data[9:12] == b"200":
            self._run.latencies.append(time.perf_counter() - self._sent_at)
        else:
            self._run.errors += 1
        self._closes = _CLOSE in data
        if not self._closes:
            self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if self.ended.done():
            return
        if self._closes:
            self._again = asyncio.get_running_loop().create_task(self._call_again())
        else:
            self._run.errors += 1
            self.ended.set_result(None)

    async def call(self) -> None:
        """Open the connection."""
        await asyncio.get_running_loop().create_connection(lambda: self, "127.0.0.1", self._port)

    async def _call_again(self) -> None:
        try:
            await self.call()
        except OSError:
            self._run.errors += 1
            self.ended.set_result(None)
        else:
            self.ask()

    def close(self) -> None:
        """Hang up."""
        self._transport.close()


def _size(data: bytes) -> int:
    """How long the answer is that begins with `data`; more than it has while that is unknown."""
    head = data.find(b"\r\n\r\n")
    if head < 0:
        return len(data) + 1
    start = data.find(_LENGTH, 0, head) + len(_LENGTH)
    return head + 4 + int(data[start : data.find(b"\r\n", start)])


async def _load(port: int, connections: int, requests: Sequence[bytes], seconds: float) -> Answers:
    run = _Run(requests, seconds)
    opened = [_Connection(run, port) for _ in range(connections)]
    for connection in opened:
        await connection.call()
    busy, begin = time.process_time(), time.perf_counter()
    run.until = begin + seconds
    for connection in opened:
        connection.ask()
    async with asyncio.timeout(seconds + PATIENCE_SECONDS):
        await asyncio.gather(*(connection.ended for connection in opened))
    spent = time.perf_counter() - begin
    busy = time.process_time() - busy
    for connection in opened:
        connection.close()
    return Answers(len(run.latencies), run.errors, spent, run.latencies, busy / spent)


def load(port: int, connections: int, requests: Sequence[bytes], seconds: float) -> Answers:
    """Ask for so many seconds, or until the requests are used up."""
    gc.collect()
    gc.disable()
    try:
        return asyncio.run(_load(port, connections, requests, seconds))
    finally:
        gc.enable()
