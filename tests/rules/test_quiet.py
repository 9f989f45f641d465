"""The hours in which nobody is disturbed."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from bot.rules.quiet import QuietHours


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{clock}+08:00")


@pytest.mark.parametrize(
    ("said", "out"),
    [
        ("21T21:29", "21T21:29"),
        ("21T21:30", "22T07:00"),
        ("21T23:59", "22T07:00"),
        ("22T00:00", "22T07:00"),
        ("22T06:59", "22T07:00"),
        ("22T07:00", "22T07:00"),
        ("22T12:00", "22T12:00"),
    ],
)
def test_a_night(said: str, out: str) -> None:
    assert QuietHours().after(at(said)) == at(out)


@pytest.mark.parametrize(
    ("said", "out"),
    [("22T00:59", "22T00:59"), ("22T01:00", "22T06:00"), ("22T06:00", "22T06:00")],
)
def test_after_midnight_only(said: str, out: str) -> None:
    assert QuietHours(time(1), time(6)).after(at(said)) == at(out)


def test_none_at_all() -> None:
    assert QuietHours(time(0), time(0)).after(at("22T03:00")) == at("22T03:00")
