"""Where platforms call: verified and stored before the 200 goes out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from functools import partial

import structlog
from aiohttp import web

from bot.engine.engine import Engine
from bot.errors import BadCallback
from bot.metrics import Metrics
from bot.ports import CallbackChannel

log = structlog.get_logger()

BODY_SECONDS = 5.0


class Callbacks:
    """`/callback/wecom_app/{name}`: GET is the URL check, POST a message.

    A refusal is a 4xx with an empty body: the caller learns nothing, the counter goes up.
    """

    def __init__(
        self,
        engine: Engine,
        channels: Mapping[str, CallbackChannel],
        metrics: Metrics,
        max_body: int,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._engine = engine
        self._channels = channels
        self._metrics = metrics
        self._max_body = max_body
        self._body_seconds = body_seconds

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        found: list[web.AbstractRouteDef] = []
        for name, channel in self._channels.items():
            path = f"/callback/{name}"
            found.append(web.get(path, partial(self.verify, channel), allow_head=False))
            found.append(web.post(path, partial(self.receive, channel)))
        other = "/callback/{kind}/{name}"
        return [*found, web.get(other, _unknown, allow_head=False), web.post(other, _unknown)]

    async def verify(self, channel: CallbackChannel, request: web.Request) -> web.Response:
        """Answer the bare plaintext of `echostr`: no quotes, no BOM, no newline."""
        try:
            echo = channel.verify(request.query)
        except BadCallback as error:
            return self._refuse(channel.name, error)
        return web.Response(text=echo, content_type="text/plain")

    async def receive(self, channel: CallbackChannel, request: web.Request) -> web.Response:
        """Store the message and all it causes, then say 200."""
        started = time.perf_counter()
        try:
            incoming = channel.parse(request.query, await self._body(request))
        except BadCallback as error:
            return self._refuse(channel.name, error)
        if incoming is not None:
            # A platform that hangs up undoes nothing: its handler runs on, and what was handed to
            # the writer is committed whoever still waits for it.
            try:
                await self._engine.receive(incoming)
            except Exception as error:
                # Not 200: the platform will bring it again.
                log.exception("message not stored", error=type(error).__name__)
                return web.Response(status=503)
            self._metrics.acknowledged.observe(time.perf_counter() - started)
        return web.Response()

    async def _body(self, request: web.Request) -> bytes:
        if request.content_length is not None and request.content_length > self._max_body:
            raise BadCallback("body too large", 413)
        try:
            if request.content.is_eof():
                return await request.read()
            async with asyncio.timeout(self._body_seconds):
                return await request.read()
        except web.HTTPRequestEntityTooLarge:
            raise BadCallback("body too large", 413) from None
        except TimeoutError:
            raise BadCallback("body too slow", 408) from None
        except (ConnectionError, web.RequestPayloadError):
            raise BadCallback("body cut off or badly encoded", 400) from None

    def _refuse(self, channel: str, error: BadCallback) -> web.Response:
        self._metrics.refused(channel)
        log.warning("callback refused", channel=channel, reason=error.reason)
        return web.Response(status=error.status)


async def _unknown(request: web.Request) -> web.Response:
    raise web.HTTPNotFound(text="")
