"""Counting and listing residents' matters: aggregates over one range of time, never row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.models import Event, Kind, Run
from bot.models.ledger import Cell, Counts, Line, Load, Month, Scope, Sending, Today
from storage import ledger_sql as sql
from storage.appeal_rows import appeal_of
from storage.codec import from_ms, maybe_at, to_ms
from storage.events import opened
from storage.keys import Keyring
from storage.notices import SqliteNotices
from storage.savepoints import LazyConnection


class SqliteLedger:
    """Implements `bot.ports.Ledger`."""

    def __init__(self, connection: LazyConnection, keys: Keyring) -> None:
        self._execute = connection.execute
        self._keys = keys
        self._notices = SqliteNotices(connection)

    def counts(self, scope: Scope) -> Counts:
        now = to_ms(scope.now)
        row = self._execute(sql.COUNTS, (now, now, *_range(scope), *_area(scope.area))).fetchone()
        return Counts(
            accepted=row[0], merged=row[1], withdrawn=row[2], declined=row[3], hidden=row[4],
            answered_in_time=row[5], waiting=row[6], closed=row[7], closed_in_time=row[8],
            late=row[9], rated_good=row[10], rated_fair=row[11], rated_bad=row[12],
            unrated=row[13], reopened=row[14], suggestions=row[15], adopted=row[16],
            agenda=row[17], rejected=row[18], praise=row[19], owed=row[20],
        )  # fmt: skip

    def today(self, scope: Scope, next_from: datetime, next_until: datetime) -> Today:
        area, now = _area(scope.area), to_ms(scope.now)
        recorded = self._count(sql.RECORDED_IN, *_range(scope), *area)
        closed = self._count(sql.CLOSED_IN, *_range(scope), *area)
        row = self._execute(
            sql.TODAY,
            (to_ms(next_from), to_ms(next_until), now, *area),
        ).fetchone()
        return Today(
            recorded=recorded, closed=closed, needs_info=row[0], due_next=row[1], late=row[2],
            parked=row[3],
        )  # fmt: skip

    def month(self, scope: Scope) -> Month:
        row = self._execute(sql.MONTH, (*_range(scope), *_area(scope.area))).fetchone()
        return Month(scope.start, row[0], row[1])

    def cells(self, scope: Scope) -> Sequence[Cell]:
        return [Cell(*row) for row in self._execute(sql.CELLS, (*_range(scope), *_seen(scope)))]

    def transferred(self, scope: Scope) -> int:
        start, end = _range(scope)
        row = self._execute(sql.TRANSFERRED, (start, start, end, *_area(scope.area))).fetchone()
        return int(row[0])

    def median_hours(self, scope: Scope, closed: int) -> float | None:
        if not closed:
            return None
        middle = 2 - closed % 2
        rows = self._execute(
            sql.MEDIAN, (*_range(scope), *_area(scope.area), middle, (closed - 1) // 2)
        ).fetchall()
        took = [float(row[0]) / 3_600_000 for row in rows]
        return sum(took) / len(took) if took else None

    def lines(self, scope: Scope, kind: Kind, limit: int, skip: int = 0) -> Sequence[Line]:
        return self._lines(
            sql.RECORDED + sql.REACHED + " AND a.kind = ?",
            " ORDER BY a.created_at, a.number",
            *_range(scope), *_seen(scope), kind, limit, skip,
        )  # fmt: skip

    def late(self, scope: Scope, limit: int) -> Sequence[Line]:
        return self._lines(
            sql.RUNNING + " AND a.due_at < ? AND a.kind = '诉求'" + sql.REACHED,
            " ORDER BY a.due_at, a.number",
            to_ms(scope.now), *_seen(scope), limit, 0,
        )  # fmt: skip

    def due(self, scope: Scope, start: datetime, end: datetime, limit: int) -> Sequence[Line]:
        return self._lines(
            sql.RUNNING + " AND a.due_at >= ? AND a.due_at < ? AND a.kind = '诉求'" + sql.REACHED,
            " ORDER BY a.due_at, a.number",
            to_ms(start), to_ms(end), *_seen(scope), limit, 0,
        )  # fmt: skip

    def parked(self, scope: Scope, limit: int) -> Sequence[Line]:
        return self._lines(
            "a.state = '挂账' AND a.kind = '诉求'" + sql.REACHED,
            " ORDER BY a.parked_until, a.number",
            *_seen(scope), limit, 0,
        )  # fmt: skip

    def brought_up(self, scope: Scope, limit: int) -> Sequence[Line]:
        return self._lines(
            "a.venue <> '' AND a.escalated_at >= ? AND a.escalated_at < ?" + sql.REACHED,
            " ORDER BY a.escalated_at DESC, a.number DESC",
            *_range(scope), *_seen(scope), limit, 0,
        )  # fmt: skip

    def claimed(self, scope: Scope, limit: int) -> Sequence[Line]:
        return self._lines(
            "a.claimed_at >= ? AND a.claimed_at < ?" + sql.REACHED,
            " ORDER BY a.claimed_at DESC, a.number DESC",
            *_range(scope), *_seen(scope), limit, 0,
        )  # fmt: skip

    def to_contact(self, scope: Scope, until: datetime, limit: int) -> Sequence[Line]:
        return self._lines(
            sql.TO_CONTACT + sql.REACHED,
            " ORDER BY a.created_at, a.number",
            to_ms(until), *_range(scope), *_seen(scope), limit, 0,
        )  # fmt: skip

    def steps(self, scope: Scope, kind: Kind) -> Mapping[str, Sequence[Event]]:
        found: dict[str, list[Event]] = {}
        for row in self._execute(sql.STEPS, (*_range(scope), *_seen(scope), kind)):
            found.setdefault(row[0], []).append(_step(row, self._keys))
        return found

    def loads(self, area: str, now: datetime) -> Sequence[Load]:
        return [Load(*row) for row in self._execute(sql.LOADS, (to_ms(now), *_area(area)))]

    def sendings(self, scope: Scope, limit: int) -> Sequence[Sending]:
        rows = self._execute(sql.RUNS, (*_range(scope), limit)).fetchall()
        found = (self._sending(row, scope.area) for row in rows)
        return [sending for sending in found if sending is not None]

    def first(self, area: str) -> datetime | None:
        row = self._execute(sql.FIRST, _area(area)).fetchone()
        return maybe_at(row[0])

    def _count(self, where: str, *values: Any) -> int:
        row = self._execute(sql.COUNT + where, values).fetchone()
        return int(row[0])

    def _lines(self, where: str, order: str, *values: Any) -> Sequence[Line]:
        """`values` end with how many, and without how many."""
        statement = sql.LINE + sql.CHOSEN + where + order + " LIMIT ? OFFSET ?)" + order
        return [_line(row, self._keys) for row in self._execute(statement, values)]

    def _sending(self, row: Sequence[Any], area: str) -> Sending | None:
        """One run as far as it went to groups of the area; None when it did not."""
        notice = self._notices.get(row[0])
        run = Run(
            notice=row[0],
            planned_at=from_ms(row[1]),
            started_at=from_ms(row[2]),
            receivers=row[3],
        )
        states = dict(self._execute(sql.TOLD, (run.cause, *_area(area))).fetchall())
        if notice is None or not states:
            return None
        sent, failed = states.pop("sent", 0), states.pop("failed", 0)
        return Sending(
            notice=notice,
            run=run,
            author=row[4],
            sent=sent,
            failed=failed,
            waiting=sum(states.values()),
        )


def _range(scope: Scope) -> tuple[int, int]:
    return to_ms(scope.start), to_ms(scope.end)


def _area(area: str) -> tuple[str, str, str, str]:
    return area, area, area, area


def _seen(scope: Scope) -> tuple[str, str, str, str, bool]:
    return (*_area(scope.area), scope.everything)


def _line(row: Sequence[Any], keys: Keyring) -> Line:
    group, reporter, handler, supporters, merged, parent = row[-6:]
    return Line(
        appeal=appeal_of(row, keys),
        group=group,
        reporter=reporter,
        handler=handler,
        supporters=supporters,
        merged_number=merged,
        parent_number=parent,
    )


def _step(row: Sequence[Any], keys: Keyring) -> Event:
    _, event, at, actor, subject, action, reason, after = row
    return Event(
        id=event,
        at=from_ms(at),
        actor=actor,
        subject=subject,
        action=action,
        after=opened(keys, after, f"events.after {event}"),
        reason=keys.open(reason, f"events.reason {event}"),
    )
