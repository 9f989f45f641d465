"""Copies are whole, faulty ones are refused, and what a restore replaces is kept."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.errors import StorageError
from bot.ports import Store
from storage.backup import backup, restore, verify
from storage.database import Database
from tests.storage.samples import NOW, incoming


def accept(store: Store, number: int) -> str | None:
    message = incoming(str(number), text="字" * 500)
    return store.inbox.accept(message, NOW, "done")


def as_after_a_kill(path: Path, folder: Path) -> Path:
    """The files of an open database as they lie there when its process is killed."""
    folder.mkdir()
    for part in path.parent.glob(path.name + "*"):
        shutil.copy(part, folder / part.name)
    return folder / path.name


def octets(path: Path) -> bytes:
    return path.read_bytes()


def names(folder: Path, pattern: str) -> list[str]:
    return sorted(found.name for found in folder.glob(pattern))


def key_for(path: Path) -> Path:
    """The one key of all data of a test, as a copy elsewhere is opened with it."""
    kept = (folder / "haitang.key" for folder in path.parents)
    return next((key for key in kept if key.exists()), path.with_suffix(".key"))


async def write(path: Path, *numbers: int) -> None:
    opened = Database.open(path, key_for(path))
    for number in numbers:
        await opened.write(accept, number)
    await opened.close()


async def read(path: Path) -> set[int]:
    opened = Database.open(path, key_for(path))
    rows = await opened.read(lambda store: store.inbox.recent("c", "g1", "", 100_000))
    await opened.close()
    return {int(message.message_id) for _, message in rows}


async def test_a_copy_made_while_we_write_holds_all_that_was_told_before(
    database: Database, tmp_path: Path
) -> None:
    told: list[int] = []
    enough = asyncio.Event()

    async def keep_writing() -> None:
        for number in range(100_000):
            await database.write(accept, number)
            told.append(number)
            if enough.is_set():
                return

    task = asyncio.create_task(keep_writing())
    for copy in (tmp_path / "copies" / f"{round_}.db" for round_ in range(5)):
        await asyncio.sleep(0.05)
        before = set(told)
        await database.backup(copy)
        after = set(told)
        assert copy.stat().st_mode & 0o077 == 0
        held = await read(copy)
        assert before <= held <= after | {max(after) + 1}
        assert held == set(range(len(held)))
    assert len(told) > 20
    enough.set()
    await task
    assert names(tmp_path / "copies", "*.partial") == []


async def test_the_newest_rows_are_in_the_copy_though_they_are_only_in_the_wal(
    database: Database, path: Path, tmp_path: Path
) -> None:
    await database.write(accept, 1)
    assert path.with_name(path.name + "-wal").stat().st_size > 0
    await database.backup(tmp_path / "copy.db")
    assert await read(tmp_path / "copy.db") == {1}


def spoil(path: Path, how: str) -> None:
    content = bytearray(path.read_bytes())
    match how:
        case "cut":
            content = content[: len(content) // 2]
        case "empty":
            content.clear()
        case "header":
            content[:16] = b"not a database.."
        case "page":
            content[4096:8192] = bytes(range(256)) * 16
    path.write_bytes(content)


FAULTS = ["cut", "empty", "header", "page"]


@pytest.mark.parametrize("how", FAULTS)
async def test_a_spoilt_backup_is_refused_and_nothing_changes(
    how: str, path: Path, tmp_path: Path
) -> None:
    await write(path, 1, 2)
    backup(path, tmp_path / "copy.db")
    spoil(tmp_path / "copy.db", how)
    before = octets(path)
    for refused in (verify, lambda copy: restore(copy, path)):
        with pytest.raises(StorageError, match="请换一份备份"):
            refused(tmp_path / "copy.db")
    assert octets(path) == before
    assert names(tmp_path, "haitang*") == ["haitang.db", "haitang.key", "haitang.lock"]


async def test_a_restore_brings_the_rows_back_and_keeps_what_was_there(
    path: Path, tmp_path: Path
) -> None:
    await write(path, 1, 2)
    backup(path, tmp_path / "copy.db")
    await write(path, 3)
    kept = restore(tmp_path / "copy.db", path)
    assert kept is not None
    assert await read(path) == {1, 2}
    assert await read(kept) == {1, 2, 3}


async def test_a_restore_over_a_killed_database_keeps_the_rows_of_its_wal(
    database: Database, path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    await database.backup(copy)
    await database.write(accept, 7)
    dead = as_after_a_kill(path, tmp_path / "dead")
    kept = restore(copy, dead)
    assert kept is not None
    assert await read(kept) == {7}
    assert await read(dead) == set()


async def test_a_backup_may_bring_its_own_wal(
    database: Database, path: Path, tmp_path: Path
) -> None:
    await database.write(accept, 7)
    copied = as_after_a_kill(path, tmp_path / "copied")
    target = tmp_path / "target.db"
    assert restore(copied, target) is None
    assert await read(target) == {7}


@pytest.mark.parametrize("how", FAULTS)
async def test_a_spoilt_database_can_be_restored_over(how: str, path: Path, tmp_path: Path) -> None:
    await write(path, 1)
    backup(path, tmp_path / "copy.db")
    spoil(path, how)
    spoilt = octets(path)
    kept = restore(tmp_path / "copy.db", path)
    assert kept is not None
    assert octets(kept) == spoilt
    assert await read(path) == {1}


@pytest.mark.parametrize("how", ["cut", "header", "page"])
async def test_a_spoilt_database_is_not_served(how: str, path: Path) -> None:
    await write(path, 1)
    spoil(path, how)
    with pytest.raises(StorageError, match="haitang restore"):
        Database.open(path)
    with pytest.raises(StorageError):
        backup(path, path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


def test_without_a_file_there_is_nothing_to_do(path: Path, tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="没有可备份的数据"):
        backup(path, tmp_path / "copy.db")
    with pytest.raises(StorageError, match="找不到备份文件"):
        restore(tmp_path / "copy.db", path)
    assert list(tmp_path.iterdir()) == []
