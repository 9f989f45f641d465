"""The store of tables that a community edits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Settings(Protocol):
    """Rows of named tables, each a JSON text under its key. Empty: what was shipped holds."""

    def rows(self, table: str) -> Mapping[str, str]:
        """All rows of a table, in the order in which they were put."""

    def put(self, table: str, rows: Mapping[str, str]) -> None:
        """Add rows, or replace those with the same key, and change the version."""

    def clear(self, table: str) -> None:
        """Take all rows of a table away, and change the version."""

    def version(self) -> int:
        """Changes whenever any table does; 0 while nothing was ever put."""
