"""A TCP proxy on loopback that spoils connections: late, cut, half closed, one byte at a time."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from urllib.parse import urlsplit


class Fault(StrEnum):
    """What is done to a connection."""

    NONE = "none"
    DELAY = "delay"
    RESET_BEFORE = "reset before the request"
    RESET_AFTER = "reset after the request"
    HALF_CLOSE = "half-close after the request"
    BYTES = "one byte at a time"


class FaultProxy:
    """Stands before a server. Each new connection draws its fault; `drawn` counts them."""

    def __init__(self, target: str, rng: random.Random, share: float) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._rng = rng
        self._share = share
        self.drawn: Counter[Fault] = Counter()
        self._open: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """The proxy's own address."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        try:
            yield f"http://{host}:{port}"
        finally:
            server.close()
            for task in list(self._open):
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        faults = [fault for fault in Fault if fault is not Fault.NONE]
        fault = self._rng.choice(faults) if self._rng.random() < self._share else Fault.NONE
        self.drawn[fault] += 1
        try:
            with contextlib.suppress(ConnectionError, TimeoutError):
                await self._carry(fault, reader, writer)
        finally:
            await _closed(writer)

    async def _carry(
        self, fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if fault is Fault.RESET_BEFORE:
            writer.transport.abort()
            return
        if fault is Fault.DELAY:
            await asyncio.sleep(self._rng.uniform(0.05, 0.4))
        far_reader, far_writer = await asyncio.open_connection(*self._target)
        try:
            up = asyncio.create_task(self._pump(reader, far_writer, fault is Fault.BYTES))
            await self._answer(fault, far_reader, writer)
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
        finally:
            await _closed(far_writer)

    async def _answer(
        self, fault: Fault, far: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        first = await far.read(65536)  # the platform has taken the request by now
        if fault is Fault.RESET_AFTER:
            writer.transport.abort()
            return
        if fault is Fault.HALF_CLOSE:
            writer.write(first[: len(first) // 2])
            writer.write_eof()
            return
        while first:
            await self._write(writer, first, fault is Fault.BYTES)
            first = await far.read(65536)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, slowly: bool
    ) -> None:
        while data := await reader.read(65536):
            await self._write(writer, data, slowly)

    async def _write(self, writer: asyncio.StreamWriter, data: bytes, slowly: bool) -> None:
        if not slowly:
            writer.write(data)
        else:
            for byte in data:
                writer.write(bytes([byte]))
                await asyncio.sleep(0)
        await writer.drain()


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()
