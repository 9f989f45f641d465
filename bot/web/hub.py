"""Server-sent events for everyone who has the simulator open."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

MOST_LISTENERS = 100
QUEUE = 200
PING_SECONDS = 20.0


class Hub:
    """Fans messages out; a listener that does not keep up is cut off and reconnects."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes | None]] = set()
        self._closed = False

    def publish(self, message: Mapping[str, Any]) -> None:
        """Show one message to all listeners. Call it in the event loop."""
        data = f"event: message\ndata: {json.dumps(message, ensure_ascii=False)}\n\n".encode()
        for queue in list(self._queues):
            try:
                queue.put_nowait(data)
            except asyncio.QueueFull:
                self._queues.discard(queue)

    def close(self) -> None:
        """End all streams and take no new ones, so that the server can stop."""
        self._closed = True
        for queue in list(self._queues):
            if not queue.full():
                queue.put_nowait(None)
        self._queues.clear()

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Send events until the listener goes away."""
        if self._closed or len(self._queues) >= MOST_LISTENERS:
            raise web.HTTPServiceUnavailable(text="打开的页面太多了，请关掉几个再试。")
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)
        self._queues.add(queue)
        try:
            await response.prepare(request)
            await response.write(b"event: ping\ndata: {}\n\n")
            await self._pump(queue, response)
        except ConnectionResetError:
            pass
        finally:
            self._queues.discard(queue)
        return response

    async def _pump(self, queue: asyncio.Queue[bytes | None], response: web.StreamResponse) -> None:
        while queue in self._queues:
            try:
                async with asyncio.timeout(PING_SECONDS):
                    data = await queue.get()
            except TimeoutError:
                data = b"event: ping\ndata: {}\n\n"
            if data is None:
                return
            await response.write(data)
