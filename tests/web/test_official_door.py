"""An Official Account in the running house: the answer is in the response, once and for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.channels.official_account import OfficialAccountSettings
from bot.models import Delivery, Outgoing
from bot.ports import Store
from bot.testing import FakeOfficial, SignedCallback
from tests.web.doors import Door, opened, until

KEY = "HaitangHaitangHaitangHaitangHaitangHaitang0"
NAME = "official_account/street"
PATH = f"/callback/{NAME}"


class Street:
    """The house and the account before it."""

    def __init__(self, door: Door, fake: FakeOfficial) -> None:
        self.door = door
        self.fake = fake

    async def say(self, callback: SignedCallback) -> str:
        """What the platform shows the follower: the reply's text, "" for none."""
        status, body = await self.door.post(callback, PATH)
        assert status == 200
        return self.fake.read(body).get("Content", "")

    async def rows(self) -> list[tuple[str, Delivery]]:
        """The ledger towards 王阿姨."""

        def read(store: Store) -> list[tuple[str, Delivery]]:
            return [(r.text, r.state) for r in store.outbox.recent(NAME, "", "oWang", 50)]

        return await self.door.service.database.read(read)

    async def tried(self) -> int:
        """How often the first row was tried in vain and lies in the ledger again."""

        def read(store: Store) -> int:
            row = store.outbox.recent(NAME, "", "oWang", 1)[0]
            return row.attempts if row.state is Delivery.QUEUED else 0

        return await self.door.service.database.read(read)

    async def tell(self, text: str) -> None:
        """Something the bot wants to say of its own accord."""

        def add(store: Store) -> None:
            row = Outgoing(id="", channel=NAME, chat="", user="oWang", text=text)
            store.outbox.add(row, self.door.service.clock.now(), due_at=None, once="")

        await self.door.service.database.write(add)
        self.door.service.sender.wake()


@asynccontextmanager
async def street(folder: Path, key: str, *, service: bool = False) -> AsyncIterator[Street]:
    fake = FakeOfficial(encoding_aes_key=key)
    async with fake.serve() as base_url:
        settings = OfficialAccountSettings(
            app_id=fake.app_id,
            token=fake.token,
            encoding_aes_key=key,
            secret=fake.secret,
            customer_service=service,
            area="海棠街道/春晓社区",
            base_url=base_url,
        )
        also = {"official_account": {"street": settings}}
        async with opened(folder, sandbox=False, also=also) as door:
            yield Street(door, fake)


@pytest.mark.parametrize("key", ["", KEY], ids=["plain", "safe"])
async def test_the_answer_is_in_the_response_and_the_same_again(tmp_path: Path, key: str) -> None:
    async with street(tmp_path, key) as there:
        callback = there.fake.callback("oWang", "3幢楼道灯不亮")
        first = await there.say(callback)
        assert first.startswith("已登记")
        assert [await there.say(callback) for _ in range(2)] == [first, first]
        assert [text for text, _ in await there.rows()] == [first]
        assert there.fake.sent == []


async def test_who_follows_is_greeted_once(tmp_path: Path) -> None:
    async with street(tmp_path, KEY) as there:
        event = {"Event": "subscribe", "EventKey": ""}
        hello = await there.say(there.fake.callback("oWang", msg_type="event", fields=event))
        assert "只用来办事" in hello
        again = event | {"EventKey": "qrscene_3"}
        assert await there.say(there.fake.callback("oWang", msg_type="event", fields=again)) == ""
        click = {"Event": "CLICK", "EventKey": "帮助"}
        shown = await there.say(there.fake.callback("oWang", msg_type="event", fields=click))
        assert "查进度" in shown
        gone = {"Event": "unsubscribe", "EventKey": ""}
        assert await there.say(there.fake.callback("oWang", msg_type="event", fields=gone)) == ""


async def test_what_may_not_be_said_first_comes_with_the_next_answer(tmp_path: Path) -> None:
    async with street(tmp_path, KEY) as there:
        await there.tell("12号已办好")
        for _ in range(500):
            if await there.tried():
                break
            await asyncio.sleep(0.01)
        assert "12号已办好" in await there.say(there.fake.callback("oWang", "帮助"))
        assert there.fake.sent == []


async def test_with_the_right_it_is_said_at_once(tmp_path: Path) -> None:
    async with street(tmp_path, KEY, service=True) as there:
        there.fake.left["oWang"] = 5
        await there.tell("12号已办好")
        await until(lambda: there.fake.sent == [("oWang", "12号已办好")])


async def test_a_forged_body_is_refused_and_not_stored(tmp_path: Path) -> None:
    async with street(tmp_path, KEY) as there:
        callback = there.fake.callback("oWang", "帮助")
        forged = SignedCallback(callback.query, callback.body.replace(b"A", b"B", 1))
        status, body = await there.door.post(forged, PATH)
        assert (400 <= status < 500, body) == (True, b"")
        assert await there.rows() == []
