"""How values look in the database."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.models import SHANGHAI
from storage import codec


@pytest.mark.parametrize(
    ("at", "milliseconds"),
    [
        (datetime(1970, 1, 1, tzinfo=UTC), 0),
        (datetime(1970, 1, 1, 8, 0, 1, tzinfo=SHANGHAI), 1000),
        (datetime(2026, 11, 21, 9, 0, 0, 123_000, tzinfo=SHANGHAI), 1_795_222_800_123),
        (datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC), -1000),
        (datetime(2026, 11, 21, 9, 0, 0, 999_600, tzinfo=SHANGHAI), 1_795_222_801_000),
    ],
)
def test_times_are_utc_milliseconds(at: datetime, milliseconds: int) -> None:
    assert codec.to_ms(at) == milliseconds
    assert abs(codec.from_ms(milliseconds) - at) <= timedelta(milliseconds=0.5)
    assert codec.from_ms(milliseconds).utcoffset() == timedelta(hours=8)


def test_a_naive_time_is_refused() -> None:
    naive = datetime(2026, 11, 21, 9, 0)  # noqa: DTZ001 - that is the fault
    with pytest.raises(ValueError, match="naive"):
        codec.to_ms(naive)
    with pytest.raises(ValueError, match="naive"):
        codec.maybe_ms(naive)


def test_nothing_stays_nothing() -> None:
    assert codec.maybe_ms(None) is None
    assert codec.maybe_at(None) is None
    assert codec.maybe_at(0) == datetime(1970, 1, 1, tzinfo=UTC)


def test_ids_sort_as_they_were_made() -> None:
    made = [codec.new_id() for _ in range(50_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert len({len(identity) for identity in made}) == 1


@pytest.mark.parametrize("step", [-3600.0, 0.0, 3600.0])
def test_ids_sort_though_the_clock_is_moved(step: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "_last", 0)
    before = [codec.new_id() for _ in range(10)]
    moved = time.time_ns() + int(step * 1e9)
    monkeypatch.setattr(time, "time_ns", lambda: moved)
    made = before + [codec.new_id() for _ in range(10)]
    assert made == sorted(made)
