"""Where platforms call: verified and stored before the 200 goes out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from functools import partial

import structlog
from aiohttp import web

from bot.engine.answers import Answers
from bot.engine.engine import Engine, Receipt
from bot.errors import BadCallback
from bot.metrics import Metrics
from bot.models import Delivery, Incoming, Outgoing
from bot.ports import AnsweringChannel, CallbackChannel, CallbackRequest, RidingChannel

log = structlog.get_logger()

BODY_SECONDS = 5.0


class Callbacks:
    """`/callback/{kind}/{name}`: GET is the URL check, POST a message.

    A channel whose platform signs nothing has a secret behind its name: `/callback/…/{secret}`.

    A refusal is a 4xx with an empty body: the caller learns nothing, the counter goes up.
    """

    def __init__(
        self,
        engine: Engine,
        answers: Answers,
        channels: Mapping[str, CallbackChannel],
        metrics: Metrics,
        max_body: int,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._engine = engine
        self._answers = answers
        self._channels = channels
        self._metrics = metrics
        self._max_body = max_body
        self._body_seconds = body_seconds

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        found: list[web.AbstractRouteDef] = []
        for name, channel in self._channels.items():
            path = f"/callback/{name}"
            for each in (path, path + "/{tail}"):
                found.append(web.get(each, partial(self.verify, channel), allow_head=False))
                found.append(web.post(each, partial(self.receive, channel)))
        for other in ("/callback/{kind}/{name}", "/callback/{kind}/{name}/{tail}"):
            found.append(web.get(other, _unknown, allow_head=False))
            found.append(web.post(other, _unknown))
        return found

    async def verify(self, channel: CallbackChannel, request: web.Request) -> web.Response:
        """Answer the bare plaintext of `echostr`: no quotes, no BOM, no newline."""
        try:
            echo = channel.verify(_as_request(request))
        except BadCallback as error:
            return self._refuse(channel.name, error)
        return web.Response(text=echo, content_type="text/plain")

    async def receive(self, channel: CallbackChannel, request: web.Request) -> web.StreamResponse:
        """Store the message and all it causes, then say 200."""
        started = time.perf_counter()
        try:
            asked = _as_request(request, await self._body(request))
            incoming = channel.parse(asked)
        except BadCallback as error:
            return self._refuse(channel.name, error)
        receipt = None
        if incoming is not None:
            # A platform that hangs up undoes nothing: its handler runs on, and what was handed to
            # the writer is committed whoever still waits for it.
            try:
                receipt = await self._engine.receive(incoming)
            except Exception as error:
                # Not 200: the platform will bring it again.
                self._metrics.unstored(channel.name)
                log.exception("message not stored", error=type(error).__name__)
                return web.Response(status=503)
        response = await self._respond(channel, request, asked, incoming, receipt)
        if incoming is not None:
            self._metrics.acknowledged.observe(time.perf_counter() - started)
        return response

    async def _respond(
        self,
        channel: CallbackChannel,
        request: web.Request,
        asked: CallbackRequest,
        incoming: Incoming | None,
        receipt: Receipt | None,
    ) -> web.StreamResponse:
        """An empty 200, or with the reply in it where the platform takes it there."""
        if not isinstance(channel, AnsweringChannel):
            return web.Response()
        rows: Sequence[Outgoing] = ()
        if incoming is not None and receipt is not None and incoming.answerable:
            ride = isinstance(channel, RidingChannel) and channel.rides_along
            rows = await self._answers.take(incoming, receipt, ride=ride)
        answer = channel.answer(asked, incoming, rows)
        response = web.Response(body=answer.body, content_type=answer.content_type, charset="utf-8")
        state = Delivery.SENT
        try:
            await response.prepare(request)
            await response.write_eof()
        except ConnectionError:
            state = Delivery.UNCERTAIN
        if receipt is not None and not receipt.duplicate and rows:
            # The platform may hang up as soon as it has its answer: that must not stop the writing.
            await asyncio.shield(self._answers.settle(rows, answer.carried, state, receipt.message))
        return response

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


def _as_request(request: web.Request, body: bytes = b"") -> CallbackRequest:
    return CallbackRequest(
        query=request.query,
        body=body,
        headers=request.headers,
        tail=request.match_info.get("tail", ""),
    )


async def _unknown(request: web.Request) -> web.Response:
    raise web.HTTPNotFound(text="")
