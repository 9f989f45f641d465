"""Bytes of pictures and files in a folder: `media/ab/abcd…`, named by their SHA-256.

Nobody else on the machine may read them. A file is complete or not there.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

_NAME = re.compile(r"[0-9a-f]{64}")
_SMALL = ".small"


class FolderVault:
    """Implements `bot.ports.Vault`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, data: bytes, thumbnail: bytes) -> str:
        name = hashlib.sha256(data).hexdigest()
        place = self._place(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if thumbnail:
            _write(place.with_suffix(_SMALL), thumbnail)
        if not place.exists():
            _write(place, data)
        return name

    def read(self, sha256: str, *, thumbnail: bool = False) -> bytes | None:
        place = self._place(sha256)
        try:
            return (place.with_suffix(_SMALL) if thumbnail else place).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, sha256: str) -> None:
        place = self._place(sha256)
        for path in (place, place.with_suffix(_SMALL)):
            path.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        """Raises `ValueError` for what is no name of ours: no path is ever built from it."""
        if not _NAME.fullmatch(name):
            raise ValueError("not the name of stored bytes")
        return self._folder / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, also when the power fails; `mkstemp` makes it ours alone."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
