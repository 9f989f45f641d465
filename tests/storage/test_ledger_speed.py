"""A hundred thousand matters, and every figure of a month and a year within 200 ms."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.models import SHANGHAI, Audience, Kind, Place, Rating, State
from bot.models.ledger import Scope
from bot.rules.counting import Period, month
from storage.codec import to_ms
from storage.store import SqliteStore
from tests.storage.samples import appeal

MATTERS = 100_000
START = datetime(2024, 1, 1, tzinfo=SHANGHAI)
NOW = datetime(2026, 11, 1, tzinfo=SHANGHAI)
COMMUNITY = "海棠街道/春晓社区"
LIMIT_MS = 200.0
CATEGORIES = ("GGSS", "HJWS", "TCGL", "DTGZ", "ZYRM", "FWLS", "LLJF", "SDQN")


def fill(store: SqliteStore) -> None:
    """A matter every quarter of an hour for almost three years, and its history."""
    dice = random.Random(7)
    lines: list[tuple[str, int, str, str]] = []
    store.connection.execute("BEGIN")
    for number in range(MATTERS):
        at = START + timedelta(minutes=15 * number)
        done = dice.random() < 0.95
        store.appeals.add(
            appeal(
                number, number=f"SQ{at:%Y%m%d}-{number:06d}", created_at=at,
                due_at=at + timedelta(days=5), contact_due_at=at + timedelta(hours=24),
                contacted_at=at + timedelta(hours=30 * dice.random()),
                category=dice.choice(CATEGORIES), place=Place(building=f"{dice.randint(1, 40)}幢"),
                state=State.STRUCK if done else dice.choice([State.WORKING, State.PARKED]),
                closed_at=at + timedelta(hours=200 * dice.random()) if done else None,
                rating=dice.choice([None, Rating.GOOD, Rating.FAIR]) if done else None,
                area=f"{COMMUNITY}/第{dice.randint(1, 9)}微网格",
                handler=f"c:{dice.randint(1, 20)}", text="路灯不亮" * 20,
                kind=Kind.SUGGESTION if dice.random() < 0.1 else Kind.APPEAL,
                audience=Audience.PRIVATE if dice.random() < 0.05 else Audience.PUBLIC,
            )
        )  # fmt: skip
        lines += [
            (f"e{number}{action}", to_ms(at), f"appeal:a{number}", action)
            for action in ("登记", "转办")
        ]
    # Past the audit, whose hashes would take longer than everything else here.
    store.connection.executemany(
        "INSERT INTO events (id, at, actor, subject, action, before, after, cause, reason)"
        " VALUES (?, ?, 'c:1', ?, ?, '{}', '{}', '', '')",
        lines,
    )
    store.connection.execute("COMMIT")


def questions(store: SqliteStore, period: Period) -> dict[str, Callable[[], object]]:
    """What a page or a report asks."""
    ledger = store.ledger
    scope = Scope(area=COMMUNITY, start=period.start, end=period.end, now=NOW)
    return {
        "counts": lambda: ledger.counts(scope),
        "transferred": lambda: ledger.transferred(scope),
        "median": lambda: ledger.median_hours(scope, 2_000),
        "today": lambda: ledger.today(scope, period.start, period.end),
        "month": lambda: ledger.month(scope),
        "cells": lambda: ledger.cells(scope),
        "late": lambda: ledger.late(scope, 500),
        "parked": lambda: ledger.parked(scope, 500),
        "due": lambda: ledger.due(scope, period.start, period.end, 200),
        "to_contact": lambda: ledger.to_contact(scope, period.end, 500),
        "claimed": lambda: ledger.claimed(scope, 500),
        "brought_up": lambda: ledger.brought_up(scope, 500),
        "lines": lambda: ledger.lines(scope, Kind.APPEAL, 500),
        "loads": lambda: ledger.loads(COMMUNITY, NOW),
        "sendings": lambda: ledger.sendings(scope, 500),
        "first": lambda: ledger.first(COMMUNITY),
    }


@pytest.mark.slow
def test_every_figure_is_there_within_200_ms(store: SqliteStore) -> None:
    fill(store)
    year = Period(datetime(2025, 1, 1).date(), datetime(2025, 12, 31).date())  # noqa: DTZ001
    taken = {
        f"{period.name} {name}": _fastest(ask)
        for period in (month(2026, 10), year)
        for name, ask in questions(store, period).items()
    }
    assert {name: ms for name, ms in taken.items() if ms >= LIMIT_MS} == {}


def _fastest(ask: Callable[[], object]) -> float:
    """Milliseconds of this thread's work, the best of three: others use the machine too."""
    found = []
    for _ in range(3):
        before = time.thread_time()
        ask()
        found.append((time.thread_time() - before) * 1000)
    return min(found)
