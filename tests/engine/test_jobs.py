"""Work beside the messages: done once in effect, tried again, never lost by a restart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot import Context, Router, Scene, always
from bot.engine import jobs
from bot.engine.jobs import AT_ONCE, MAX_ATTEMPTS, JobRunner, Result, Worker
from bot.errors import JobDeferred, JobRefused, StorageError
from bot.models import Delivery, Job, JobState
from bot.ports import Store
from tests.engine.rig import START, Rig, knowledge, rig, says


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "haitang.db"


class Yard:
    """A house with a runner whose one worker does what its script says."""

    def __init__(self, house: Rig) -> None:
        self.house = house
        self.begun: list[dict[str, str]] = []
        self.script: list[BaseException | None] = []
        self.given_up: list[str] = []
        self.settled: list[JobState] = []
        self.runner = self.restarted()

    def restarted(self) -> JobRunner:
        """A runner as the next start of the program makes it."""
        worker = Worker(work=self.work, give_up=self.give_up, patience=0.2)
        runner = JobRunner(self.house.database, {"ring": worker}, knowledge(), self.house.clock)
        runner.on_settled = lambda job, state: self.settled.append(state)
        self.runner = runner
        return runner

    async def work(self, job: Job) -> Result:
        """Ring a bell in the group."""
        self.begun.append(job.payload)
        error = self.script.pop(0) if self.script else None
        if error is not None:
            raise error
        return self.ring

    def ring(self, scene: Scene) -> None:
        """What a job leaves behind."""
        group = scene.people.group_by_id("c:g")
        assert group is not None
        scene.announce(group, "叮")

    def give_up(self, scene: Scene, job: Job, reason: str) -> None:
        self.given_up.append(reason)

    async def add(self, kind: str = "ring", **payload: str) -> None:
        """Queue a job."""
        job = Job(id="", kind=kind, payload=payload, due_at=self.house.clock.now())
        await self.house.database.write(lambda store: store.jobs.add(job, START, ""))

    async def counts(self) -> dict[JobState, int]:
        return dict(await self.house.database.read(lambda store: store.jobs.counts()))

    async def due(self) -> float:
        """Seconds until the next job is due."""
        at = await self.house.database.read(lambda store: store.jobs.next_due())
        assert at is not None
        return (at - self.house.clock.now()).total_seconds()


@asynccontextmanager
async def yard(path: Path) -> AsyncIterator[Yard]:
    async with rig(path) as house:
        yield Yard(house)


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise TimeoutError


async def test_a_handler_asks_for_work_and_it_is_done_after_the_commit(path: Path) -> None:
    router = Router("bell")

    @router.on(always())
    def ask(ctx: Context) -> None:
        assert ctx.jobs.add("ring", {"how": "loud"}, once="bell") is (ctx.text == "敲")

    async with rig(path, router) as house:
        made, woken = Yard(house), []
        house.engine.on_jobs = lambda: woken.append("up")
        receipt = await house.engine.receive(says("敲"))
        await house.engine.receive(says("再敲"))
        assert (made.begun, woken) == ([], ["up", "up"])
        await made.runner.drain()
        assert made.begun == [{"how": "loud"}]
        assert await house.said(receipt.message) == ["叮"]


async def test_work_that_a_failing_handler_asked_for_is_never_begun(path: Path) -> None:
    router = Router("bell")

    @router.on(always())
    def ask(ctx: Context) -> None:
        ctx.jobs.add("ring", {})
        raise ZeroDivisionError

    async with rig(path, router) as house:
        made = Yard(house)
        await house.engine.receive(says())
        await made.runner.drain()
        assert made.begun == []


async def test_a_tick_may_ask_for_work(path: Path) -> None:
    router = Router("clock")

    @router.tick(lambda scene: START)
    def ask(scene: Scene) -> None:
        scene.jobs.add("ring", {}, once="once")

    async with rig(path, router) as house:
        made, woken = Yard(house), []
        house.engine.on_jobs = lambda: woken.append("up")
        await house.engine.tick()
        await made.runner.drain()
        assert (made.begun, woken) == ([{}], ["up"])


async def test_what_fails_is_tried_again_later_each_time(path: Path) -> None:
    async with yard(path) as made:
        made.script = [OSError("秘密"), JobDeferred("限流", after=600.0), None]
        await made.add()
        await made.runner.drain()
        first = await made.due()
        assert 1.0 <= first <= 1.2
        made.house.clock.pass_(first)
        await made.runner.drain()
        assert 600.0 <= await made.due() <= 720.0
        made.house.clock.pass_(720)
        await made.runner.drain()
        assert made.settled == [JobState.QUEUED, JobState.QUEUED, JobState.DONE]
        assert await made.house.rows() == {Delivery.QUEUED: 1}


async def test_what_never_works_dies_and_its_owner_is_told(path: Path) -> None:
    async with yard(path) as made:
        made.script = [OSError("秘密")] * (MAX_ATTEMPTS + 5)
        await made.add()
        for _ in range(MAX_ATTEMPTS + 5):
            await made.runner.drain()
            made.house.clock.pass_(400)
        assert len(made.begun) == MAX_ATTEMPTS
        assert await made.counts() == {JobState.DEAD: 1}
        assert made.given_up == ["OSError"]  # never a stranger's message: it may hold a secret


@pytest.mark.parametrize(
    ("kind", "error", "reason"),
    [("ring", JobRefused("不是照片"), ["不是照片"]), ("dance", None, [])],
    ids=["refused", "nobody can"],
)
async def test_what_cannot_be_done_dies_at_once(
    path: Path, kind: str, error: JobRefused | None, reason: list[str]
) -> None:
    async with yard(path) as made:
        made.script = [error]
        await made.add(kind)
        await made.runner.drain()
        assert (made.settled, made.given_up) == ([JobState.DEAD], reason)


async def test_effects_and_end_are_one(path: Path) -> None:
    """A result that fails leaves nothing behind, and the job is tried again."""
    async with yard(path) as made:

        def broken(scene: Scene) -> None:
            Yard.ring(made, scene)
            raise ZeroDivisionError

        made.ring = broken  # type: ignore[method-assign]
        await made.add()
        await made.runner.drain()
        assert await made.house.rows() == {}
        assert made.settled == [JobState.QUEUED]


async def test_a_worker_that_hangs_does_not_hold_its_place_for_ever(path: Path) -> None:
    async with yard(path) as made:

        async def hang(job: Job) -> Result:
            await asyncio.sleep(60)
            return made.ring

        made.work = hang  # type: ignore[method-assign]
        await made.add()
        await made.restarted().drain()
        assert made.settled == [JobState.QUEUED]


async def test_a_job_that_the_process_died_with_begins_anew(path: Path) -> None:
    async with yard(path) as made:
        await made.add()
        await made.house.database.write(lambda store: store.jobs.claim(START, 1))
        await made.runner.drain()
        assert made.begun == []  # it runs, as far as anybody knows
        runner = made.restarted()
        assert await runner.resume() == 1
        await runner.drain()
        assert (made.begun, made.settled) == ([{}], [JobState.DONE])
        assert await runner.resume() == 0


async def test_a_job_that_kills_the_process_each_time_is_let_go(path: Path) -> None:
    async with yard(path) as made:
        await made.add()
        for _ in range(MAX_ATTEMPTS):
            await made.house.database.write(lambda store: store.jobs.claim(START, 1))
            await made.runner.resume()
        await made.runner.drain()
        assert (made.begun, made.settled) == ([], [JobState.DEAD])


async def test_jobs_run_side_by_side_and_a_stop_lets_them_begin_anew(path: Path) -> None:
    async with yard(path) as made:
        gate = asyncio.Event()

        async def wait(job: Job) -> Result:
            made.begun.append(job.payload)
            await gate.wait()
            return made.ring

        worker = Worker(work=wait)
        runner = JobRunner(made.house.database, {"ring": worker}, knowledge(), made.house.clock)
        for _ in range(AT_ONCE + 2):
            await made.add()
        running = asyncio.create_task(runner.run())
        await until(lambda: len(made.begun) == AT_ONCE)
        await runner.stop(0.05)
        await running
        assert await made.counts() == {JobState.RUNNING: AT_ONCE, JobState.QUEUED: 2}
        await runner.resume()
        gate.set()
        await runner.drain()
        assert await made.counts() == {JobState.DONE: AT_ONCE + 2}


async def test_the_runner_wakes_for_new_work_and_for_due_work(path: Path) -> None:
    async with yard(path) as made:
        said: list[str] = []
        made.runner.on_said = lambda: said.append("said")
        running = asyncio.create_task(made.runner.run())
        await asyncio.sleep(0.05)
        await made.add()
        made.runner.wake()
        await until(lambda: made.settled == [JobState.DONE])
        assert said == ["said"]
        await made.runner.stop()
        await running


async def test_a_full_disk_is_waited_out(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "DATABASE_PAUSE", 0.01)
    async with yard(path) as made:
        real, full = made.house.database.write, [2]

        async def write(fn: Callable[[Store], Any], *args: Any, **kwargs: Any) -> Any:
            if made.begun and full[0]:
                full[0] -= 1
                raise StorageError("满了")
            return await real(fn, *args, **kwargs)

        monkeypatch.setattr(made.house.database, "write", write)
        running = asyncio.create_task(made.runner.run())
        await made.add()
        made.runner.wake()
        await until(lambda: made.settled == [JobState.DONE])
        assert len(made.begun) == 1
        await made.runner.stop()
        with suppress(StorageError):
            await running
