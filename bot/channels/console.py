"""The console as a channel: what a page does with a matter is said as a command, by the same way as
in the chat, so that the same rules hold and the same people hear of it.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from pathlib import Path

from bot.errors import SendRefused
from bot.models import CONSOLE, Attachment, MediaKind, Outgoing
from bot.ports import Fetched, Rate

_REF = re.compile(r"[0-9a-f]{32}")


class ConsoleChannel:
    """Replies travel in the page that asked; pictures wait in `folder` until a job takes them."""

    def __init__(self, folder: Path, name: str = CONSOLE) -> None:
        self.name = name
        self.rate: Rate | None = None
        self._folder = folder

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def send(self, outgoing: Outgoing) -> str:
        """A page that was closed before its answer came: nobody is there to read it."""
        return outgoing.id

    async def put(self, data: bytes, name: str, kind: MediaKind) -> Attachment:
        """Keep what was uploaded until it is fetched."""
        ref = secrets.token_hex(16)
        await asyncio.to_thread(self._write, ref, data)
        return Attachment(kind=kind, ref=ref, name=name)

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes that were put. Raises `SendRefused`."""
        if not _REF.fullmatch(attachment.ref):
            raise SendRefused("no such upload")
        try:
            data = await asyncio.to_thread((self._folder / attachment.ref).read_bytes)
        except FileNotFoundError:
            raise SendRefused("no such upload") from None
        if len(data) > limit:
            raise SendRefused("too large")
        return Fetched(data, attachment.name)

    def _write(self, ref: str, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self._folder / ref
        place.touch(mode=0o600)
        place.write_bytes(data)
