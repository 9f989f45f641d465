"""The real clock and its bell."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.engine.clock import Bell, SystemClock


def test_the_clock_knows_its_zone() -> None:
    now = SystemClock().now()
    assert now.tzinfo is not None
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


async def test_the_bell_rings_again_after_a_failure_and_falls_silent() -> None:
    rung: asyncio.Queue[int] = asyncio.Queue()

    async def ring() -> None:
        rung.put_nowait(1)
        raise ZeroDivisionError

    bell = Bell(ring, 0.05)
    bell.start()
    for _ in range(2):
        await asyncio.wait_for(rung.get(), 5)
    bell.stop()
    await asyncio.sleep(0.2)
    assert rung.empty()


async def test_a_bell_that_never_rang_can_be_stopped() -> None:
    async def ring() -> None:
        raise AssertionError

    Bell(ring).stop()


async def test_a_bell_that_is_stopped_while_it_rings_says_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rings = asyncio.Event()

    async def ring() -> None:
        rings.set()
        await asyncio.sleep(60)

    bell = Bell(ring, 0.01)
    bell.start()
    await rings.wait()
    bell.stop()
    await asyncio.sleep(0.05)
    assert caplog.messages == []
