"""群聊模拟器: the page and its API. It speaks to the engine through a channel like any other."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Awaitable, Callable
from importlib.resources import files
from pathlib import Path

from aiohttp import web
from msgspec import DecodeError, Struct, json

from bot.community import Community, PersonEntry
from bot.engine.engine import Engine, Receipt
from bot.errors import SendRefused
from bot.models import Attachment, Incoming, Outgoing
from bot.rules.permissions import ROLE_NAMES
from bot.web.hub import Hub
from bot.web.sandbox_view import (
    AIBOT_GROUP,
    ChatKeys,
    aibot_rows,
    answered,
    chat_rows,
    explanation,
    history,
    said,
)

STATIC = Path(str(files("bot.web").joinpath("static")))
LONGEST = 20_000
WECOM_LONGEST = 2_000
MOST = 500
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
UNREADABLE = (
    DecodeError,
    UnicodeDecodeError,
    ConnectionError,
    web.RequestPayloadError,
    web.HTTPRequestEntityTooLarge,
)
ARRIVES_WITHIN = 5.0
GUARD = "X-Haitang-Sandbox"
Post = Callable[[str, str, str], Awaitable[None]]
Read = Callable[[str], Awaitable[bytes]]
GONE = "没有这张图。"
Put = Callable[[bytes, str], Awaitable[Attachment]]
PICTURE_BYTES = 8 * 1024 * 1024
MOST_BYTES = PICTURE_BYTES * 4 // 3 + 64 * 1024


class Picture(Struct, forbid_unknown_fields=True):
    """A picture that goes with what is said; `data` travels as base64."""

    name: str
    data: bytes


class Say(Struct, forbid_unknown_fields=True):
    """What the page posts: who says what where; `id` makes a repeat harmless."""

    who: str
    chat: str
    text: str
    mention: bool = False
    id: str = ""
    picture: Picture | None = None


class Sandbox:
    """Everything below `/sandbox`. `post_wecom` sends a real encrypted callback, `post_aibot` a
    frame over a real long connection."""

    def __init__(self, engine: Engine, community: Community, keys: ChatKeys, version: str) -> None:
        self._engine = engine
        self._community = community
        self._keys = keys
        self._version = version
        self._bot = engine.knowledge.names[0]
        self._files = {p.name: p for p in (STATIC / "sandbox").iterdir() if p.suffix in KINDS}
        self.hub = Hub()
        self.post_wecom: Post | None = None
        self.post_aibot: Post | None = None
        self.has_console = False
        self.put_picture: Put | None = None
        self.read_file: Read | None = None

    def routes(self) -> list[web.AbstractRouteDef]:
        """To be added to the application."""
        return [
            web.get("/sandbox", self.page),
            web.get("/sandbox/", self.page),
            web.get("/sandbox/api/community", self.community),
            web.get("/sandbox/api/messages", self.messages),
            web.get("/sandbox/api/trace", self.trace),
            web.get("/sandbox/api/events", self.hub.stream),
            web.post("/sandbox/api/say", self.say),
            web.get("/sandbox/static/{name}", self.file),
            web.get("/sandbox/pictures/{ref:[0-9a-f]{64}(?:\\.small)?}", self.picture),
        ]

    async def page(self, request: web.Request) -> web.FileResponse:
        """The page itself."""
        return web.FileResponse(STATIC / "sandbox" / "index.html")

    async def file(self, request: web.Request) -> web.FileResponse:
        """One of the page's own files, looked up by name: no path is ever built from a request."""
        found = self._files.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound(text="没有这个文件。")
        return web.FileResponse(found, headers={"Content-Type": KINDS[found.suffix]})

    async def picture(self, request: web.Request) -> web.Response:
        """A picture that the bot said, by its name in the vault."""
        if self.read_file is None:
            raise web.HTTPNotFound(text=GONE)
        try:
            data = await self.read_file(request.match_info["ref"])
        except SendRefused:
            raise web.HTTPNotFound(text=GONE) from None
        kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
        return web.Response(body=data, content_type=kind)

    async def community(self, request: web.Request) -> web.Response:
        """Who is there and which chats there are."""
        chats = await self._engine.database.read(chat_rows, self._community, self._keys)
        more: list[str] = []
        if self.post_aibot is not None:
            chats += await self._engine.database.read(aibot_rows, self._community, self._keys)
            more = [AIBOT_GROUP]
        return _json(
            {
                "bot": self._bot,
                "community": self._community.community.name,
                "street": self._community.community.street,
                "version": self._version,
                "wecom": self.post_wecom is not None,
                "console": self.has_console,
                "people": [
                    {
                        "user": person.user,
                        "name": person.name,
                        "role": person.role.value,
                        "role_name": ROLE_NAMES[person.role],
                        "area": person.area,
                        "area_name": person.area.rpartition("/")[2],
                        "chats": [*person.groups, *more],
                    }
                    for person in self._community.people
                ],
                "chats": chats,
            }
        )

    async def messages(self, request: web.Request) -> web.Response:
        """The newest messages of a chat."""
        key = request.query.get("chat", "")
        limit = request.query.get("limit", "60")
        address = self._keys.address(key)
        few = limit.isdecimal() and len(limit) <= 6 and 1 <= int(limit) <= MOST
        if not few or not any(address[1:]) or not _is_text(key):
            return _fault(f"请说明要看哪个会话（chat），条数（limit）在1到{MOST}之间。")
        rows = await self._engine.database.read(history, key, address, self._bot, int(limit))
        return _json({"messages": rows})

    async def trace(self, request: web.Request) -> web.Response:
        """Why a message was answered, or why not."""
        message = request.query.get("message", "")
        taxonomy = self._engine.knowledge.taxonomy
        found = None
        if _is_text(message):
            found = await self._engine.database.read(explanation, message, taxonomy)
        return _fault("找不到这条消息的记录。", 404) if found is None else _json(found)

    async def say(self, request: web.Request) -> web.Response:
        """Speak as somebody."""
        if request.headers.get(GUARD) != "1":
            return _fault("请从模拟器页面发送。", 403)
        try:
            body = await request.clone(client_max_size=MOST_BYTES).read()
            words = json.decode(body, type=Say)
        except UNREADABLE:
            return _fault("消息太长，或格式不对。")
        fault = self._fault(words)
        if fault:
            return _fault(fault)
        channel, chat, _ = self._keys.address(words.chat)
        through_wecom = self._keys.is_wecom(words.chat)
        incoming = Incoming(
            channel=channel,
            chat=chat,
            sender=words.who,
            message_id=_message_id(words.id or uuid.uuid4().hex, through_wecom),
            text=words.text,
            sent_at=self._engine.clock.now(),
            mentioned=words.mention,
            chat_name=next((g.name for g in self._community.groups if g.chat == chat), ""),
            attachments=await self._attached(words.picture),
        )
        if through_wecom and self.post_wecom is not None:
            await self.post_wecom(words.who, words.text, incoming.message_id)
        elif words.chat == AIBOT_GROUP and self.post_aibot is not None:
            await self.post_aibot(words.who, words.text, incoming.message_id)
            await self._arrival(incoming)
        else:
            await self._engine.receive(incoming)
        message = await self._engine.database.read(lambda store: store.inbox.find(incoming))
        if not message:
            return _fault("这条消息没有收下，请再发一次；还是不行就看一下服务日志。", 502)
        return _json({"id": message})

    async def _attached(self, picture: Picture | None) -> tuple[Attachment, ...]:
        if picture is None or self.put_picture is None:
            return ()
        return (await self.put_picture(picture.data, picture.name[:80]),)

    async def _arrival(self, incoming: Incoming) -> None:
        """A frame is not acknowledged: wait until it is stored, but not for ever."""
        for _ in range(int(ARRIVES_WITHIN * 50)):
            if await self._engine.database.read(lambda store: store.inbox.find(incoming)):
                return
            await asyncio.sleep(0.02)

    async def show(self, incoming: Incoming, receipt: Receipt) -> None:
        """A message was stored: show it to everyone who is looking."""
        key = self._keys.key(incoming.channel, incoming.chat, incoming.sender)
        if key is None:
            return
        who = await self._engine.database.read(
            lambda store: store.people.person(incoming.channel, incoming.sender)
        )
        self.hub.publish(said(key, receipt.message, incoming, who, receipt.outcome))

    def show_sent(self, row: Outgoing) -> None:
        """The bot spoke: show it."""
        key = self._keys.key(row.channel, row.chat, row.user)
        if key is not None:
            self.hub.publish(answered(key, row, self._bot, self._engine.clock.now()))

    def _fault(self, words: Say) -> str:
        """Why these words cannot be said, in one sentence; empty when they can."""
        speaker = next((p for p in self._community.people if p.user == words.who), None)
        if speaker is None:
            return "没有这个人，请在「谁在说话」里选一个。"
        longest = WECOM_LONGEST if self._keys.is_wecom(words.chat) else LONGEST
        if len(words.text) > longest or len(words.id) > 64:
            return f"太长了，请控制在{longest}字以内。"
        if words.picture is not None:
            if len(words.picture.data) > PICTURE_BYTES:
                return f"照片太大了，请选 {PICTURE_BYTES // 1024 // 1024} MB 以内的。"
            if self._keys.is_wecom(words.chat) or words.chat == AIBOT_GROUP:
                return "照片请在普通群或私聊里试，这两个模拟的企业微信会话只收文字。"
        if not words.text.strip():
            return "还没写内容。"
        return self._chat_fault(words, speaker)

    def _chat_fault(self, words: Say, speaker: PersonEntry) -> str:
        """Why this person cannot speak in this chat."""
        _, chat, user = self._keys.address(words.chat)
        if not (chat or user) or (self._keys.is_wecom(words.chat) and self.post_wecom is None):
            return "没有这个会话。"
        if words.chat == AIBOT_GROUP:
            return self._aibot_fault(words)
        if chat and chat not in speaker.groups:
            return f"{speaker.name}不在这个群里，请换个人说，或换个群。"
        if user and user != words.who:
            return "私聊只能由本人说话，请先切换「谁在说话」。"
        return ""

    def _aibot_fault(self, words: Say) -> str:
        if self.post_aibot is None:
            return "没有这个会话。"
        if not words.mention:
            return "企业微信只把 @ 机器人的话交给它，没 @ 的它听不到。请打开 @ 再说。"
        return ""


def _message_id(id_: str, through_wecom: bool) -> str:
    """The page's own id. WeCom numbers its messages: there the same id gives the same number."""
    if not through_wecom:
        return id_
    return str(int.from_bytes(hashlib.sha256(id_.encode()).digest()[:8], "big"))


def _is_text(text: str) -> bool:
    """Whether the database can look for it: an address may hold half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _json(data: object, status: int = 200) -> web.Response:
    return web.Response(
        body=json.encode(data), status=status, content_type="application/json", charset="utf-8"
    )


def _fault(sentence: str, status: int = 400) -> web.Response:
    return _json({"error": sentence}, status)
