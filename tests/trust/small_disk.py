"""A file system of a few megabytes that is really full: a tmpfs in a mount namespace of its own.

A sleeping process holds the namespace; the service enters it, and the test looks in from outside
through `/proc`. Nobody else on the machine sees the mount, and it ends with the sleeper.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

MEBIBYTE = 2**20
BALLAST = "ballast"
_HOLD = 'mount -t tmpfs -o size="$2" haitang "$1" && echo mounted && exec sleep 3600'


class NoNamespaces(Exception):
    """The machine lets us mount nothing: neither the right to, nor user namespaces."""


class SmallDisk(Struct, frozen=True):
    """`enter` stands before a command that shall see the disk; `seen` is the disk from outside."""

    enter: tuple[str, ...]
    seen: Path

    @property
    def free(self) -> int:
        """Bytes that are left."""
        found = os.statvfs(self.seen)
        return found.f_bavail * found.f_frsize

    def fill(self, leave: int) -> None:
        """Lay so much ballast that `leave` bytes are left."""
        with (self.seen / BALLAST).open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, self.free - leave))

    def make_room(self) -> None:
        """Throw the ballast out, as a sysadmin deletes an old file."""
        (self.seen / BALLAST).unlink()


@contextmanager
def small_disk(at: Path, size: int) -> Iterator[SmallDisk]:
    """`size` bytes at `at`, for whoever enters. Raises `NoNamespaces`."""
    at.mkdir(parents=True, exist_ok=True)
    reasons = []
    for flags, also in ((("-m",), ("-m",)), (("-r", "-m"), ("-U", "-m", "--preserve-credentials"))):
        holder = subprocess.Popen(
            # Where it lies differs between systems.
            ["unshare", *flags, "sh", "-c", _HOLD, "sh", str(at), str(size)],  # noqa: S607
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        with holder:
            try:
                if holder.stdout is not None and holder.stdout.readline() == "mounted\n":
                    enter = ("nsenter", "-t", str(holder.pid), *also, "--")
                    yield SmallDisk(enter, Path(f"/proc/{holder.pid}/root{at}"))
                    return
                reasons.append((holder.stderr.read() if holder.stderr else "").strip())
            finally:
                with contextlib.suppress(ProcessLookupError):
                    holder.kill()
    raise NoNamespaces("; ".join(reasons))
