"""What is said about the data that lies here."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.doctor.data import copies
from bot.models import Grade
from storage.backup import backup
from tests.blank import lay_blank


def older(path: Path) -> None:
    """A copy from before words were closed."""
    shutil.copy(path.parent.parent / "haitang.db", path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE closing")


def test_copies_in_which_words_can_be_read_are_named(tmp_path: Path) -> None:
    live = lay_blank(tmp_path / "haitang.db")
    folder = tmp_path / "backups"
    backup(live, folder / "nightly-2026-11-25.db")
    (folder / "something.db").write_bytes(b"no database")
    assert copies(tmp_path) == []
    older(folder / "before-migration-20261125-090000.db")
    (found,) = copies(tmp_path)
    assert found.grade is Grade.WARN
    assert "有 1 份备份是加密以前做的" in found.sentence
    assert "backups/before-migration-20261125-090000.db" in found.sentence
    for day in range(1, 4):
        older(folder / f"nightly-2026-11-0{day}.db")
    assert "有 4 份" in copies(tmp_path)[0].sentence
    assert copies(tmp_path)[0].sentence.count("nightly") == 2
    assert (folder / "something.db").read_bytes() == b"no database"
