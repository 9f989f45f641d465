"""What a page uploaded, in a folder, until a job takes it: our own pages keep their pictures here.

They still hold what cameras put into them, so they do not stay: what was taken goes after minutes,
what nobody took after a day. A job that was cut off finds what it took a moment before.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import time
from pathlib import Path

from bot.errors import SendRefused
from bot.models import Attachment, MediaKind
from bot.ports import Fetched

TAKEN_SECONDS = 600.0
KEPT_SECONDS = 86_400.0
_REF = re.compile(r"[0-9a-f]{32}")
_TAKEN = ".taken"


class Stash:
    """Bytes by a name that nobody can guess. Only the owner of the folder may read them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sweeping: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to let go what is over."""
        self._sweeping = asyncio.create_task(self._sweep_on(), name="stash")

    async def stop(self) -> None:
        """No more sweeping."""
        if self._sweeping is not None:
            self._sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._sweeping

    async def put(self, data: bytes, name: str, kind: MediaKind) -> Attachment:
        """Keep what was uploaded until it is fetched."""
        ref = secrets.token_hex(16)
        await asyncio.to_thread(self._write, ref, data)
        return Attachment(kind=kind, ref=ref, name=name)

    async def fetch(self, attachment: Attachment, limit: int) -> Fetched:
        """The bytes that were put. Raises `SendRefused`."""
        data = await asyncio.to_thread(self._take, attachment.ref)
        if data is None:
            raise SendRefused("no such upload")
        if len(data) > limit:
            raise SendRefused("too large")
        return Fetched(data, attachment.name)

    def sweep(self, now: float) -> None:
        """Let go what is over at `now` (seconds since the epoch)."""
        for place in self._folder.glob("*") if self._folder.is_dir() else ():
            lasts = TAKEN_SECONDS if place.suffix == _TAKEN else KEPT_SECONDS
            if now - place.stat().st_mtime > lasts:
                place.unlink(missing_ok=True)

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.to_thread(self.sweep, time.time())
            await asyncio.sleep(TAKEN_SECONDS)

    def _take(self, ref: str) -> bytes | None:
        if not _REF.fullmatch(ref):
            return None
        place = self._folder / ref
        taken = place.with_suffix(_TAKEN)
        with contextlib.suppress(FileNotFoundError):
            place.replace(taken)
            taken.touch()
        try:
            return taken.read_bytes()
        except FileNotFoundError:
            return None

    def _write(self, ref: str, data: bytes) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        place = self._folder / ref
        place.touch(mode=0o600)
        place.write_bytes(data)
