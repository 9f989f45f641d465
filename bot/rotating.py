"""A log file that the program turns over by itself: no logrotate, no journal is assumed."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TextIO


class Rotating:
    """As much of a text stream as logging needs. A full file becomes `NAME.1`, that `NAME.2` …"""

    def __init__(self, path: Path, most_bytes: int, keep: int) -> None:
        self._path = path
        self._most = most_bytes
        self._keep = keep
        self._guard = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: TextIO = self._open()

    def write(self, text: str) -> int:
        """Write; turn over first when it would not fit. Raises `OSError`."""
        with self._guard:
            size = self._file.tell()
            if size and size + len(text.encode("utf-8", "replace")) > self._most:
                self._turn()
            return self._file.write(text)

    def flush(self) -> None:
        """Nothing is held back."""
        with self._guard:
            self._file.flush()

    def close(self) -> None:
        """Nothing more is written."""
        with self._guard:
            self._file.close()

    def _turn(self) -> None:
        self._file.close()
        for number in range(self._keep, 0, -1):
            old = self._path if number == 1 else self._numbered(number - 1)
            if old.exists():
                old.replace(self._numbered(number))
        self._file = self._open()

    def _numbered(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")

    def _open(self) -> TextIO:
        self._path.touch(0o600)
        return self._path.open("a", encoding="utf-8", errors="backslashreplace")
