"""What is said about the data that lies here."""

from __future__ import annotations

import shutil
import sqlite3
from base64 import b64encode
from contextlib import closing
from pathlib import Path

from bot.doctor.data import copies, key
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


def test_the_key_is_looked_at(tmp_path: Path) -> None:
    live = tmp_path / "haitang.db"
    file = live.with_suffix(".key")
    assert key(live, file) == []
    lay_blank(live)
    (found,) = key(live, file)
    assert (found.grade, found.subject) == (Grade.OK, "密钥")
    file.chmod(0o644)
    (found,) = key(live, file)
    assert found.grade is Grade.WARN
    assert f"chmod 600 {file}" in found.sentence
    file.write_bytes(b64encode(b"x" * 32))
    (found,) = key(live, file)
    assert found.grade is Grade.FAIL
    assert "不是这份数据的" in found.sentence
    file.write_bytes(b"broken")
    (found,) = key(live, file)
    assert found.grade is Grade.FAIL
    assert "内容不对" in found.sentence
    file.unlink()
    (found,) = key(live, file)
    assert found.grade is Grade.FAIL
    assert "找不到密钥文件" in found.sentence
