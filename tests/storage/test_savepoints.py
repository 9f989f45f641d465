"""A part that only reads costs no statement; a part that writes is undone alone, however nested."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from storage.connection import connect_writer
from storage.savepoints import LazyConnection, Savepoint


class Oops(Exception):
    """Something goes wrong inside a part."""


@pytest.fixture
def connection(path: Path) -> Iterator[LazyConnection]:
    with closing(connect_writer(path)) as opened:
        opened.execute("CREATE TABLE words (word TEXT)")
        opened.execute("BEGIN IMMEDIATE")
        yield opened


def play(connection: LazyConnection, script: str) -> list[str]:
    """`(` opens a part, `)` ends it, `!` fails in it; letters are written. What stays is told."""
    part = Savepoint(connection)

    def run(steps: Iterator[str]) -> None:
        for step in steps:
            if step == "(":
                with suppress(Oops), part:
                    run(steps)
            elif step == ")":
                return
            elif step == "!":
                raise Oops
            elif step == "?":
                connection.execute("SELECT COUNT(*) FROM words").fetchone()
            else:
                connection.execute("INSERT INTO words VALUES (?)", (step,))

    run(iter(script))
    return [row[0] for row in connection.execute("SELECT word FROM words ORDER BY rowid")]


@pytest.mark.parametrize(
    ("script", "stays"),
    [
        ("a", "a"),
        ("a(b)", "ab"),
        ("a(b!c", "ac"),
        ("(a)(b!(c)", "ac"),
        ("((a))b", "ab"),
        ("((a!b)c", "bc"),
        ("(a(b!c)d", "acd"),
        ("(a(b)!d", "d"),
        ("(?(?(a!?)b)c", "bc"),
        ("((?!a)b", "ab"),
        ("(?!(?)(?!a", "a"),
    ],
)
def test_a_part_is_undone_alone(connection: LazyConnection, script: str, stays: str) -> None:
    assert play(connection, script) == list(stays)
    assert connection.owed == 0


@pytest.mark.parametrize(
    ("script", "opened"), [("(?)", 0), ("(?!", 0), ("((?)?)", 0), ("(a)", 1), ("((a))", 2)]
)
def test_only_writing_opens_a_savepoint(
    connection: LazyConnection, script: str, opened: int
) -> None:
    said: list[str] = []
    connection.set_trace_callback(said.append)
    play(connection, script)

    assert sum(statement.startswith("SAVEPOINT") for statement in said) == opened
