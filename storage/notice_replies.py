"""What people volunteered about notices: counted, each person once, nobody by name."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from bot.models import ReplyKind
from storage.codec import to_ms
from storage.keys import Keyring


class SqliteNoticeReplies:
    """Implements `bot.ports.NoticeReplies`."""

    def __init__(self, connection: sqlite3.Connection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys

    def save(self, run: str, who: str, kind: ReplyKind, number: int, at: datetime) -> None:
        self._execute(
            "INSERT INTO notice_replies (run, who, kind, number, at) VALUES (?,?,?,?,?)"
            " ON CONFLICT (run, who, kind) DO UPDATE SET number = excluded.number,"
            " at = excluded.at",
            (run, self._keys.veil(who), kind, number, to_ms(at)),
        )

    def counts(self, run: str) -> Mapping[ReplyKind, tuple[int, int]]:
        rows = self._execute(
            "SELECT kind, COUNT(*), SUM(number) FROM notice_replies WHERE run = ? GROUP BY kind",
            (run,),
        )
        return {ReplyKind(kind): (people, total) for kind, people, total in rows}
