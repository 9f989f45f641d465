"""Files to be sent: they wait in one folder of the state, the ledger only names them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

from bot.errors import SendRefused
from bot.models.rich import FILE_BYTES

# What the vault calls its pictures, and the small ones beside them.
_KEPT: Final = re.compile(r"[0-9a-f]{64}(?:\.small)?")


class Files(Protocol):
    """Where channels find what a message refers to."""

    async def read(self, ref: str) -> bytes:
        """The bytes. Raises `SendRefused` when they are gone."""


@runtime_checkable
class FileSender(Protocol):
    """A channel that sends files; whoever builds it says where they are."""

    files: Files


class FolderFiles:
    """The files of one folder and the pictures of the vault, none outside. `limit` is in bytes."""

    def __init__(self, folder: Path, limit: int, vault: Path | None = None) -> None:
        self._folder = folder
        self._limit = limit
        self._vault = vault

    async def read(self, ref: str) -> bytes:
        """The bytes. Raises `SendRefused` when they are gone or too many."""
        return await asyncio.to_thread(self._read, ref)

    def _read(self, ref: str) -> bytes:
        kept = self._vault is not None and _KEPT.fullmatch(ref) is not None
        folder = self._vault / ref[:2] if kept and self._vault else self._folder
        path = folder / ref
        try:
            if path.resolve().parent != folder.resolve():
                raise SendRefused("要发的文件不在发件目录里")
            if path.stat().st_size > self._limit:
                raise SendRefused("要发的文件太大")
            return path.read_bytes()
        except (OSError, ValueError):
            raise SendRefused("要发的文件已经不在了，请重新上传") from None


def beside(database: Path) -> FolderFiles:
    """The folder of files to be sent, next to the database."""
    return FolderFiles(database.parent / "outgoing", FILE_BYTES, database.parent / "media")


class NoFiles:
    """For channels that were given no folder."""

    async def read(self, ref: str) -> bytes:
        """Always refused."""
        raise SendRefused("要发的文件已经不在了，请重新上传")


NO_FILES: Final = NoFiles()
