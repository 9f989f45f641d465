"""A stand-in for WeCom: it signs callbacks as the platform does and takes messages as it does.

It refuses what the platform refuses, with the platform's errcodes, and writes everything down.
It serves tests on loopback, the sandbox as a sub-application, and plain scripts that only need
callbacks built.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from aiohttp import web
from msgspec import Struct

from bot.channels.wecom_app import WecomAppSettings
from bot.ports import Clock
from bot.testing.wecom.callbacks import CallbackMaker

TEXT_LIMIT_BYTES: Final = 2048
MEMBER_MESSAGES_A_MINUTE: Final = 30
TOKEN_SECONDS: Final = 7200

_MESSAGES: Final = {
    0: "ok",
    40001: "invalid credential",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40035: "invalid parameter",
    40056: "invalid agentid",
    41001: "access_token missing",
    42001: "access_token expired",
    44004: "empty content",
    45002: "content size out of limit",
    60020: "not allow to access from your ip, hint: [0], from ip: 192.0.2.7",
    81013: "user & party & tag all invalid",
}


class SentMessage(Struct, frozen=True):
    """A message that the stand-in took for one member."""

    to: str
    text: str
    at: datetime
    msgid: str


class _Refused(Exception):
    """Ends a call with an errcode."""

    def __init__(self, errcode: int, **fields: str) -> None:
        super().__init__(errcode)
        self.answer = {"errcode": errcode, "errmsg": _MESSAGES.get(errcode, "failed"), **fields}


class FakeWecom(CallbackMaker):
    """One corporation with one self-built app.

    Recorded: `sent`, `dropped` (over the member's limit, as silently as the real one does it),
    `token_calls`, `send_calls`. Faults: `fail_next`, `http_error_next`, `answer_next`,
    `redirect_next`, `drop_connection_next`, `expire_token`, and `delay` in seconds before each
    answer.
    """

    def __init__(
        self,
        corp_id: str = "ww00000000haitang",
        agent_id: int = 1000002,
        secret: str = "fake-secret-of-the-stand-in",  # noqa: S107 - opens nothing real
        token: str = "fakeToken",  # noqa: S107
        encoding_aes_key: str = "HaitangHaitangHaitangHaitangHaitangHaitang0",
        *,
        unknown_users: Iterable[str] = (),
        clock: Clock | None = None,
        on_sent: Callable[[SentMessage], None] | None = None,
    ) -> None:
        super().__init__(corp_id, agent_id, token, encoding_aes_key, clock)
        self.secret = secret
        self.unknown_users = {user.lower() for user in unknown_users}
        self.on_sent = on_sent
        self.delay = 0.0
        self.sent: list[SentMessage] = []
        self.dropped: list[SentMessage] = []
        self.token_calls = 0
        self.send_calls = 0
        self._access_token = ""
        self._token_until = datetime.min.replace(tzinfo=UTC)
        self._expired_tokens: set[str] = set()
        self._faults: dict[str, deque[web.Response | None]] = {"gettoken": deque(), "send": deque()}
        self._lose_answers = 0
        self._recent: dict[str, deque[datetime]] = {}

    def settings(self, base_url: str) -> WecomAppSettings:
        """Settings with which a `WecomAppChannel` talks to this stand-in."""
        return WecomAppSettings(
            corp_id=self.corp_id,
            agent_id=self.agent_id,
            secret=self.secret,
            token=self.token,
            encoding_aes_key=self.encoding_aes_key,
            base_url=base_url,
        )

    def app(self) -> web.Application:
        """A fresh application with both calls, to serve or to mount."""
        app = web.Application()
        app.router.add_get("/cgi-bin/gettoken", self._gettoken)
        app.router.add_post("/cgi-bin/message/send", self._send)
        return app

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
        """Answer the next calls (`send` or `gettoken`) with an errcode and do nothing."""
        for _ in range(times):
            self.answer_next(msgspec.json.encode(_Refused(errcode).answer), call=call)

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

    def drop_connection_next(
        self, times: int = 1, *, call: str = "send", delivered: bool = False
    ) -> None:
        """Cut the next connections without an answer; `delivered`: after taking the message."""
        if delivered:
            self._lose_answers += times
        else:
            self._faults[call].extend([None] * times)

    def expire_token(self) -> None:
        """The present access token stops working before its time."""
        self._expired_tokens.add(self._access_token)
        self._access_token = ""

    async def _gettoken(self, request: web.Request) -> web.StreamResponse:
        self.token_calls += 1
        await asyncio.sleep(self.delay)
        if self._faults["gettoken"]:
            return _fault(request, self._faults["gettoken"].popleft())
        try:
            return web.json_response(self._issue_token(request.query))
        except _Refused as refused:
            return web.json_response(refused.answer)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        self.send_calls += 1
        await asyncio.sleep(self.delay)
        if self._faults["send"]:
            return _fault(request, self._faults["send"].popleft())
        try:
            self._check_token(request.query.get("access_token", ""))
            answer = self._take(_json_object(await request.read()))
        except _Refused as refused:
            return web.json_response(refused.answer)
        if self._lose_answers:
            self._lose_answers -= 1
            return _fault(request, None)
        return web.json_response(answer)

    def _issue_token(self, query: Mapping[str, str]) -> dict[str, Any]:
        if query.get("corpid") != self.corp_id:
            raise _Refused(40013)
        if query.get("corpsecret") != self.secret:
            raise _Refused(40001)
        now = self.clock.now()
        if not self._access_token or now >= self._token_until:
            self.expire_token()
            self._access_token = secrets.token_urlsafe(32)
            self._token_until = now + timedelta(seconds=TOKEN_SECONDS)
        left = int((self._token_until - now).total_seconds())
        return {**_Refused(0).answer, "access_token": self._access_token, "expires_in": left}

    def _check_token(self, token: str) -> None:
        if not token:
            raise _Refused(41001)
        if token in self._expired_tokens:
            raise _Refused(42001)
        if token != self._access_token:
            raise _Refused(40014)
        if self.clock.now() >= self._token_until:
            raise _Refused(42001)

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        text = self._checked_text(message)
        users = [user for user in str(message.get("touser", "")).split("|") if user]
        unknown = [user.lower() for user in users if user.lower() in self.unknown_users]
        if len(unknown) == len(users):
            raise _Refused(81013, invaliduser="|".join(unknown))
        msgid = "m" + self.next_number()
        for user in users:
            if user.lower() not in self.unknown_users:
                self._record(SentMessage(user, text, self.clock.now(), msgid))
        return {**_Refused(0).answer, "invaliduser": "|".join(unknown), "msgid": msgid}

    def _checked_text(self, message: dict[str, Any]) -> str:
        if str(message.get("agentid")) != str(self.agent_id):
            raise _Refused(40056)
        if message.get("msgtype") != "text":
            raise _Refused(40008)
        part = message.get("text")
        text = part.get("content") if isinstance(part, dict) else None
        if not isinstance(text, str):
            raise _Refused(40035)
        if not text:
            raise _Refused(44004)
        if len(text.encode()) > TEXT_LIMIT_BYTES:
            raise _Refused(45002)
        return text

    def _record(self, message: SentMessage) -> None:
        recent = self._recent.setdefault(message.to.lower(), deque())
        while recent and message.at - recent[0] >= timedelta(minutes=1):
            recent.popleft()
        if len(recent) >= MEMBER_MESSAGES_A_MINUTE:
            self.dropped.append(message)
            return
        recent.append(message.at)
        self.sent.append(message)
        if self.on_sent is not None:
            self.on_sent(message)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _Refused(40035) from None


def _fault(request: web.Request, response: web.Response | None) -> web.Response:
    if response is not None:
        return response
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
