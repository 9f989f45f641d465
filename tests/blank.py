"""An empty data file, made once a process: most tests want one, and few the making of it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from bot.app import Database


@cache
def _made() -> tuple[tempfile.TemporaryDirectory[str], Path]:
    folder = tempfile.TemporaryDirectory(prefix="haitang-blank-", ignore_cleanup_errors=True)
    path = Path(folder.name) / "blank.db"

    async def make() -> None:
        await Database.open(path).close()

    with ThreadPoolExecutor(1) as aside:  # a loop may be running here
        aside.submit(lambda: asyncio.run(make())).result()
    return folder, path


def lay_blank(path: Path) -> Path:
    """Put an empty data file and its key at `path`, with every step of the schema done."""
    _, blank = _made()
    path.parent.mkdir(parents=True, exist_ok=True)
    for ending in (".db", ".key"):
        shutil.copyfile(blank.with_suffix(ending), path.with_suffix(ending))
        path.with_suffix(ending).chmod(0o600)
    return path
