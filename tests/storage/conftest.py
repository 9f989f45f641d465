"""A fresh database for every test: a store to call directly, or the whole thing with its writer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.connection import connect_writer
from storage.database import Database, prepare
from storage.keys import Keyring
from storage.store import SqliteStore
from tests.blank import lay_blank


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database will be."""
    return tmp_path / "haitang.db"


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    """All repositories over one connection; each statement commits by itself."""
    with closing(connect_writer(path)) as connection:
        prepare(path, connection)
        yield SqliteStore(connection, Keyring(b"k" * 32))


@pytest.fixture
async def database(path: Path) -> AsyncIterator[Database]:
    """The database as the product opens it."""
    opened = Database.open(lay_blank(path))
    yield opened
    await opened.close()
