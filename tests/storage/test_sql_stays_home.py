"""SQL lives in `storage/` only, and no value ever becomes part of its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|(CREATE|DROP|ALTER)\s+(UNIQUE\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s|PRAGMA\s+\w"
    r"|BEGIN IMMEDIATE|SAVEPOINT\s+\w)",
    re.DOTALL,
)
DRIVERS = {"sqlite3", "sqlite_utils", "sqlalchemy", "psycopg", "aiosqlite"}


def sources(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def docstrings(tree: ast.AST) -> set[int]:
    """Strings that stand alone: documentation, not data."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def sql_strings(tree: ast.AST) -> Iterator[int]:
    """The lines on which a string constant holds SQL."""
    told = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            found = SQL.search(node.value)
            yield from [node.lineno] if found else []


def drivers(tree: ast.AST) -> Iterator[int]:
    """The lines that import a database driver."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if any(name.partition(".")[0] in DRIVERS for name in names):
                yield node.lineno


def built_sql(tree: ast.AST) -> Iterator[int]:
    """The lines on which SQL is put together from values: f-string, %, format, join, replace."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod)
        ):
            parts = [node]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr in {"format", "join", "replace"}:
                parts = [node.func.value, *node.args]
            elif node.func.attr in {"execute", "executemany", "executescript", "_execute"}:
                parts = [part for part in node.args[:1] if isinstance(part, ast.JoinedStr)]
                if parts:
                    yield node.lineno
        for part in parts:
            constants = (c.value for c in ast.walk(part) if isinstance(c, ast.Constant))
            if any(isinstance(text, str) and SQL.search(text) for text in constants):
                yield part.lineno


@pytest.mark.parametrize("path", sources("bot", "handlers"), ids=lambda p: p.stem)
def test_no_sql_outside_storage(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert [*sql_strings(tree), *drivers(tree)] == [], path.relative_to(ROOT)


@pytest.mark.parametrize("path", sources("storage", "bot", "handlers"), ids=lambda p: p.stem)
def test_sql_is_never_built_from_values(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    assert list(built_sql(tree)) == [], path.relative_to(ROOT)


@pytest.mark.parametrize(
    "code",
    [
        "f'SELECT a FROM t WHERE b = {x}'",
        "'SELECT a FROM t WHERE b = %s' % x",
        "'SELECT a FROM {}'.format(x)",
        "'DELETE FROM t WHERE a = X'.replace('X', x)",
        "c.execute(f'{x}')",
        "' AND '.join(['SELECT a FROM t', x])",
    ],
)
def test_the_search_finds_sql_that_is_built(code: str) -> None:
    assert list(built_sql(ast.parse(code)))


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("x = 'SELECT id FROM inbox WHERE a = ?'", True),
        ("x = 'INSERT INTO inbox VALUES (?)'", True),
        ("x = 'PRAGMA foreign_keys=ON'", True),
        ("import sqlite3", True),
        ("from sqlite_utils import Database", True),
        ("'''Docs may say SELECT a FROM b.'''", False),
        ("x = 'Select a place from the list'", False),
        ("x = 'please update the settings'", False),
    ],
)
def test_the_search_finds_sql_that_strayed(code: str, found: bool) -> None:
    tree = ast.parse(code)
    assert bool([*sql_strings(tree), *drivers(tree)]) is found
