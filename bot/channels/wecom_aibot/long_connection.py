"""An AI bot over a connection of our own: it hears what mentions it, answers, and may push."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog

from bot.channels.files import Files
from bot.channels.wecom_aibot import body as bodies
from bot.channels.wecom_aibot import frames, upload, ways, words
from bot.channels.wecom_aibot.codes import STALE, check
from bot.channels.wecom_aibot.connection import Connection
from bot.channels.wecom_aibot.frames import Frame
from bot.channels.wecom_aibot.incoming import Reader
from bot.channels.wecom_aibot.media import Media
from bot.channels.wecom_aibot.pulse import DOWN, End, State
from bot.channels.wecom_aibot.settings import WecomAibotSettings
from bot.channels.wecom_aibot.timing import DEFAULT, Timing
from bot.channels.wecom_aibot.ways import Token, Ways
from bot.errors import BadCallback, SendDeferred, SendError, SendRefused, SendUncertain
from bot.models import (
    Attachment,
    File,
    Image,
    Incoming,
    Markdown,
    MarkdownV2,
    MediaKind,
    Outgoing,
    Voice,
)
from bot.ports import Clock, Fetched, Rate, Trouble

log = structlog.get_logger()

# The platform takes 30 a minute and 1,000 an hour in one chat, replies and pushes together. The
# distance leaves room for long texts, which count once here and several times there.
RATES: Final = (Rate(25, 60.0), Rate(900, 3600.0))
MAX_WAITING: Final = 2000
STORE_PAUSE: Final = 1.0
LONGEST_PATIENCE: Final = 300.0
_MOST_USED: Final = 10_000
_SINGLE, _GROUP = 1, 2
_COMMANDS: Final = {
    ways.MESSAGE: frames.RESPOND,
    ways.WELCOME: frames.WELCOME,
    ways.CARD: frames.UPDATE_CARD,
}

_KINDS: Final = {Image: MediaKind.IMAGE, File: MediaKind.FILE, Voice: MediaKind.VOICE}

Receive = Callable[[Incoming], Awaitable[object]]


class LongConnectionChannel:
    """Implements `Channel`, `ListeningChannel`, `MediaChannel`, `WatchedChannel`, `FileSender`."""

    def __init__(
        self, name: str, settings: WecomAibotSettings, clock: Clock, timing: Timing = DEFAULT
    ) -> None:
        self.name = name
        self.rate = RATES
        self.files: Files | None = None
        self.on_trouble: Callable[[Trouble], None] = lambda trouble: None
        self.on_connected: Callable[[bool], None] = lambda connected: None
        self.on_refused: Callable[[], None] = lambda: None
        self._clock = clock
        self._bot_id = settings.bot_id
        self._reader = Reader(name, settings.names, Ways(answerable=False))
        self._media = Media(settings.media_origins)
        self._waiting: asyncio.Queue[Incoming] = asyncio.Queue(MAX_WAITING)
        self._used: OrderedDict[str, None] = OrderedDict()
        self.connection = Connection(
            name,
            settings.connection_url,
            settings.bot_id,
            settings.secret,
            on_frame=self._heard,
            timing=timing,
        )
        self.connection.on_state = self._changed
        self.connection.on_bad = self._refuse
        self._in_trouble = False

    async def start(self) -> None:
        """Open what listening and fetching need."""
        await self.connection.open()
        await self._media.open()

    async def stop(self) -> None:
        """Close it again."""
        await self.connection.close()
        await self._media.close()

    async def listen(self, receive: Receive) -> None:
        """Keep the connection and hand every message to `receive`, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.connection.run(), name=f"connection {self.name}")
            group.create_task(self._hand_on(receive), name=f"messages {self.name}")

    def resume(self) -> None:
        """Connect again although somebody else has the bot, or after the secret was mended."""
        self.connection.resume()

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes of an attachment, decrypted. Raises `SendRefused` or `SendDeferred`."""
        return await self._media.fetch(attachment.ref, attachment.key, limit)

    async def upload(self, kind: MediaKind, name: str, data: bytes) -> str:
        """Hand a file over; its media_id. Raises `SendRefused` or `SendDeferred`."""
        return await upload.upload(self.connection.ask, kind, name, data)

    async def send(self, outgoing: Outgoing) -> str:
        """Answer a message, or push; the platform gives no ids.

        A reply goes the way of its message as long as that is open: once, and in one piece.
        Raises `SendRefused`, `SendDeferred` or `SendUncertain`.
        """
        try:
            await self._say(outgoing)
        except SendDeferred as error:
            if self.connection.state is State.LIVE:
                raise
            raise SendDeferred(str(error), after=self._patience(outgoing.attempts)) from None
        return ""

    async def _say(self, outgoing: Outgoing) -> None:
        match outgoing.rich:
            case Image() | File() | Voice() as rich if self.files is not None:
                await self._send_file(outgoing, rich, self.files)
                return
            case Markdown() | MarkdownV2() as rich:
                parts = words.shown(rich.text, outgoing.mentions)
            case _:
                parts = words.pieces(outgoing.text, outgoing.mentions)
        if not parts:
            raise SendRefused("消息内容是空的")
        replied = await self._reply(outgoing, parts[0])
        for number, part in enumerate(parts, start=1):
            if number == 1 and replied:
                continue
            try:
                await self.push(outgoing.chat, outgoing.user, words.markdown(part))
            except SendError as error:
                if number == 1:
                    raise
                # Sending all again would say the first part twice.
                reason = f"共{len(parts)}段，第{number}段起没有确认送达：{error}"
                raise SendUncertain(reason) from None

    async def _send_file(
        self, outgoing: Outgoing, rich: Image | File | Voice, files: Files
    ) -> None:
        kind = _KINDS[type(rich)]
        name = rich.name if isinstance(rich, File) else rich.ref
        media_id = await self.upload(kind, name, await files.read(rich.ref))
        message = {"msgtype": kind.value, kind.value: {"media_id": media_id}}
        await self.push(outgoing.chat, outgoing.user, message)

    async def push(self, chat: str, user: str, message: dict[str, Any]) -> None:
        """Send a message of the platform's own form to a group, or to one person.

        Somebody must have written to the bot there before. Raises as `send` does.
        """
        to = {"chatid": chat or user, "chat_type": _GROUP if chat else _SINGLE}
        frame = await self._ask(frames.PUSH, to | message)
        check(frame.errcode)

    async def _reply(self, outgoing: Outgoing, text: str) -> bool:
        """Whether the reply went the way of its message; False: that way is closed."""
        token = ways.read(outgoing.reply_token)
        if token is None or not token.handle or not self._take(token.handle):
            return False
        frame = await self._ask(
            _COMMANDS[token.kind], _reply_body(token, outgoing, text), token.handle
        )
        if frame.errcode in STALE or (frame.errcode != 0 and token.kind != ways.MESSAGE):
            return False
        check(frame.errcode)
        return True

    async def _ask(self, cmd: str, body: dict[str, Any], req_id: str = "") -> Frame:
        try:
            return await self.connection.ask(cmd, body, req_id)
        except SendDeferred:
            if req_id:
                self._used.pop(req_id, None)  # it never left: the way is still open
            raise

    def _patience(self, attempts: int) -> float:
        """Seconds until a row that found no connection is tried again: ten minutes in all, and
        half an hour where somebody has to look first."""
        down = self.connection.state in DOWN
        return LONGEST_PATIENCE if down else min(LONGEST_PATIENCE, 5.0 * 2.0**attempts)

    def _take(self, handle: str) -> bool:
        """A message is answered once on its own way; whatever else is said to it is pushed."""
        if handle in self._used:
            return False
        self._used[handle] = None
        if len(self._used) > _MOST_USED:
            self._used.popitem(last=False)
        return True

    def _heard(self, frame: Frame) -> None:
        try:
            body = bodies.read(frame.body)
            bodies.check(body, self._bot_id)
            incoming = self._reader.incoming(body, frame.req_id, self._clock.now())
        except BadCallback as error:
            self._refuse(error)
            return
        if incoming is None:
            return
        try:
            self._waiting.put_nowait(incoming)
        except asyncio.QueueFull:
            log.error("message dropped, too many wait to be stored", channel=self.name)

    def _refuse(self, error: BadCallback) -> None:
        log.warning("frame refused", channel=self.name, reason=error.reason)
        self.on_refused()

    async def _hand_on(self, receive: Receive) -> None:
        """In order; the platform repeats nothing, so what cannot be stored now is tried again."""
        while True:
            incoming = await self._waiting.get()
            await self._store(receive, incoming)

    async def _store(self, receive: Receive, incoming: Incoming) -> None:
        while True:
            try:
                await receive(incoming)
                return
            except Exception as error:
                log.error("message not stored yet", channel=self.name, error=type(error).__name__)
            await asyncio.sleep(STORE_PAUSE)

    def _changed(self, state: State, end: End | None) -> None:
        self.on_connected(state is State.LIVE)
        if state is State.LIVE:
            log.info("long connection is up", channel=self.name)
            self._in_trouble = False
            return
        if end in {End.CLOSED, End.SILENT}:
            log.info("long connection ended", channel=self.name, reason=end.value)
        elif end is not None:
            log.warning("long connection ended", channel=self.name, reason=end.value)
        trouble = _TROUBLES.get(state)
        if state is State.TRYING and self.connection.failures >= self.connection.timing.alarm_after:
            trouble = Trouble.LOST
        if trouble is not None and not self._in_trouble:
            self._in_trouble = True
            log.error("long connection needs somebody", channel=self.name, trouble=trouble.value)
            self.on_trouble(trouble)


def _reply_body(token: Token, outgoing: Outgoing, text: str) -> dict[str, Any]:
    if token.kind == ways.WELCOME:
        return words.welcome(outgoing.text)
    if token.kind == ways.CARD:
        return words.card_update(token.task, outgoing.text)
    return words.stream(outgoing.id, text, feedback=outgoing.id)


_TROUBLES: Final = {State.KICKED: Trouble.KICKED, State.REFUSED: Trouble.REFUSED}
