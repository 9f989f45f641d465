"""When writes pile up, messages are only stored, and handled later in the order of their chat."""

from __future__ import annotations

import asyncio
import itertools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import Context, Router, always
from bot.errors import StorageError
from bot.models import Outcome
from bot.ports import Store
from tests.engine.rig import Jam, Rig, echo, rig, says


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "haitang.db"


def remembering(handled: list[tuple[str, str]]) -> Router:
    """A router that notes what it handles, and in which order."""
    router = Router("memory")

    @router.on(always())
    def note(ctx: Context) -> None:
        handled.append((ctx.incoming.chat or ctx.incoming.sender, ctx.text))

    return router


async def test_under_overload_messages_wait_and_keep_their_order(path: Path) -> None:
    handled: list[tuple[str, str]] = []
    async with rig(path, remembering(handled), max_waiting=2) as house:
        rung: list[int] = []
        house.engine.on_backlog = lambda: rung.append(1)
        jam = Jam(house.database)
        busy = asyncio.create_task(jam.hold())
        await asyncio.sleep(0)
        lines = [asyncio.create_task(house.engine.receive(says(str(n)))) for n in range(10)]
        await asyncio.sleep(0)
        jam.free()
        outcomes = [receipt.outcome for receipt in await asyncio.gather(*lines)]
        await busy
        assert outcomes == [Outcome.ACTED] * 3 + [Outcome.QUEUED] * 7
        assert [state for _, state in house.states()] == ["done"] * 3 + ["queued"] * 7
        assert rung == [1]  # one ring for all
        late = await house.engine.receive(says("10"))
        assert late.outcome is Outcome.QUEUED  # it must not overtake
        assert await house.engine.catch_up() == 8
        assert handled == [("g", str(n)) for n in range(11)]
        assert [state for _, state in house.states()] == ["done"] * 11
        assert (await house.engine.receive(says("11"))).outcome is Outcome.ACTED


async def test_a_waiting_message_that_comes_again_is_the_same_message(path: Path) -> None:
    async with rig(path, echo(), max_waiting=-1) as house:
        first, again = [await house.engine.receive(says("在吗")) for _ in range(2)]
        assert (first.outcome, first.duplicate, again.duplicate) == (Outcome.QUEUED, False, True)
        assert await house.engine.catch_up() == 1
        assert await house.said(first.message) == ["回：在吗"]
        assert await house.engine.catch_up() == 0


async def test_after_a_restart_newer_messages_wait_behind_older_ones(path: Path) -> None:
    handled: list[tuple[str, str]] = []
    async with rig(path, remembering(handled), max_waiting=-1) as house:
        await house.engine.receive(says("1"))
        await house.engine.receive(says("2"))
    async with rig(path, remembering(handled)) as house:
        await house.engine.resume()
        assert (await house.engine.receive(says("3"))).outcome is Outcome.QUEUED
        await house.engine.catch_up()
        assert handled == [("g", "1"), ("g", "2"), ("g", "3")]
        assert (await house.engine.receive(says("4"))).outcome is Outcome.ACTED
    async with rig(path, remembering(handled)) as house:
        await house.engine.resume()
        assert (await house.engine.receive(says("5"))).outcome is Outcome.ACTED


async def test_the_clock_takes_up_what_waits_when_nobody_else_does(path: Path) -> None:
    handled: list[tuple[str, str]] = []
    async with rig(path, remembering(handled), max_waiting=-1) as house:
        await house.engine.receive(says("1"))
    async with rig(path, remembering(handled)) as house:
        await house.engine.tick()
        assert handled == []
        await house.engine.resume()
        await house.engine.tick()
        assert handled == [("g", "1")]


