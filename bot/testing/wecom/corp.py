"""A stand-in for WeCom: it signs callbacks as the platform does and takes messages as it does.

It refuses what the platform refuses, with the platform's errcodes, and writes everything down.
It serves tests on loopback, the sandbox as a sub-application, and plain scripts that only need
callbacks built.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web
from msgspec import Struct

from bot.channels.wecom_app import WecomAppSettings
from bot.ports import Clock
from bot.testing.wecom.callbacks import CallbackMaker
from bot.testing.wecom.corp_calls import CorpCalls
from bot.testing.wecom.faults import Handler, Refused, json_object, spoil

MEMBER_MESSAGES_A_MINUTE: Final = 30
TOKEN_SECONDS: Final = 7200

_OK: Final = {"errcode": 0, "errmsg": "ok"}
_MESSAGES: Final = {
    0: "ok",
    40001: "invalid credential",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40029: "invalid code",
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


class FakeWecom(CallbackMaker, CorpCalls):
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
        CallbackMaker.__init__(self, corp_id, agent_id, token, encoding_aes_key, clock)
        CorpCalls.__init__(self)
        self.secret = secret
        self.unknown_users = {user.lower() for user in unknown_users}
        self.on_sent = on_sent
        self.delay = 0.0
        self.sent: list[SentMessage] = []
        self.dropped: list[SentMessage] = []
        self._access_token = ""
        self._token_until = datetime.min.replace(tzinfo=UTC)
        self._expired_tokens: set[str] = set()
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

    @property
    def token_calls(self) -> int:
        """How often a token was asked for."""
        return self.calls["gettoken"]

    @property
    def send_calls(self) -> int:
        """How often `message/send` was called."""
        return self.calls["send"]

    def app(self) -> web.Application:
        """A fresh application with all calls, to serve or to mount."""
        app = super().app()
        app.router.add_get("/cgi-bin/gettoken", self.faulty("gettoken", self._gettoken))
        app.router.add_post("/cgi-bin/message/send", self.losing(self.faulty("send", self._send)))
        return app

    def refusal(self, errcode: int) -> Refused:
        """An errcode with the platform's own words."""
        return Refused(errcode, _MESSAGES.get(errcode, "failed"))

    def drop_connection_next(
        self, times: int = 1, *, call: str = "send", delivered: bool = False
    ) -> None:
        """Cut the next connections without an answer; `delivered`: after taking the message."""
        if delivered:
            self._lose_answers += times
        else:
            super().drop_connection_next(times, call=call)

    def expire_token(self) -> None:
        """The present access token stops working before its time."""
        self._expired_tokens.add(self._access_token)
        self._access_token = ""

    async def before(self) -> None:
        """Every answer takes its time."""
        await asyncio.sleep(self.delay)

    async def _gettoken(self, request: web.Request) -> dict[str, Any]:
        return self._issue_token(request.query)

    async def _send(self, request: web.Request) -> dict[str, Any]:
        self.check_token(request)
        return self._take(json_object(await request.read(), 40035))

    def losing(self, handle: Handler) -> Handler:
        """The message is taken, but the answer is lost on its way."""

        async def lose(request: web.Request) -> web.StreamResponse:
            response = await handle(request)
            if self._lose_answers and response.status == 200:
                self._lose_answers -= 1
                return spoil(request, None)
            return response

        return lose

    def _issue_token(self, query: Mapping[str, str]) -> dict[str, Any]:
        if query.get("corpid") != self.corp_id:
            raise self.refusal(40013)
        if query.get("corpsecret") != self.secret:
            raise self.refusal(40001)
        now = self.clock.now()
        if not self._access_token or now >= self._token_until:
            self.expire_token()
            self._access_token = secrets.token_urlsafe(32)
            self._token_until = now + timedelta(seconds=TOKEN_SECONDS)
        left = int((self._token_until - now).total_seconds())
        return {**_OK, "access_token": self._access_token, "expires_in": left}

    def check_token(self, request: web.Request) -> None:
        """Raises `Refused` for a token that is missing, wrong or over."""
        token = request.query.get("access_token", "")
        if not token:
            raise self.refusal(41001)
        if token in self._expired_tokens:
            raise self.refusal(42001)
        if token != self._access_token:
            raise self.refusal(40014)
        if self.clock.now() >= self._token_until:
            raise self.refusal(42001)

    def _take(self, message: dict[str, Any]) -> dict[str, Any]:
        text = self._checked_text(message)
        users = [user for user in str(message.get("touser", "")).split("|") if user]
        unknown = [user.lower() for user in users if user.lower() in self.unknown_users]
        if len(unknown) == len(users):
            raise Refused(81013, _MESSAGES[81013], invaliduser="|".join(unknown))
        msgid = "m" + self.next_number()
        for user in users:
            if user.lower() not in self.unknown_users:
                self._record(SentMessage(user, text, self.clock.now(), msgid))
        return {**_OK, "invaliduser": "|".join(unknown), "msgid": msgid}

    def _checked_text(self, message: dict[str, Any]) -> str:
        if str(message.get("agentid")) != str(self.agent_id):
            raise self.refusal(40056)
        return self.text_in(message)

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
