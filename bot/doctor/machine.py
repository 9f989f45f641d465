"""The machine: SQLite, the disk, the dictionary, the holiday table."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from bot.models import Finding, Grade

GIB: Final = 1024**3
FREE_WARN: Final = GIB
FREE_FAIL: Final = GIB // 10
# https://sqlite.org/wal.html: two connections that checkpoint at once can corrupt the file.
WAL_BUG_FROM, WAL_BUG_TO = (3, 7, 0), (3, 51, 2)
NEXT_YEAR_FROM: Final = (11, 15)


def sqlite(version: tuple[int, ...]) -> Finding:
    """The version that Python brings. Our one writer is the only checkpointer, so an old one is no
    fault of ours, but another program on the same file may be."""
    shown = ".".join(map(str, version))
    if WAL_BUG_FROM <= version <= WAL_BUG_TO:
        return Finding(
            Grade.WARN,
            "SQLite",
            f"版本 {shown} 有一个旧毛病：两个程序同时整理日志会弄坏数据。海棠只有一处写，不会碰上；"
            "请不要在服务运行时用别的程序写数据文件，方便时升级 Python。",
        )
    return Finding(Grade.OK, "SQLite", f"版本 {shown}。")


def disk(folder: Path, free: int | None = None) -> Finding:
    """How much room is left, in bytes."""
    left = shutil.disk_usage(_existing(folder)).free if free is None else free
    shown = f"{left / GIB:.1f} GiB"
    if left < FREE_WARN:
        grade = Grade.FAIL if left < FREE_FAIL else Grade.WARN
        return Finding(
            grade, "磁盘", f"数据目录只剩 {shown}，请清理磁盘或移走旧备份，至少留 1 GiB。"
        )
    return Finding(Grade.OK, "磁盘", f"还有 {shown}。")


def writable(folder: Path) -> Finding:
    """Whether a file can be written where the data is."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x" * 4096)
            file.flush()
    except OSError as error:
        return Finding(
            Grade.FAIL,
            "写入",
            f"数据目录 {folder} 写不进去（{error.strerror}），请把它的所有者改成运行服务的账号。",
        )
    return Finding(Grade.OK, "写入", f"数据目录 {folder} 写得进去。")


def dictionary(loaded: bool) -> Finding:
    """Whether the words of segmentation could be loaded."""
    if not loaded:
        return Finding(
            Grade.FAIL, "词典", "词典装不上，请重新安装：pip install --force-reinstall haitang。"
        )
    return Finding(Grade.OK, "词典", "装得上。")


def holidays(years: frozenset[int], today: date) -> Finding:
    """Whether the table of holidays holds this year and, from mid-November, the next."""
    needed = {today.year}
    if (today.month, today.day) >= NEXT_YEAR_FROM:
        needed.add(today.year + 1)
    missing = sorted(needed - years)
    if not missing:
        last = date(max(years), 12, 31)
        return Finding(Grade.OK, "节假日", f"放假调休表到 {last.year} 年。")
    late = today.year in missing
    names = "、".join(f"{year}年" for year in missing)
    return Finding(
        Grade.FAIL if late else Grade.WARN,
        "节假日",
        f"放假调休表没有{names}，落在那里的期限会算错。国务院办公厅的通知一般在11月发，"
        "公布后运行 haitang holidays import 通知的文件。",
    )


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
