"""Replies inside the response to a platform's call: given once, and the same again on a retry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot import Context, Router, always
from bot.engine.answers import Answers
from bot.engine.outbox import OutboxSender
from bot.errors import SendDeferred
from bot.metrics import Metrics
from bot.models import Delivery, Incoming, Outgoing
from bot.ports import Answer, AnsweringChannel, CallbackRequest, RidingChannel, Store
from bot.web.callbacks import Callbacks
from tests.engine.rig import START, Mouth, Rig, StandingClock, errors, rig

NAME = "answering/main"
router = Router("echo")


@router.on(always())
def echo(ctx: Context) -> None:
    """Each word is a reply of its own; a `!` says nothing."""
    for word in ctx.text.split():
        if word != "!":
            ctx.reply(word)


class Answering(Mouth):
    """A platform that takes `room` replies in its response: `sender:id:text` → `text|text`."""

    def __init__(self, clock: StandingClock, room: int = 1) -> None:
        super().__init__(clock, name=NAME)
        self.room = room

    def verify(self, request: CallbackRequest) -> str:
        """Whatever was sent."""
        return request.query["echo"] + request.tail

    def parse(self, request: CallbackRequest) -> Incoming | None:
        """The three parts of the body."""
        sender, message_id, text = request.body.decode().split(":")
        return Incoming(
            channel=NAME,
            chat="",
            sender=sender,
            message_id=message_id,
            text=text,
            sent_at=START,
            answerable=True,
        )

    def answer(
        self, request: CallbackRequest, incoming: Incoming | None, said: Sequence[Outgoing]
    ) -> Answer:
        """As many as there is room for."""
        rows = said[: self.room]
        return Answer("|".join(r.text for r in rows).encode(), carried=tuple(r.id for r in rows))


class Riding(Answering):
    """One that cannot speak of its own accord."""

    rides_along = True


class House:
    """The door with everything behind it."""

    def __init__(self, home: Rig, channel: Answering, sender: OutboxSender, url: str) -> None:
        self.rig = home
        self.channel = channel
        self.sender = sender
        self.url = url

    async def post(self, body: str) -> str:
        """One call of the platform."""
        async with ClientSession() as session, session.post(self.url, data=body.encode()) as answer:
            assert answer.status == 200
            return await answer.text()

    async def settled(self, rows: dict[Delivery, int]) -> bool:
        """Whether the ledger comes to look like this; it is written after the response."""
        for _ in range(200):
            if await self.rig.rows() == rows:
                return True
            await asyncio.sleep(0.01)
        return False


@asynccontextmanager
async def house(
    folder: Path, room: int = 1, kind: type[Answering] = Answering
) -> AsyncIterator[House]:
    async with rig(folder / "house.db", router) as home:
        channel = kind(home.clock, room)
        sender = OutboxSender(home.database, {NAME: channel}, home.clock)
        answers = Answers(home.database, home.clock)
        answers.on_returned = sender.wake
        app = web.Application()
        app.add_routes(Callbacks(home.engine, answers, {NAME: channel}, Metrics(), 4096).routes())
        running = asyncio.create_task(sender.run())
        async with TestServer(app) as server:
            yield House(home, channel, sender, str(server.make_url(f"/callback/{NAME}")))
        await sender.stop()
        await running


def test_the_double_is_an_answering_channel() -> None:
    assert isinstance(Answering(StandingClock()), AnsweringChannel)


async def test_the_reply_is_in_the_response_and_nowhere_else(tmp_path: Path) -> None:
    async with house(tmp_path) as door:
        assert await door.post("a:1:早") == "早"
        assert await door.settled({Delivery.SENT: 1})
        assert door.channel.sent == []


async def test_the_same_message_again_has_the_same_answer(tmp_path: Path) -> None:
    async with house(tmp_path) as door:
        assert [await door.post("a:1:早") for _ in range(3)] == ["早"] * 3
        assert await door.settled({Delivery.SENT: 1})


async def test_what_does_not_fit_is_sent_like_everything_else(tmp_path: Path) -> None:
    async with house(tmp_path) as door:
        assert await door.post("a:1:一 二 三") == "一"
        assert await door.settled({Delivery.SENT: 3})
        assert [text for _, text, _ in door.channel.sent] == ["二", "三"]


async def test_silence_is_an_empty_answer(tmp_path: Path) -> None:
    async with house(tmp_path) as door:
        assert await door.post("a:1:!") == ""


async def test_a_reply_that_no_response_took_is_sent_later(tmp_path: Path) -> None:
    async with house(tmp_path) as door:
        incoming = door.channel.parse(CallbackRequest({}, "a:1:早".encode()))
        assert incoming is not None
        await door.rig.engine.receive(incoming)
        await door.sender.drain()
        assert door.channel.sent == []
        door.rig.clock.pass_(7)
        await door.sender.drain()
        assert [text for _, text, _ in door.channel.sent] == ["早"]


async def test_a_secret_behind_the_name_reaches_the_channel(tmp_path: Path) -> None:
    async with (
        house(tmp_path) as door,
        ClientSession() as session,
        session.get(door.url + "/hidden", params={"echo": "x"}) as answer,
    ):
        assert await answer.text() == "xhidden"


async def test_what_waits_for_somebody_rides_along_with_the_next_answer(tmp_path: Path) -> None:
    async with house(tmp_path, room=3, kind=Riding) as door:
        assert isinstance(door.channel, RidingChannel)
        door.channel.script = errors(*[SendDeferred("不能主动说话", 21_600.0)] * 2)
        await wait_for(door, "甲", "12号已办好")
        await wait_for(door, "乙", "别人的事")
        assert await door.settled({Delivery.QUEUED: 2})
        assert await door.post("甲:1:早") == "早|12号已办好"
        assert await door.post("甲:1:早") == "早|12号已办好"
        assert await door.settled({Delivery.SENT: 2, Delivery.QUEUED: 1})
        assert await door.post("甲:2:早") == "早"


async def test_what_does_not_fit_keeps_waiting_without_a_try(tmp_path: Path) -> None:
    async with house(tmp_path, room=1, kind=Riding) as door:
        door.channel.script = errors(SendDeferred("不能主动说话", 21_600.0))
        await wait_for(door, "甲", "12号已办好")
        assert await door.settled({Delivery.QUEUED: 1})
        assert await door.post("甲:1:早") == "早"
        assert await door.settled({Delivery.SENT: 1, Delivery.QUEUED: 1})
        assert len(door.channel.tried) == 1
        assert await door.post("甲:2:!") == "12号已办好"


async def wait_for(door: House, user: str, text: str) -> None:
    """Put words for somebody into the ledger and let them be tried."""

    def add(store: Store) -> None:
        row = Outgoing(id="", channel=NAME, chat="", user=user, text=text)
        store.outbox.add(row, door.rig.clock.now(), due_at=None, once="")

    before = len(door.channel.tried)
    await door.rig.database.write(add)
    door.sender.wake()
    for _ in range(200):
        if len(door.channel.tried) > before:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it was not tried")
