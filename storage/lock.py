"""One process owns the database. A second one is refused with a sentence that says what to do."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from bot.errors import StorageError


class Lock:
    """An advisory lock on a file; the kernel frees it when the process dies, however it dies."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1

    def acquire(self) -> Self:
        """Take the lock. Raises `StorageError` when another process holds it."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = os.read(handle, 32).decode("ascii", "replace").strip() or "未知"
            os.close(handle)
            raise StorageError(
                f"数据正被另一个海棠进程使用（进程号 {owner}）。请先停掉它，"
                f"或在配置里换一个 storage.path 再启动。"
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, str(os.getpid()).encode("ascii"))
        self._handle = handle
        return self

    def release(self) -> None:
        """Give it back."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
