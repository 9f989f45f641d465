"""Finding appeals: by state and clock, by what they are, by what was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from bot.models import Appeal, Order, Shelf, Wish
from storage.appeal_rows import SELECT, appeal_of
from storage.appeal_words import MATCHED, AppealWords, Asked
from storage.codec import to_ms
from storage.keys import Keyring
from storage.savepoints import LazyConnection

Bound = str | int
Days = tuple[datetime, datetime, datetime]
_OPEN = "state IN ('待受理', '待补充', '办理中', '挂账')"
_SHELVES = {
    Shelf.OPEN: _OPEN,
    Shelf.WAITING: "state = '待受理'",
    Shelf.WORKING: "state = '办理中'",
    Shelf.ASKED: "state = '待补充'",
    Shelf.DUE: _OPEN + " AND stopped_at IS NULL AND due_at >= ? AND due_at < ?",
    Shelf.OVERDUE: _OPEN + " AND stopped_at IS NULL AND due_at < ?",
    Shelf.PARKED: "state = '挂账'",
    Shelf.FRESH: "created_at >= ? AND kind <> '表扬'",
    Shelf.CLOSED: "state IN ('已办结', '已销号', '不受理')",
    Shelf.ALL: "1 = 1",
}
_ORDERS = {
    Order.DUE: " ORDER BY due_at, number LIMIT ? OFFSET ?",
    Order.NEWEST: " ORDER BY created_at DESC, number DESC LIMIT ? OFFSET ?",
    Order.OLDEST: " ORDER BY created_at, number LIMIT ? OFFSET ?",
}
_BELOW = "(area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
_FRESH = " AND number NOT IN (SELECT number FROM appeal_words_stale)"
_SAID = "number IN (" + MATCHED + ")" + _FRESH
_SAID_LATELY = "number IN (" + MATCHED + " ORDER BY rowid DESC LIMIT 1000)" + _FRESH
_BUILDINGS = (
    "SELECT DISTINCT building FROM appeals WHERE building <> ''"
    " AND state IN ('待受理', '待补充', '办理中', '挂账')"
    " AND (area = ? OR substr(area, 1, length(?) + 1) = ? || '/') LIMIT ?"
)
_UNITS = (
    "SELECT unit FROM appeals WHERE unit <> '' AND state IN ('待受理', '待补充', '办理中', '挂账')"
    " AND (area = ? OR substr(area, 1, length(?) + 1) = ? || '/')"
    " GROUP BY unit ORDER BY COUNT(*) DESC LIMIT ?"
)


class SqliteAppealLists:
    """Implements `bot.ports.AppealLists`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._words = AppealWords(connection, keys)

    def found(
        self,
        wish: Wish,
        days: tuple[datetime, datetime, datetime],
        *,
        offset: int,
        limit: int,
    ) -> Sequence[Appeal]:
        asked = self._words.asked(wish.words, wish.area)
        if wish.words and asked is None:  # signs alone are in nothing
            return []
        if asked is not None and wish.order is Order.NEWEST:
            # Among the newest that hold common words there are enough for the first pages.
            found = self._found(wish, days, (asked, _SAID_LATELY), offset, limit)
            if len(found) == limit:
                return found
        return self._found(wish, days, None if asked is None else (asked, _SAID), offset, limit)

    def _found(
        self, wish: Wish, days: Days, said: tuple[Asked, str] | None, offset: int, limit: int
    ) -> Sequence[Appeal]:
        conditions: list[str] = []
        values: list[Bound] = []
        for condition, *bound in _conditions(wish, days):
            conditions.append(condition)
            values += bound
        if said is not None:
            conditions.append(said[1])
            values.append(said[0].match)
        statement = SELECT + "WHERE " + " AND ".join(conditions) + _ORDERS[wish.order]
        if said is None or not said[0].phrases:
            return self._page(statement, values, offset, limit)
        found: list[Appeal] = []
        many = offset + limit
        for page in count():
            rows = self._page(statement, values, page * many, many)
            found += filter(said[0].holds, rows)
            if len(found) >= many or len(rows) < many:
                break
        return found[offset:many]

    def _page(
        self, statement: str, values: Sequence[Bound], offset: int, limit: int
    ) -> list[Appeal]:
        rows = self._execute(statement, (*values, limit, offset))
        return [appeal_of(row, self._keys) for row in rows]

    def buildings(self, area: str, limit: int) -> Sequence[str]:
        rows = self._execute(_BUILDINGS, (area, area, area, limit))
        return [building for (building,) in rows]

    def units(self, area: str, limit: int) -> Sequence[str]:
        rows = self._execute(_UNITS, (area, area, area, limit))
        return [unit for (unit,) in rows]


def _conditions(wish: Wish, days: Days) -> Iterator[tuple[str, *tuple[Bound, ...]]]:
    """Each condition with its values."""
    now, today, tomorrow_ends = (to_ms(day) for day in days)
    clocks: dict[Shelf, tuple[int, ...]] = {
        Shelf.DUE: (now, tomorrow_ends),
        Shelf.OVERDUE: (now,),
        Shelf.FRESH: (today,),
    }
    yield (_SHELVES[wish.shelf], *clocks.get(wish.shelf, ()))
    yield (_BELOW, wish.area, wish.area, wish.area)
    for column, value in (
        ("category = ?", wish.category),
        ("unit = ?", wish.unit),
        ("building = ?", wish.building),
        ("urgency = ?", wish.urgency),
        ("kind = ?", wish.kind),
        ("level = ?", wish.level),
    ):
        if value:
            yield (column, value)
    if wish.mine:
        yield ("(handler = ? OR claimed_by = ?)", wish.mine, wish.mine)
