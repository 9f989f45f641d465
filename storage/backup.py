"""Copies of the database that are whole: made online, checked, put back."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.errors import StorageError


def backup(source: Path, target: Path) -> None:
    """Copy a live database and check the copy. Raises `StorageError`."""
    if not source.exists():
        raise StorageError(f"没有可备份的数据：{source} 不存在。")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        _copy(source, partial)
        verify(partial)
        partial.chmod(0o600)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def backup_media(folder: Path, target: Path) -> int:
    """Bring a copy of the pictures up to date; how many were added. They never change once written.

    Raises `StorageError`.
    """
    added = 0
    try:
        for file in sorted(folder.glob("??/*")):
            goal = target / file.parent.name / file.name
            if file.name.startswith(".") or goal.exists():
                continue
            goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = goal.with_name(goal.name + ".partial")
            shutil.copyfile(file, partial)
            partial.chmod(0o600)
            partial.replace(goal)
            added += 1
    except OSError as error:
        raise StorageError(f"照片备份不了（{error.strerror}），请检查文件和磁盘空间。") from error
    return added


def _copy(source: Path, partial: Path) -> None:
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(partial)) as copy:
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{source} 备份不了（{error}），请检查文件和磁盘空间。") from error


def verify(path: Path) -> None:
    """Raises `StorageError` unless the file is a whole database."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            verdict = connection.execute("PRAGMA integrity_check").fetchone()[0]
            ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'inbox'").fetchone()
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} 不是完整的数据库（{error}），请换一份备份。") from error
    if verdict != "ok":
        raise StorageError(f"{path} 已损坏（{verdict}），请换一份备份。")
    if ours is None:
        raise StorageError(f"{path} 不是海棠的数据文件，请换一份备份。")


def restore(source: Path, target: Path) -> Path | None:
    """Put a checked backup in place; what was there is kept aside and its path returned.

    The caller holds the lock. Raises `StorageError`; then nothing was changed.
    """
    if not source.exists():
        raise StorageError(f"找不到备份文件 {source}，请检查路径。")
    verify(source)
    fresh = target.with_name(target.name + ".restoring")
    backup(source, fresh)
    kept = _set_aside(target) if target.exists() else None
    for companion in _companions(target):
        companion.unlink(missing_ok=True)
    fresh.replace(target)
    return kept


def _set_aside(target: Path) -> Path:
    """Keep what a restore replaces: whole if it is whole, else as it lies there."""
    stamp = datetime.now().astimezone().strftime("%Y%m%d-%H%M%S-%f")
    kept = target.with_name(f"{target.stem}.before-restore-{stamp}.db")
    try:
        backup(target, kept)
    except StorageError:
        for old, new in zip(
            (target, *_companions(target)), (kept, *_companions(kept)), strict=True
        ):
            if old.exists():
                shutil.copy2(old, new)
    return kept


def _companions(path: Path) -> tuple[Path, Path]:
    """The files without which a database may lack its newest rows."""
    return path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")
