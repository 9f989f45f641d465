"""Counting where matters stand. Few are open at a time: those alone are looked at."""

from __future__ import annotations

from datetime import datetime

from bot.models import Board
from storage.codec import to_ms
from storage.savepoints import LazyConnection

_FRESH = (
    "SELECT COUNT(*) FROM appeals WHERE created_at >= ? AND kind <> '表扬'"
    " AND (area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
)
_OPEN = (
    "SELECT COUNT(*),"
    " SUM(CASE WHEN stopped_at IS NULL AND due_at >= ? AND due_at < ? THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN stopped_at IS NULL AND due_at < ? THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN state = '挂账' THEN 1 ELSE 0 END),"
    " SUM(CASE WHEN state = '待受理' THEN 1 ELSE 0 END)"
    " FROM appeals WHERE state IN ('待受理', '待补充', '办理中', '挂账')"
    " AND (area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
)


class SqliteBoards:
    """Implements `bot.ports.Boards`."""

    def __init__(self, connection: LazyConnection) -> None:
        self._execute = connection.execute

    def at(self, area: str, now: datetime, today: datetime, tomorrow_ends: datetime) -> Board:
        below = (area, area, area)
        (fresh,) = self._execute(_FRESH, (to_ms(today), *below)).fetchone()
        row = self._execute(
            _OPEN, (to_ms(now), to_ms(tomorrow_ends), to_ms(now), *below)
        ).fetchone()
        return Board(
            fresh=fresh,
            open=row[0],
            due=row[1] or 0,
            overdue=row[2] or 0,
            parked=row[3] or 0,
            waiting=row[4] or 0,
        )
