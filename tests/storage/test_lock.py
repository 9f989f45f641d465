"""One process owns the database: a second one is told so, and by whom."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.app import restore_offline
from bot.errors import StorageError
from storage.database import Database
from storage.lock import Lock

OWNER = """
import sys
from pathlib import Path
from storage.lock import Lock
lock = Lock(Path(sys.argv[1])).acquire()
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def owner(lock: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock."""
    command = [sys.executable, "-c", OWNER, str(lock)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == b"held\n"
            yield process
        finally:
            process.kill()


def test_a_second_process_is_refused_with_the_pid_of_the_first(path: Path) -> None:
    with owner(path.with_suffix(".lock")) as process:
        with pytest.raises(StorageError) as caught:
            Database.open(path)
        assert "数据正被另一个海棠进程使用" in str(caught.value)
        assert f"进程号 {process.pid}）" in str(caught.value)
        assert not path.exists()
        with pytest.raises(StorageError, match=str(process.pid)):
            restore_offline(path.with_name("backup.db"), path)


async def test_the_kernel_frees_a_killed_owner_s_lock(path: Path) -> None:
    with owner(path.with_suffix(".lock")) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        await Database.open(path).close()


async def test_the_same_process_cannot_open_twice_but_again(path: Path) -> None:
    first = Database.open(path)
    with pytest.raises(StorageError, match="另一个海棠进程"):
        Database.open(path)
    await first.close()
    await Database.open(path).close()


def test_giving_back_twice_does_no_harm(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "lock").acquire()
    lock.release()
    lock.release()
    Lock(tmp_path / "lock").acquire().release()
