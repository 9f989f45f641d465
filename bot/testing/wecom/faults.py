"""A server on loopback whose next answers can be spoilt, call by call."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from aiohttp import web

Work = Callable[[web.Request], Awaitable[dict[str, Any]]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """Ends a call with an errcode."""

    def __init__(self, errcode: int, errmsg: str = "failed", **fields: str) -> None:
        super().__init__(errcode)
        self.answer = {"errcode": errcode, "errmsg": errmsg, **fields}


class FaultyServer:
    """Faults are taken in order, one a call. `calls` counts every call, spoilt or not."""

    def __init__(self, *calls: str) -> None:
        self.calls: dict[str, int] = dict.fromkeys(calls, 0)
        self._faults: dict[str, deque[web.Response | None]] = {call: deque() for call in calls}

    def app(self) -> web.Application:
        """A fresh application, to serve or to mount."""
        raise NotImplementedError

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback; yields the base URL."""
        runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    def fail_next(self, errcode: int, times: int = 1, *, call: str = "send") -> None:
        """Answer the next calls with an errcode and do nothing."""
        for _ in range(times):
            self.answer_next(msgspec.json.encode(self.refusal(errcode).answer), call=call)

    def refusal(self, errcode: int) -> Refused:
        """An errcode with the platform's own words."""
        return Refused(errcode)

    def http_error_next(self, status: int, times: int = 1, *, call: str = "send") -> None:
        """Answer the next calls with an HTTP error."""
        for _ in range(times):
            self.answer_next(b"<html>error</html>", status=status, call=call)

    def answer_next(self, body: bytes, *, status: int = 200, call: str = "send") -> None:
        """Answer the next call with these bytes and do nothing."""
        kind = "application/json" if status == 200 else "text/html"
        self._faults[call].append(web.Response(body=body, status=status, content_type=kind))

    def redirect_next(self, location: str, *, call: str = "send") -> None:
        """Send the next call elsewhere, as a captive portal does."""
        response = web.Response(status=302, headers={"Location": location})
        self._faults[call].append(response)

    def drop_connection_next(self, times: int = 1, *, call: str = "send") -> None:
        """Cut the next connections without an answer and do nothing."""
        self._faults[call].extend([None] * times)

    def faulty(
        self, call: str, work: Callable[[web.Request], Awaitable[dict[str, Any]]]
    ) -> Handler:
        """A handler that answers the call's next fault, else what `work` returns."""

        async def handle(request: web.Request) -> web.StreamResponse:
            self.calls[call] += 1
            await self.before()
            if self._faults[call]:
                return spoil(request, self._faults[call].popleft())
            try:
                return web.json_response(await work(request))
            except Refused as refused:
                return web.json_response(refused.answer)

        return handle

    async def before(self) -> None:
        """What every call waits for."""


def json_object(body: bytes, errcode: int) -> dict[str, Any]:
    """A JSON object. Raises `Refused` with `errcode` for anything else."""
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Refused(errcode) from None


def spoil(request: web.Request, response: web.Response | None) -> web.Response:
    """A fault: its response, or a cut connection for None."""
    if response is not None:
        return response
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
