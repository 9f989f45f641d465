"""Whether a file still has words in the clear, seen from outside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.inspect import in_clear, is_closed
from tests.blank import lay_blank


def test_only_an_older_file_of_ours_is_not_closed(path: Path) -> None:
    assert is_closed(path)  # there is none
    assert not path.exists()
    lay_blank(path)
    assert is_closed(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO closing (part, reached) VALUES ('file', '')")
        connection.commit()
        assert not is_closed(path)  # a start ended in the middle
        assert in_clear(path.parent) == ["haitang.db"]
        connection.execute("DROP TABLE closing")
    assert not is_closed(path)
    path.write_bytes(b"no database")
    assert is_closed(path)
