"""A stand-in for WeCom's side of one AI bot: members who talk, the long connection, and media.

It keeps the platform's rules and writes everything down. Sources of the rules are those of
`bot.channels.wecom_aibot`; the errcodes 84xxxx and 85xxxx were seen, not documented. That the
rate limit answers 45009 here too is assumed.
"""

from __future__ import annotations

import itertools
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web

from bot.channels.wecom_aibot.settings import CALLBACK, CONNECTION, WecomAibotSettings
from bot.ports import Clock
from bot.testing.wecom.aibot_callbacks import AibotCallbacks
from bot.testing.wecom.aibot_media import MediaShelf
from bot.testing.wecom.aibot_rules import Errcode, Pushed, Said, words_of
from bot.testing.wecom.aibot_socket import Socket

A_MINUTE: Final = 30
AN_HOUR: Final = 1000
REPLY_WITHIN: Final = timedelta(hours=24)
STREAM_WITHIN: Final = timedelta(minutes=6)
EVENT_WITHIN: Final = timedelta(seconds=5)
UPLOADS: Final = {f"aibot_upload_media_{step}" for step in ("init", "chunk", "finish")}
CONTENT_BYTES: Final = 20_480


class _WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FakeAibot:
    """One AI bot, in both modes.

    Recorded: `said`, `requests` (every frame that came), `subscriptions`. Faults, each for the
    next requests of a command: `refuse_next`, `lose_next` (taken, not acknowledged), `ignore_next`
    (not even taken); for the connection: `mute` (half dead), `close`, `cut`, `kick`.
    """

    def __init__(
        self,
        bot_id: str = "aibFakeBotId",
        secret: str = "fake-secret-of-the-aibot",  # noqa: S107 - opens nothing real
        token: str = "fakeAibotToken",  # noqa: S107
        encoding_aes_key: str = "HaitangHaitangHaitangHaitangHaitangHaitang1",
        *,
        name: str = "海棠管家",
        clock: Clock | None = None,
        on_said: Callable[[Said], None] | None = None,
    ) -> None:
        self.bot_id = bot_id
        self.secret = secret
        self.name = name
        self.clock = clock or _WallClock()
        self.on_said = on_said
        self.base_url = ""
        self.said: list[Said] = []
        self.requests: list[dict[str, Any]] = []
        self.subscriptions: list[dict[str, Any]] = []
        self.muted = False
        self.live: Socket | None = None
        self.callbacks = AibotCallbacks(token, encoding_aes_key, self.clock)
        self.media = MediaShelf(self.clock)
        self._numbers = itertools.count(1)
        self._pushed: dict[str, Pushed] = {}
        self._chats: set[str] = set()
        self._recent: dict[str, deque[datetime]] = {}
        self._refusals: dict[str, deque[int]] = {}
        self._silences: dict[str, deque[bool]] = {}

    def settings(self, mode: str = CONNECTION, area: str = "") -> WecomAibotSettings:
        """Settings with which a channel talks to this stand-in; it must be served already."""
        return WecomAibotSettings(
            mode=mode,
            bot_id=self.bot_id,
            secret="" if mode == CALLBACK else self.secret,
            token=self.callbacks.token if mode == CALLBACK else "",
            encoding_aes_key=self.callbacks.encoding_aes_key if mode == CALLBACK else "",
            names=[self.name],
            base_url=self.base_url,
            connection_url=self.base_url.replace("http", "ws", 1) + "/connect",
            media_origins=["/".join(self.base_url.split("/")[:3])],
            area=area,
        )

    def app(self, base_url: str) -> web.Application:
        """A fresh application, to serve or to mount under `base_url`."""
        self.base_url = base_url
        app = web.Application()
        app.router.add_get("/connect", self._connect)
        app.router.add_get("/media/{number}", self.media.hand_out)
        app.router.add_post("/cgi-bin/aibot/response", self._response)
        return app

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve on loopback; yields the base URL."""
        app = self.app("")
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            self.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            yield self.base_url
        finally:
            await self.cut()
            await runner.cleanup()

    def message(
        self,
        user: str,
        text: str = "",
        *,
        chat: str = "",
        kind: str = "text",
        msgid: str = "",
        **fields: Any,
    ) -> dict[str, Any]:
        """The JSON of a member's message; in a group it mentions the bot, as it must."""
        said = f"@{self.name} {text}" if chat and kind == "text" else text
        body: dict[str, Any] = {
            "msgid": msgid or secrets.token_hex(16),
            "aibotid": self.bot_id,
            "chattype": "group" if chat else "single",
            "from": {"userid": user},
            "msgtype": kind,
        }
        if chat:
            body["chatid"] = chat
        if kind in {"text", "voice"}:
            body[kind] = {"content": said}
        return body | fields

    def event(self, user: str, kind: str, *, chat: str = "", **fields: Any) -> dict[str, Any]:
        """The JSON of something that happened."""
        body = self.message(user, chat=chat, kind="event")
        return body | {
            "create_time": int(self.clock.now().timestamp()),
            "event": {"eventtype": kind, **fields},
        }

    def picture(self, data: bytes, name: str = "", *, sealed: bool = True) -> dict[str, str]:
        """The `image` (or file, video) of a message: an address and, unless the key of the
        callbacks is meant, a key of its own."""
        key = self.media.new_key() if sealed else self.callbacks.encoding_aes_key
        url = self.media.put(self.base_url, data, key, name)
        return {"url": url, "aeskey": key} if sealed else {"url": url}

    def response_url(self, chat: str) -> str:
        """An address that takes one late reply to a group or a member within the hour."""
        return self.callbacks.response_url(self.base_url, chat)

    async def push(self, body: dict[str, Any]) -> Pushed:
        """Bring a message or an event over the live connection; what nobody hears is lost."""
        pushed = Pushed(f"cb{next(self._numbers)}{secrets.token_hex(4)}", body, self.clock.now())
        self._pushed[pushed.req_id] = pushed
        self.know(body)
        if self.live is not None and not self.muted:
            await self.live.push(pushed.req_id, body, is_event=pushed.is_event)
        return pushed

    def know(self, body: dict[str, Any]) -> None:
        """Somebody wrote in this chat: from now on the bot may push there."""
        if body["msgtype"] != "event":
            self._chats.add(str(body.get("chatid") or body["from"]["userid"]))

    def open_chat(self, chat: str) -> None:
        """Somebody wrote there before all this began."""
        self._chats.add(chat)

    def heard(self, chat: str) -> list[str]:
        """What the bot said in a group, or to a member."""
        return [said.text for said in self.said if said.chat == chat]

    def refuse_next(self, cmd: str, errcode: int, times: int = 1) -> None:
        """Answer the next requests of a command with an errcode and do nothing."""
        self._refusals.setdefault(cmd, deque()).extend([errcode] * times)

    def lose_next(self, cmd: str, times: int = 1) -> None:
        """Do what the next requests want and acknowledge nothing."""
        self._silences.setdefault(cmd, deque()).extend([True] * times)

    def ignore_next(self, cmd: str, times: int = 1) -> None:
        """Neither do nor acknowledge the next requests."""
        self._silences.setdefault(cmd, deque()).extend([False] * times)

    async def kick(self, *, half_dead: bool = False) -> None:
        """Somebody else subscribed; `half_dead`: and the socket stays open, as was seen."""
        if self.live is not None:
            socket, self.live = self.live, None
            await socket.kick(half_dead=half_dead)

    async def close(self, code: int = 1000) -> None:
        """End the connection properly."""
        if self.live is not None:
            socket, self.live = self.live, None
            await socket.close(code)

    async def cut(self) -> None:
        """The network breaks: no close frame, nothing."""
        if self.live is not None:
            socket, self.live = self.live, None
            socket.cut()

    async def welcome(self, socket: Socket, body: dict[str, Any]) -> int:
        """A subscription: the errcode. Whoever was live is driven out."""
        self.subscriptions.append(body)
        refusals = self._refusals.get("aibot_subscribe")
        if refusals:
            return refusals.popleft()
        if (body.get("bot_id"), body.get("secret")) != (self.bot_id, self.secret):
            return 853000
        if self.live is not None and self.live is not socket:
            await self.kick()
        self.live = socket
        return 0

    def silence(self, cmd: str) -> bool | None:
        """Whether the next request of a command is done (True) or not (False) in silence."""
        silences = self._silences.get(cmd)
        return silences.popleft() if silences else None

    def do(self, cmd: str, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do what a request wants; what the acknowledgement holds. Raises `Errcode`."""
        refusals = self._refusals.get(cmd)
        if refusals:
            raise Errcode(refusals.popleft())
        match cmd:
            case "aibot_respond_msg":
                self._respond(req_id, body)
            case "aibot_respond_welcome_msg" | "aibot_respond_update_msg":
                self._respond_event(cmd, req_id, body)
            case "aibot_send_msg":
                self._send(body)
            case (
                "aibot_upload_media_init" | "aibot_upload_media_chunk" | "aibot_upload_media_finish"
            ):
                return self.media.upload(cmd.rpartition("_")[2], body)
            case _:
                raise Errcode(40058)
        return {}

    def _respond(self, req_id: str, body: dict[str, Any]) -> None:
        pushed = self._pushed.get(req_id)
        now = self.clock.now()
        if pushed is None or pushed.is_event or now - pushed.at > REPLY_WITHIN:
            raise Errcode(846605)
        if body.get("msgtype") == "stream" and now - pushed.at > STREAM_WITHIN:
            raise Errcode(846608)
        self.record("aibot_respond_msg", pushed.chat, body)

    def _respond_event(self, cmd: str, req_id: str, body: dict[str, Any]) -> None:
        pushed = self._pushed.get(req_id)
        wanted = "enter_chat" if cmd == "aibot_respond_welcome_msg" else "template_card_event"
        if pushed is None or not pushed.is_event or pushed.body["event"]["eventtype"] != wanted:
            raise Errcode(846605)
        if self.clock.now() - pushed.at > EVENT_WITHIN:
            raise Errcode(846608)
        self.record(cmd, pushed.chat, body)

    def _send(self, body: dict[str, Any]) -> None:
        chat = body.get("chatid")
        if chat not in self._chats:
            raise Errcode(93006)
        if body.get("msgtype") in {"text", "stream"}:
            raise Errcode(40008)
        self.record("aibot_send_msg", str(chat), body)

    def record(self, how: str, chat: str, body: dict[str, Any]) -> None:
        """Write down what was said, if the platform would take it. Raises `Errcode`."""
        text = words_of(body)
        if not text.strip():
            raise Errcode(44004)
        if len(text.encode()) > CONTENT_BYTES:
            raise Errcode(45002)
        now = self.clock.now()
        recent = self._recent.setdefault(chat, deque())
        while recent and now - recent[0] >= timedelta(hours=1):
            recent.popleft()
        minute = sum(now - at < timedelta(minutes=1) for at in recent)
        if minute >= A_MINUTE or len(recent) >= AN_HOUR:
            raise Errcode(45009)
        recent.append(now)
        said = Said(how, chat, text, now, body)
        self.said.append(said)
        if self.on_said is not None:
            self.on_said(said)

    async def _connect(self, request: web.Request) -> web.WebSocketResponse:
        return await Socket(self).talk(request)

    async def _response(self, request: web.Request) -> web.Response:
        return await self.callbacks.take_response(request, self)
