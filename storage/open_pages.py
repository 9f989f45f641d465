"""What everybody may read: public matters, and notices that went out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.models import Appeal, Notice
from storage.appeal_rows import SELECT, appeal_of
from storage.codec import from_ms, to_ms
from storage.keys import Keyring
from storage.notices import SqliteNotices
from storage.savepoints import LazyConnection

_LAST_RUNS = (
    "SELECT notice, MAX(started_at) AS went FROM notice_runs"
    " JOIN notices ON notices.id = notice_runs.notice"
    " WHERE started_at >= ? AND notices.state NOT IN ('withdrawn', 'cancelled')"
    " GROUP BY notice ORDER BY went DESC LIMIT ?"
)


class SqliteOpenPages:
    """Implements `bot.ports.OpenPages`."""

    def __init__(self, connection: LazyConnection, notices: SqliteNotices, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._notices = notices

    def appeals(self, area: str, limit: int, offset: int) -> Sequence[Appeal]:
        rows = self._execute(
            SELECT + "WHERE audience = 'public' AND kind <> '表扬'"
            " AND state NOT IN ('已撤回', '已合并')"
            " AND (area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
            " ORDER BY created_at DESC, number DESC LIMIT ? OFFSET ?",
            (area, area, area, limit, offset),
        )
        return [appeal_of(row, self._keys) for row in rows]

    def notices(self, since: datetime, limit: int) -> Sequence[tuple[Notice, datetime]]:
        rows = self._execute(_LAST_RUNS, (to_ms(since), limit)).fetchall()
        found = ((self._notices.get(notice), went) for notice, went in rows)
        return [(notice, from_ms(went)) for notice, went in found if notice is not None]
