"""Background tasks that nobody awaits."""

from __future__ import annotations

import asyncio
import gc

from structlog.testing import capture_logs

from bot.engine.tasks import Tasks


async def test_a_task_lives_though_nobody_holds_it() -> None:
    tasks, done = Tasks(), asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    tasks.spawn(work(), "work")
    gc.collect()
    assert tasks.running == 1
    await asyncio.wait_for(done.wait(), 1)
    await tasks.drain(1)
    assert tasks.running == 0


async def test_a_failure_is_logged_with_the_task_s_name() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    tasks = Tasks()
    with capture_logs() as logs:
        tasks.spawn(fail(), "catch-up")
        await tasks.drain(1)
        await asyncio.sleep(0)
    assert [(entry["task"], entry["error"]) for entry in logs] == [
        ("catch-up", "ZeroDivisionError")
    ]


async def test_draining_waits_for_a_while_then_cancels() -> None:
    ended: list[str] = []

    async def work(name: str, seconds: float) -> None:
        try:
            await asyncio.sleep(seconds)
            ended.append(name)
        except asyncio.CancelledError:
            ended.append(f"{name} cancelled")
            raise

    tasks = Tasks()
    tasks.spawn(work("quick", 0.01), "quick")
    tasks.spawn(work("slow", 30), "slow")
    with capture_logs() as logs:
        await tasks.drain(0.1)
    assert ended == ["quick", "slow cancelled"]
    assert logs == []


async def test_draining_nothing_is_done_at_once() -> None:
    await asyncio.wait_for(Tasks().drain(60), 0.5)
