"""The way of one message: stored and handled once, or kept as failed, or nothing at all."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import Context, DomainError, Filter, Form, NotFound, Router, SkipHandler, always, keyword
from bot.engine.engine import Receipt
from bot.errors import StorageError
from bot.models import Delivery, Listen, Outcome
from tests.engine.rig import START, add_group, echo, rig, says


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "haitang.db"


async def test_the_same_message_three_times_at_once_is_one_message(path: Path) -> None:
    async with rig(path, echo()) as house:
        receipts = await asyncio.gather(*(house.engine.receive(says("在吗")) for _ in range(3)))
        (first,) = [receipt for receipt in receipts if not receipt.duplicate]
        assert first.outcome is Outcome.ANSWERED
        assert [r for r in receipts if r.duplicate] == [
            Receipt("", Outcome.SILENT, duplicate=True)
        ] * 2
        assert house.states() == [("在吗", "done")]
        assert await house.rows() == {Delivery.QUEUED: 1}
        assert await house.said(first.message) == ["回：在吗"]


async def test_a_message_is_known_after_a_restart(path: Path) -> None:
    async with rig(path, echo()) as house:
        await house.engine.receive(says("在吗"))
    async with rig(path, echo()) as house:
        assert (await house.engine.receive(says("在吗"))).duplicate
        assert not (await house.engine.receive(says("在吗", sender="居民乙"))).duplicate
        assert await house.rows() == {Delivery.QUEUED: 2}


async def test_many_messages_each_three_times_and_shuffled(path: Path) -> None:
    async with rig(path, echo()) as house:
        messages = [says(f"第{n}句", chat="g" if n % 2 else "") for n in range(100)] * 3
        messages.sort(key=lambda message: hash((message.text, id(message))))
        receipts = await asyncio.gather(*map(house.engine.receive, messages))
        assert sum(receipt.duplicate for receipt in receipts) == 200
        assert len(house.states()) == 100
        assert await house.rows() == {Delivery.QUEUED: 100}


def failing(
    handler: Callable[[Context], None] | None = None,
    condition: Filter | None = None,
    refusal: Callable[[Context, DomainError], None] | None = None,
) -> Router:
    """A router whose handler does a lot before it fails at 坏了."""
    router = Router("failing", refusal=refusal)

    @router.on(condition or keyword("坏了"))
    def fail(ctx: Context) -> None:
        ctx.explain("做了一半")
        ctx.reply("马上来")
        ctx.ask("几幢？", "topic", {})
        if handler is not None:
            handler(ctx)

    return router


def boom(*_: Any) -> Any:
    raise ZeroDivisionError


def not_found(*_: Any) -> Any:
    raise NotFound("12")


@pytest.mark.parametrize(
    "router",
    [
        failing(boom),
        failing(condition=Filter(lambda ctx: "坏了" in ctx.text and boom(), "坏")),
        failing(not_found),
        failing(not_found, refusal=boom),
    ],
    ids=["handler", "filter", "no refusal", "refusal"],
)
async def test_a_failure_is_undone_kept_and_told_to_nobody(router: Router, path: Path) -> None:
    async with rig(path, router, echo()) as house:
        receipt = await house.engine.receive(says("坏了"))
        assert (receipt.outcome, receipt.said, receipt.duplicate) == (Outcome.FAILED, 0, False)
        assert house.states() == [("坏了", "failed")]
        assert await house.rows() == {}
        trace = await house.database.read(lambda store: store.traces.get(receipt.message))
        assert trace is not None
        assert trace.outcome is Outcome.FAILED
        assert "改动已全部撤销" in trace.steps[-1]
        now = house.clock.now()
        assert await house.database.read(lambda s: s.dialogs.take("c", "g", "居民甲", now)) is None
        after = await house.engine.receive(says("在吗"))
        assert await house.said(after.message) == ["回：在吗"]
        assert (await house.engine.receive(says("坏了"))).duplicate


async def test_a_failing_neighbour_in_the_same_commit_harms_nobody(path: Path) -> None:
    async with rig(path, failing(boom), echo()) as house:
        texts = ["坏了" if n % 3 == 0 else f"第{n}句" for n in range(30)]
        messages = [says(text, f"m{n}") for n, text in enumerate(texts)]
        receipts = await asyncio.gather(*map(house.engine.receive, messages))
        expected = [Outcome.FAILED if n % 3 == 0 else Outcome.ANSWERED for n in range(30)]
        assert [receipt.outcome for receipt in receipts] == expected
        assert await house.rows() == {Delivery.QUEUED: 20}


async def test_what_a_handler_did_before_it_skipped_is_undone(path: Path) -> None:
    first = Router("first")

    @first.on(always())
    def hesitate(ctx: Context) -> None:
        ctx.explain("不是我的")
        ctx.reply("没说过")
        ctx.ask("没问过", "topic", {})
        raise SkipHandler

    async with rig(path, first, echo()) as house:
        receipt = await house.engine.receive(says("在吗"))
        assert receipt.said == 1
        assert await house.said(receipt.message) == ["回：在吗"]
        trace = await house.database.read(lambda store: store.traces.get(receipt.message))
        assert trace is not None
        assert (trace.handler, trace.steps) == ("echo.repeat", ("不是我的",))
        now = house.clock.now()
        assert await house.database.read(lambda s: s.dialogs.take("c", "g", "居民甲", now)) is None


async def test_a_refusal_answers_and_what_was_begun_is_undone(path: Path) -> None:
    def refuse(ctx: Context, error: DomainError) -> None:
        ctx.reply(f"没有{error}号")

    async with rig(path, failing(not_found, refusal=refuse), echo()) as house:
        receipt = await house.engine.receive(says("坏了"))
        assert (receipt.outcome, receipt.said) == (Outcome.ANSWERED, 1)
        assert await house.said(receipt.message) == ["没有12号"]


async def test_a_full_disk_is_no_failing_handler_and_nothing_is_kept(path: Path) -> None:
    full = [True]

    def strike(ctx: Context) -> None:
        if full:
            raise sqlite3.OperationalError("database or disk is full")

    async with rig(path, failing(strike), echo()) as house:
        with pytest.raises(StorageError, match="请检查磁盘"):
            await house.engine.receive(says("坏了"))
        assert house.states() == []
        full.clear()
        receipt = await house.engine.receive(says("坏了"))
        assert await house.said(receipt.message) == ["马上来", "几幢？"]


async def test_a_commit_that_fails_is_told_and_the_message_may_come_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with rig(path, echo()) as house:

        def fail(*_: Any) -> None:
            raise sqlite3.OperationalError("disk I/O error")

        with monkeypatch.context() as patch:
            patch.setattr(house.database._writer, "_run_one", fail)
            with pytest.raises(StorageError, match="I/O"):
                await house.engine.receive(says("在吗"))
        assert house.states() == []
        assert (await house.engine.receive(says("在吗"))).outcome is Outcome.ANSWERED


async def test_an_unknown_group_is_met_with_silence(path: Path) -> None:
    async with rig(path, echo()) as house:
        receipt = await house.engine.receive(says("在吗", chat="elsewhere"))
        assert (receipt.outcome, receipt.said) == (Outcome.SILENT, 0)
        trace = await house.database.read(lambda store: store.traces.get(receipt.message))
        assert trace is not None
        assert trace.steps == ("这个群还没有登记到任何网格，只回答帮助、危险和「绑定」",)
        assert house.states() == [("", "done")]  # nobody agreed that it is kept


def of_every_kind() -> list[Router]:
    """One handler of each kind; each answers with its name."""
    talk, danger = Router("talk"), Router("danger", safety=True)

    @danger.on(keyword("着火"))
    def safety(ctx: Context) -> None:
        ctx.reply("safety")

    @talk.answer("place")
    def place(ctx: Context) -> None:
        ctx.settle_question()
        ctx.reply("answer")

    @talk.command("清单", form=Form.ALONE)
    def listing(ctx: Context) -> None:
        if "问" in ctx.incoming.message_id:
            ctx.ask("几幢？", "place", {})
        else:
            ctx.reply("command")

    @talk.on(always())
    def chat(ctx: Context) -> None:
        ctx.reply("talk")

    return [talk, danger]


@pytest.mark.parametrize(
    ("listen", "text", "mention", "heard"),
    [
        (Listen.ALL, "今天降温", False, "talk"),
        (Listen.ALL, "清单", False, "command"),
        (Listen.ALL, "着火了", False, "safety"),
        (Listen.COMMANDS, "今天降温", False, ""),
        (Listen.COMMANDS, "今天降温", True, "talk"),
        (Listen.COMMANDS, "清单", False, "command"),
        (Listen.COMMANDS, "着火了", False, "safety"),
        (Listen.MENTION, "今天降温", False, ""),
        (Listen.MENTION, "清单", False, ""),
        (Listen.MENTION, "清单", True, "command"),
        (Listen.MENTION, "@海棠管家 清单", False, "command"),
        (Listen.MENTION, "今天降温", True, "talk"),
        (Listen.MENTION, "着火了", False, "safety"),
        (Listen.NONE, "今天降温", False, ""),
        (Listen.NONE, "清单", True, ""),
        (Listen.NONE, "着火了", False, "safety"),
    ],
)
async def test_a_group_hears_what_it_is_set_to(
    listen: Listen, text: str, mention: bool, heard: str, path: Path
) -> None:
    async with rig(path, *of_every_kind()) as house:
        await house.database.write(lambda store: add_group(store, "h", listen))
        receipt = await house.engine.receive(says(text, chat="h", mentioned=mention))
        assert await house.said(receipt.message) == ([heard] if heard else [])
        trace = await house.database.read(lambda store: store.traces.get(receipt.message))
        assert trace is not None
        assert ("设为" in "".join(trace.steps)) is (heard == "")


@pytest.mark.parametrize("listen", [Listen.ALL, Listen.COMMANDS, Listen.MENTION])
async def test_the_answer_to_a_question_is_heard_in_every_mode(listen: Listen, path: Path) -> None:
    async with rig(path, *of_every_kind()) as house:
        await house.database.write(lambda store: add_group(store, "h", listen))
        await house.engine.receive(says("清单", "问", chat="h", mentioned=True))
        stranger = await house.engine.receive(says("3幢", "1", chat="h", sender="居民乙"))
        assert "answer" not in await house.said(stranger.message)
        receipt = await house.engine.receive(says("3幢", "2", chat="h"))
        assert await house.said(receipt.message) == ["answer"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\x00b\u202ec", "abc"),
        ("\ud800半个", "半个"),
        ("🙂" * 2000, "🙂" * 2000),
        ("字" * 100_000, "字" * 3999 + "…"),
        ("", ""),
        ("'; DROP TABLE inbox; --", "'; DROP TABLE inbox; --"),
    ],
    ids=["hidden", "surrogate", "emoji", "long", "empty", "quotes"],
)
async def test_hostile_text_is_stored_cleaned(text: str, stored: str, path: Path) -> None:
    async with rig(path, echo()) as house:
        await house.engine.receive(says(text, "m1", sender_name="名\x00字"))
        assert house.states() == [(stored, "done")]


async def test_a_failing_tick_is_undone_alone(path: Path) -> None:
    from bot import Scene

    clockwork = Router("clockwork")

    def at_eight(scene: Scene) -> datetime:
        return START + timedelta(hours=1)

    def unknown(scene: Scene) -> datetime:
        raise ZeroDivisionError

    @clockwork.tick(at_eight)
    def broken(scene: Scene) -> None:
        scene.announce(group(scene), "没说过")
        raise ZeroDivisionError

    @clockwork.tick(unknown)
    def never(scene: Scene) -> None:
        scene.announce(group(scene), "没说过")

    @clockwork.tick(at_eight)
    def works(scene: Scene) -> None:
        scene.announce(group(scene), "到点了", once="8")

    @clockwork.tick(lambda scene: None)
    def idle(scene: Scene) -> None:
        scene.announce(group(scene), "没说过")

    def group(scene: Scene) -> Any:
        return scene.people.group_by_id("c:g")

    async with rig(path, clockwork) as house:
        heard: list[str] = []
        house.engine.on_said = lambda: heard.append("said")
        await house.engine.tick()
        assert (await house.rows(), heard) == ({}, [])  # nothing is due
        assert await house.engine.next_due() == START + timedelta(hours=1)
        house.clock.pass_(3600)
        await house.engine.tick()
        await house.engine.tick()
        assert (await house.rows(), heard) == ({Delivery.QUEUED: 1}, ["said"])
