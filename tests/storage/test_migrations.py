"""A database is at one step of the list or at the next, never between, however a start ends."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database as UtilsDatabase

from bot.errors import StorageError
from storage.connection import connect_writer
from storage.database import Database, prepare
from storage.migrations import migrations
from tests.trust.figures import Ledger

STEPS = [step.name for step in migrations._migrations]


def make(path: Path, steps: int) -> None:
    """A database as an older version with so many steps left it."""
    with closing(connect_writer(path)) as connection:
        stop = STEPS[steps] if steps < len(STEPS) else None
        migrations.apply(UtilsDatabase(connection), stop_before=stop)


def schema(path: Path) -> tuple[int, frozenset[str]]:
    """How many steps are noted, and what is really there."""
    with closing(sqlite3.connect(path)) as connection:
        applied = [step.name for step in migrations.applied(UtilsDatabase(connection))]
        rows = connection.execute("SELECT name FROM sqlite_master WHERE name NOT LIKE '%sqlite_%'")
        names = frozenset(row[0] for row in rows)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert applied == STEPS[: len(applied)]
    return len(applied), names


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[frozenset[str]]:
    """What is there after each number of steps."""
    folder = tmp_path_factory.mktemp("steps")
    found = []
    for steps in range(len(STEPS) + 1):
        path = folder / f"{steps}.db"
        make(path, steps)
        found.append(schema(path)[1])
    return found


def backups(path: Path) -> list[Path]:
    return sorted((path.parent / "backups").glob("*.db"))


async def test_a_fresh_file_gets_the_whole_schema_and_no_backup(
    path: Path, expected: list[frozenset[str]]
) -> None:
    await Database.open(path).close()
    assert schema(path) == (len(STEPS), expected[-1])
    assert backups(path) == []
    await Database.open(path).close()
    assert schema(path) == (len(STEPS), expected[-1])
    assert backups(path) == []


@pytest.mark.parametrize("steps", range(1, len(STEPS)))
async def test_an_old_file_is_copied_before_it_is_changed(
    steps: int, path: Path, expected: list[frozenset[str]]
) -> None:
    make(path, steps)
    with closing(connect_writer(path)) as connection:
        connection.execute(
            "INSERT INTO inbox (id, channel, chat, sender, message_id, sender_name, kind, text,"
            " mentioned, sent_at, received_at, state)"
            " VALUES ('1', 'c', 'g', 's', 'kept', '', 'text', '', 0, 0, 0, 'done')"
        )
    opened = Database.open(path)
    kept = await opened.read(lambda store: store.inbox.get("1"))
    assert kept is not None
    assert (kept.message_id, kept.attachments) == ("kept", ())
    await opened.close()
    (copy,) = backups(path)
    assert schema(copy) == (steps, expected[steps])
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT message_id FROM inbox").fetchall() == [("kept",)]


def test_a_newer_file_is_refused_by_the_name_of_its_step(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(path, len(STEPS))
    newest = migrations._migrations[-1]
    monkeypatch.setattr(migrations, "_migrations", migrations._migrations[:-1])
    before = path.read_bytes()
    with pytest.raises(StorageError, match=newest.name) as caught:
        Database.open(path)
    assert "更新的版本" in str(caught.value)
    assert path.read_bytes() == before
    assert backups(path) == []


@pytest.mark.parametrize("step", range(len(STEPS)))
async def test_a_step_that_fails_leaves_the_one_before(
    step: int, path: Path, expected: list[frozenset[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = migrations._migrations[step].fn

    def half(db: UtilsDatabase) -> None:
        whole(db)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(migrations._migrations[step], "fn", half)
        with pytest.raises(StorageError, match="disk is full"):
            Database.open(path)
    assert schema(path) == (step, expected[step])
    await Database.open(path).close()
    assert schema(path) == (len(STEPS), expected[-1])


@pytest.mark.trust
@pytest.mark.slow
def test_a_kill_at_any_statement_leaves_old_or_new(
    path: Path, tmp_path: Path, expected: list[frozenset[str]], figure: Ledger
) -> None:
    """The files as they lie at each statement are what a SIGKILL there would leave."""
    moments: list[Path] = []

    def look(statement: str) -> None:
        moment = tmp_path / f"moment-{len(moments)}"
        moment.mkdir()
        for part in tmp_path.glob("haitang.db*"):
            shutil.copy(part, moment / part.name)
        moments.append(moment / path.name)

    with closing(connect_writer(path)) as connection:
        connection.set_trace_callback(look)
        prepare(path, connection)
        look("the end")
    seen: set[int] = set()
    for moment in moments:
        steps, names = schema(moment)
        assert names == expected[steps]
        if steps in seen:
            continue
        # From each step one of its moments goes on to the end.
        seen.add(steps)
        with closing(connect_writer(moment)) as connection:
            connection.execute("PRAGMA synchronous=OFF")  # for the test's own speed
            prepare(moment, connection)
        assert schema(moment) == (len(STEPS), expected[-1])
    figure(
        "C-2",
        f"the files as a kill would leave them at each statement of {len(STEPS)} migrations",
        len(moments),
        f"0 between two versions; from {len(seen)} of {len(STEPS) + 1} steps it went on to the end",
        len(STEPS) + 1 - len(seen),
    )
    assert seen == set(range(len(STEPS) + 1))
    assert len(moments) > 40
