"""Doing something on a page is saying it: a command that takes the way of every message."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from msgspec import Struct

from bot.channels.console import ConsoleChannel
from bot.engine.answers import Answers
from bot.engine.engine import Engine
from bot.models import Attachment, Delivery, Incoming, MediaKind, Outcome
from bot.services.sign_in import Entered
from bot.web.console.forms import Upload

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".heic")
HELD_BACK = "消息太多，已经收下，稍后按顺序办理。"


class Said(Struct, frozen=True):
    """What was said: our id of the message, and what the bot replied."""

    message: str
    reply: str


class Speaker:
    """Says something in the name of somebody who is in, and hears the reply."""

    def __init__(self, engine: Engine, answers: Answers, channel: ConsoleChannel) -> None:
        self._engine = engine
        self._answers = answers
        self._channel = channel

    async def say(self, entered: Entered, text: str, files: Sequence[Upload] = ()) -> str:
        """Say it, as in a private chat; returns what the bot replies, empty when nothing."""
        return (await self.say_as(entered.account.id, text, files)).reply

    async def say_as(self, user: str, text: str, files: Sequence[Upload] = ()) -> Said:
        """The same in the name of anybody on this channel."""
        incoming = Incoming(
            channel=self._channel.name,
            chat="",
            sender=user,
            message_id=uuid.uuid4().hex,
            text=text,
            sent_at=self._engine.clock.now(),
            attachments=tuple([await self._put(each) for each in files]),
            answerable=True,
        )
        receipt = await self._engine.receive(incoming)
        if receipt.outcome is Outcome.QUEUED:
            return Said(receipt.message, HELD_BACK)
        rows = await self._answers.take(incoming, receipt)
        carried = {row.id for row in rows}
        await self._answers.settle(rows, carried, Delivery.SENT, receipt.message)
        return Said(receipt.message, "\n".join(row.text for row in rows))

    async def _put(self, file: Upload) -> Attachment:
        is_picture = file.name.lower().endswith(_PICTURES)
        kind = MediaKind.IMAGE if is_picture else MediaKind.FILE
        return await self._channel.put(file.data, file.name, kind)
