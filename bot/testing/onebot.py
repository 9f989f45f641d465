"""A stand-in for a OneBot client: posts signed events, connects to us, does what it is told.

It speaks both versions as their standards have it; tests prove that against another's adapter.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.models import SHANGHAI
from bot.ports import Clock

ME = 10001000
Reply = Mapping[str, Any]


class FakeOnebot:
    """One account. `calls` are the actions it was asked for; `script` are answers to come."""

    def __init__(
        self, clock: Clock, *, version: int = 11, secret: str = "", token: str = "", me: int = ME
    ) -> None:
        self.version = version
        self.me = me
        self.secret = secret
        self.token = token
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.accounts: list[dict[str, str]] = []
        self.script: list[Reply | int] = []
        self.silent = False
        self._clock = clock
        self._numbers = count(1)

    # What it says to us

    def group_message(self, message: object, /, **changes: object) -> dict[str, Any]:
        """Somebody (20002) speaks in a group (30003)."""
        number = next(self._numbers)
        if self.version == 12:
            return {
                "id": f"e{number}",
                "time": self._clock.now().timestamp(),
                "type": "message",
                "detail_type": "group",
                "sub_type": "",
                "self": {"platform": "qq", "user_id": str(self.me)},
                "message_id": f"m{number}",
                "message": _segments12(message),
                "alt_message": "",
                "group_id": "30003",
                "user_id": "20002",
            } | changes
        return {
            "time": int(self._clock.now().timestamp()),
            "self_id": self.me,
            "post_type": "message",
            "message_type": "group",
            "sub_type": "normal",
            "message_id": number,
            "group_id": 30003,
            "user_id": 20002,
            "anonymous": None,
            "message": _segments11(message),
            "raw_message": "",
            "font": 0,
            "sender": {"user_id": 20002, "nickname": "小王", "card": "3幢小王", "role": "member"},
        } | changes

    def private_message(self, message: object, /, **changes: object) -> dict[str, Any]:
        """Somebody (20002) speaks to it alone."""
        event = self.group_message(message)
        del event["group_id"]
        event.pop("anonymous", None)
        kind = "detail_type" if self.version == 12 else "message_type"
        return event | {kind: "private", "sub_type": "friend"} | changes

    def connected(self) -> dict[str, Any]:
        """The first thing it says over a socket."""
        at = self._clock.now().astimezone(SHANGHAI).timestamp()
        if self.version == 12:
            return {
                "id": f"e{next(self._numbers)}",
                "time": at,
                "type": "meta",
                "detail_type": "connect",
                "sub_type": "",
                "version": {"impl": "fake", "version": "1.0", "onebot_version": "12"},
            }
        return {
            "time": int(at),
            "self_id": self.me,
            "post_type": "meta_event",
            "meta_event_type": "lifecycle",
            "sub_type": "connect",
        }

    def heartbeat(self) -> dict[str, Any]:
        """A sign of life."""
        at = self._clock.now().timestamp()
        if self.version == 12:
            return {
                "id": f"e{next(self._numbers)}",
                "time": at,
                "type": "meta",
                "detail_type": "heartbeat",
                "sub_type": "",
                "interval": 5000,
            }
        return {
            "time": int(at),
            "self_id": self.me,
            "post_type": "meta_event",
            "meta_event_type": "heartbeat",
            "status": {"online": True, "good": True},
            "interval": 5000,
        }

    def headers(self, body: bytes) -> dict[str, str]:
        """What goes with a posted event."""
        found = {"Content-Type": "application/json"}
        if self.version == 12:
            found |= {"User-Agent": "OneBot/12 (qq) fake/1.0", "X-OneBot-Version": "12"}
            found["X-Impl"] = "fake"
        else:
            found["X-Self-ID"] = str(self.me)
            if self.secret:
                digest = hmac.new(self.secret.encode(), body, hashlib.sha1).hexdigest()
                found["X-Signature"] = f"sha1={digest}"
        if self.token:
            found["Authorization"] = f"Bearer {self.token}"
        return found

    async def post(
        self, session: aiohttp.ClientSession, url: str, event: object
    ) -> tuple[int, bytes]:
        """Post an event; status and body of the answer."""
        body = json.dumps(event, ensure_ascii=False).encode()
        async with session.post(url, data=body, headers=self.headers(body)) as response:
            return response.status, await response.read()

    @asynccontextmanager
    async def connect(
        self, session: aiohttp.ClientSession, url: str, role: str = "Universal"
    ) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        """A connection to us that says hello and then does what it is told."""
        headers = {"Authorization": f"Bearer {self.token}"}
        protocols = ["12.fake"] if self.version == 12 else []
        if self.version == 11:
            headers |= {"X-Self-ID": str(self.me), "X-Client-Role": role}
        async with session.ws_connect(url, headers=headers, protocols=protocols) as socket:
            await socket.send_json(self.connected())
            work = asyncio.create_task(self._work(socket))
            try:
                yield socket
            finally:
                work.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await work

    # What it is told

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[str]:
        """Its HTTP API on loopback; the base address."""
        app = web.Application()
        app.router.add_post("/{action:.*}", self._api)
        async with TestServer(app) as server:
            yield str(server.make_url("/"))

    @property
    def said(self) -> list[str]:
        """The texts that it was asked to say."""
        return [
            "".join(each["data"]["text"] for each in params["message"] if each["type"] == "text")
            for _, params in self.calls
            if "message" in params
        ]

    async def _work(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            asked = json.loads(frame.data)
            answer = self._do(asked["action"], asked["params"])
            if answer is not None and not isinstance(answer, int):
                await socket.send_json({**answer, "echo": asked["echo"]})

    async def _api(self, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.token and token != self.token:
            return web.Response(status=403 if token else 401)
        if request.content_type != "application/json":
            return web.Response(status=406)
        body = await request.json()
        if self.version == 12:
            self.accounts.append(body.get("self", {}))
            answer = self._do(body["action"], body["params"])
        else:
            answer = self._do(request.match_info["action"], body)
        if isinstance(answer, int):
            return web.Response(status=answer)
        return web.json_response(answer)

    def _do(self, action: str, params: dict[str, Any]) -> Reply | int | None:
        self.calls.append((action, params))
        if self.silent:
            return None
        if self.script:
            return self.script.pop(0)
        number = next(self._numbers)
        if action == "upload_file":
            return {"status": "ok", "retcode": 0, "data": {"file_id": f"f{number}"}, "message": ""}
        data: dict[str, object] = {"message_id": number if self.version == 11 else f"m{number}"}
        if self.version == 12:
            data["time"] = self._clock.now().timestamp()
        return {"status": "ok", "retcode": 0, "data": data, "message": ""}


def _segments11(message: object) -> object:
    if isinstance(message, str) and "[CQ:" not in message:
        return [{"type": "text", "data": {"text": message}}]
    return message


def _segments12(message: object) -> object:
    return [{"type": "text", "data": {"text": message}}] if isinstance(message, str) else message
