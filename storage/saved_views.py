"""Lists that accounts want to see again."""

from __future__ import annotations

from collections.abc import Sequence

from bot.models import SavedView
from storage.codec import new_id
from storage.keys import Keyring
from storage.savepoints import LazyConnection


class SqliteSavedViews:
    """Implements `bot.ports.SavedViews`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def add(self, view: SavedView) -> str:
        key = view.id or new_id()
        self._execute(
            "INSERT INTO saved_views (id, account, name, wish) VALUES (?,?,?,?)",
            (key, view.account, view.name, self._keys.close(view.wish, f"saved_views.wish {key}")),
        )
        return key

    def of(self, account: str) -> Sequence[SavedView]:
        rows = self._execute(
            "SELECT id, account, name, wish FROM saved_views WHERE account = ? ORDER BY id",
            (account,),
        )
        return [
            SavedView(
                id=row[0],
                account=row[1],
                name=row[2],
                wish=self._keys.open(row[3], f"saved_views.wish {row[0]}"),
            )
            for row in rows
        ]

    def rename(self, view: str, name: str) -> None:
        self._execute("UPDATE saved_views SET name = ? WHERE id = ?", (name, view))

    def remove(self, view: str) -> None:
        self._execute("DELETE FROM saved_views WHERE id = ?", (view,))