async def test_what_comes_during_the_last_look_is_not_overtaken(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handled: list[tuple[str, str]] = []
    async with rig(path, remembering(handled), max_waiting=-1) as house:
        engine, loop = house.engine, asyncio.get_running_loop()
        await engine.receive(says("0"))
        look = engine._take_queued
        seen: list[object] = []

        def look_and_be_disturbed(store: Store, limit: int) -> object:
            found = look(store, limit)
            if not found and not seen:
                seen.append(asyncio.run_coroutine_threadsafe(engine.receive(says("1")), loop))
            return found

        monkeypatch.setattr(engine, "_max_waiting", 2000)
        monkeypatch.setattr(engine, "_take_queued", look_and_be_disturbed)
        await engine.catch_up()
        await engine.receive(says("2"))
        await engine.catch_up()
    assert handled == [("g", "0"), ("g", "1"), ("g", "2")]


async def test_a_failing_message_does_not_stop_those_behind_it(path: Path) -> None:
    router = Router("sour")

    @router.on(always())
    def sour(ctx: Context) -> None:
        ctx.reply("说了")
        if ctx.text == "2":
            raise ZeroDivisionError

    async with rig(path, router, max_waiting=-1) as house:
        receipts = [await house.engine.receive(says(text)) for text in "123"]
        assert await house.engine.catch_up() == 3
        assert [state for _, state in house.states()] == ["done", "failed", "done"]
        assert [len(await house.said(receipt.message)) for receipt in receipts] == [1, 0, 1]


async def test_a_broken_catch_up_is_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(path, echo(), max_waiting=-1) as house:
        rung: list[int] = []
        house.engine.on_backlog = lambda: rung.append(1)
        await house.engine.receive(says("1"))

        def fail(store: Store, limit: int) -> None:
            raise StorageError("磁盘满了")

        with monkeypatch.context() as patch:
            patch.setattr(house.engine, "_take_queued", fail)
            with pytest.raises(StorageError):
                await house.engine.catch_up()
        await house.engine.receive(says("2"))
        assert rung == [1, 1]
        assert await house.engine.catch_up() == 2


async def test_a_hold_that_fails_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with rig(path, echo(), max_waiting=-1) as house:

        def fail(*_: object) -> None:
            raise StorageError("磁盘满了")

        with monkeypatch.context() as patch:
            patch.setattr(house.engine, "_hold", fail)
            with pytest.raises(StorageError):
                await house.engine.receive(says("1"))
        assert house.states() == []
        assert (await house.engine.receive(says("1"))).outcome is Outcome.QUEUED


class Bench:
    """One house for many examples: each talks in chats of its own."""

    def __init__(self, path: Path) -> None:
        self.runner = asyncio.Runner()
        self.handled: list[tuple[str, str]] = []
        self._context = rig(path, remembering(self.handled), max_waiting=1)
        self.house: Rig = self.runner.run(self._context.__aenter__())
        self.examples = itertools.count()

    def close(self) -> None:
        self.runner.run(self._context.__aexit__(None, None, None))
        self.runner.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("bench") / "haitang.db")
    yield made
    made.close()


async def play(bench: Bench, deeds: list[str]) -> dict[str, list[str]]:
    """Do everything in turn, wait for nothing; what was said in which chat, in order."""
    example = next(bench.examples)
    said: dict[str, list[str]] = defaultdict(list)
    tasks: list[asyncio.Task[object]] = []
    jams: list[Jam] = []
    engine = bench.house.engine

    def start(coroutine: object) -> None:
        tasks.append(asyncio.create_task(coroutine))  # type: ignore[arg-type]

    engine.on_backlog = lambda: start(engine.catch_up())
    for number, deed in enumerate(deeds):
        match deed:
            case "jam":
                jams.append(Jam(bench.house.database))
                start(jams[-1].hold())
            case "free" if jams:
                jams.pop(0).free()
            case "catch up":
                start(engine.catch_up())
            case "breathe":
                await asyncio.sleep(0.001)
            case "free":
                await asyncio.sleep(0)
            case _:
                who = f"{example}{deed}"
                said[who].append(str(number))
                start(engine.receive(says(str(number), f"{example}-{number}", chat="", sender=who)))
                await asyncio.sleep(0)
    for jam in jams:
        jam.free()
    while tasks:
        await tasks.pop()
    await engine.catch_up()
    return said


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.sampled_from(["甲", "甲", "乙", "丙", "jam", "free", "catch up", "breathe"]), max_size=40
    )
)
def test_the_order_of_a_chat_holds_under_any_load(bench: Bench, deeds: list[str]) -> None:
    bench.handled.clear()
    said = bench.runner.run(play(bench, deeds))
    handled: dict[str, list[str]] = defaultdict(list)
    for who, text in bench.handled:
        handled[who].append(text)
    assert handled == said
