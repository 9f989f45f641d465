"""An AI bot in a running house: both modes, from a member's words to the bot's, and back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest

from bot.app import Service
from bot.config_sections import BotSection, Config, SandboxSection, ServerSection, StorageSection
from bot.errors import HaitangError
from bot.models import Delivery, Group, Incoming, Listen
from bot.ports import Store
from bot.serve import house
from bot.testing import FakeWecom
from bot.testing.wecom import FakeAibot, SignedCallback
from bot.wire import ask
from tests.pictures import jpeg
from tests.web.doors import logged, until

AREA = "海棠街道/春晓社区/第1微网格"
NAME = "wecom_aibot/main"
PATH = f"/callback/{NAME}"


class Street:
    """A running house with one AI bot in one group, and one app that is told of troubles."""

    def __init__(self, url: str, service: Service, fake: FakeAibot, app: FakeWecom) -> None:
        self.url = url
        self.service = service
        self.fake = fake
        self.app = app
        self.session = aiohttp.ClientSession()

    async def post(self, callback: SignedCallback) -> tuple[int, bytes]:
        async with self.session.post(
            self.url + PATH, params=callback.query, data=callback.body
        ) as answer:
            return answer.status, await answer.read()

    async def says(self, user: str, text: str, **fields: Any) -> dict[str, Any] | None:
        """A callback with a group message; what the response holds."""
        body = self.fake.message(user, text, chat="wrGroup", **fields)
        self.fake.know(body)
        callback = self.fake.callbacks.seal(body)
        status, answer = await self.post(callback)
        assert status == 200
        return self.fake.callbacks.read(callback, answer)

    async def stored(self) -> list[Incoming]:
        rows = await self.service.database.read(
            lambda store: store.inbox.recent(NAME, "wrGroup", "", 1000)
        )
        return [incoming for _, incoming in rows]

    async def settled(self) -> list[Delivery]:
        """What became of everything said in the group, once nothing is under way any more."""
        while True:
            rows = await self.service.database.read(
                lambda store: store.outbox.recent(NAME, "wrGroup", "", 1000)
            )
            states = [row.state for row in rows]
            if Delivery.SENDING not in states:
                return states
            await asyncio.sleep(0.01)

    async def metric(self, line: str) -> float:
        async with self.session.get(self.url + "/metrics") as answer:
            text = await answer.text()
        return next(
            (float(row.split()[-1]) for row in text.splitlines() if row.startswith(line + " ")), 0.0
        )


def _bind(store: Store) -> None:
    store.people.save_group(
        Group(
            id="g",
            channel=NAME,
            chat="wrGroup",
            name="海棠苑一群",
            area=AREA,
            listen=Listen.MENTION,
        )
    )


@asynccontextmanager
async def opened(folder: Path, mode: str) -> AsyncIterator[Street]:
    fake, app = FakeAibot(), FakeWecom()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(fake.serve())
        app_url = await stack.enter_async_context(app.serve())
        config = Config(
            bot=BotSection(alarms=["wecom_app/main:ZhangSan"]),
            server=ServerSection(port=0),
            storage=StorageSection(path=str(folder / "haitang.db")),
            sandbox=SandboxSection(enabled=False),
            channels={
                "wecom_aibot": {"main": fake.settings(mode, AREA)},
                "wecom_app": {"main": msgspec.structs.replace(app.settings(app_url), area=AREA)},
            },
        )
        service, url = await stack.enter_async_context(house(config))
        await service.database.write(_bind)
        street = Street(url, service, fake, app)
        stack.push_async_callback(street.session.close)
        yield street


async def test_a_report_over_the_long_connection_and_a_push_later(tmp_path: Path) -> None:
    async with opened(tmp_path, "connection") as street:
        await until(lambda: street.fake.live is not None)
        pushed = await street.fake.push(street.fake.message("li", "3幢楼道灯不亮", chat="wrGroup"))
        await until(lambda: bool(street.fake.said))
        assert street.fake.said[0].how == "aibot_respond_msg"
        assert "已登记" in street.fake.said[0].text
        assert street.fake.live is not None
        await street.fake.live.push(pushed.req_id, pushed.body, is_event=False)
        await street.fake.push(street.fake.event("li", "enter_chat"))
        await until(lambda: bool(street.fake.heard("li")))
        assert street.fake.said[-1].how == "aibot_respond_welcome_msg"
        assert len(await street.stored()) == 1
        assert len(street.fake.heard("wrGroup")) == 1
        assert await street.metric(f'haitang_channel_connected{{channel="{NAME}"}}') == 1


async def test_who_is_driven_out_tells_somebody_and_waits_for_the_command(tmp_path: Path) -> None:
    database = tmp_path / "haitang.db"
    async with opened(tmp_path, "connection") as street:
        await until(lambda: street.fake.live is not None)
        await street.fake.kick()
        await until(lambda: bool(street.app.sent))
        assert street.app.sent[0].to == "ZhangSan"
        assert "haitang reconnect wecom_aibot/main" in street.app.sent[0].text
        assert await street.metric('haitang_channel_troubles_total{reason="kicked"}') == 1
        assert await street.metric(f'haitang_channel_connected{{channel="{NAME}"}}') == 0
        with pytest.raises(HaitangError, match="没有长连接的通道「wecom_app/main」"):
            await ask(database, "POST", "reconnect", b"wecom_app/main")
        assert await ask(database, "POST", "reconnect", b"") == NAME.encode()
        await until(lambda: street.fake.live is not None)


async def test_a_callback_is_answered_in_its_response_and_written_down(tmp_path: Path) -> None:
    async with opened(tmp_path, "callback") as street:
        reply = await street.says("li", "3幢楼道灯不亮", msgid="M1")
        assert reply is not None
        assert reply["stream"]["finish"] is True
        assert "已登记" in reply["stream"]["content"]
        again = await street.says("li", "3幢楼道灯不亮", msgid="M1")
        assert again == reply
        assert len(await street.stored()) == 1
        assert await street.settled() == [Delivery.SENT]
        assert street.fake.said == []


async def test_a_repetition_before_the_answer_was_ready_is_answered_too(tmp_path: Path) -> None:
    async with opened(tmp_path, "callback") as street:
        body = street.fake.message("li", "帮助", chat="wrGroup")
        callback = street.fake.callbacks.seal(body)
        answers = await asyncio.gather(*(street.post(callback) for _ in range(3)))
        assert {status for status, _ in answers} == {200}
        assert any(answer for _, answer in answers)
        assert len(await street.stored()) == 1
        assert await street.settled() == [Delivery.SENT]


async def test_the_url_check_is_answered_at_once(tmp_path: Path) -> None:
    async with opened(tmp_path, "callback") as street:
        echo = street.fake.callbacks.echo("1616140317555161061")
        async with (
            asyncio.timeout(1),
            street.session.get(street.url + PATH, params=echo.query) as answer,
        ):
            assert (answer.status, await answer.read()) == (200, b"1616140317555161061")


async def test_what_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    fake_of_another = FakeAibot(token="another")
    fake_of_another.app("http://127.0.0.1:9")
    with logged() as lines:
        async with opened(tmp_path, "callback") as street:
            good = street.fake.callbacks.seal(street.fake.message("li", "我的电话13900001234"))
            for query, body in (
                (good.query | {"nonce": "other"}, good.body),
                (good.query, good.body[:-9] + b'AAAAAA="}'),
                (good.query, b"{"),
                ({}, good.body),
                (good.query, b'{"encrypt":"' + b"A" * 300_000 + b'"}'),
            ):
                status, answer = await street.post(SignedCallback(query, body))
                assert 400 <= status < 500
                assert answer == b""
            other = fake_of_another.callbacks.seal(fake_of_another.message("li", "在吗"))
            assert (await street.post(other))[0] == 403
            assert await street.stored() == []
            assert await street.metric(f'haitang_refused_callbacks_total{{channel="{NAME}"}}') == 6
            secrets = (street.fake.callbacks.token, street.fake.callbacks.encoding_aes_key)
    told = lines.getvalue()
    assert [word for word in (*secrets, "13900001234") if word in told] == []


async def test_a_late_reply_takes_the_response_url_and_it_stays_out_of_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.wecom_aibot.callback_mode._fitting", lambda said: ([], ""))
    with logged() as lines:
        async with opened(tmp_path, "callback") as street:
            address = street.fake.response_url("wrGroup")
            assert await street.says("li", "帮助", response_url=address) is None
            await until(lambda: bool(street.fake.said))
            assert street.fake.said[0].how == "response_url"
    assert address.partition("response_code=")[2] not in lines.getvalue()


@pytest.mark.parametrize("mode", ["connection", "callback"])
async def test_a_photo_is_fetched_opened_and_kept_with_its_appeal(
    tmp_path: Path, mode: str
) -> None:
    async with opened(tmp_path, mode) as street:
        image = street.fake.picture(jpeg(), "灯.jpg", sealed=mode == "connection")
        items = [
            {"msgtype": "text", "text": {"content": "@海棠管家 登记 3幢楼道灯不亮"}},
            {"msgtype": "image", "image": image},
        ]
        body = street.fake.message("li", chat="wrGroup", kind="mixed", mixed={"msg_item": items})
        if mode == "connection":
            await until(lambda: street.fake.live is not None)
            await street.fake.push(body)
        else:
            assert (await street.post(street.fake.callbacks.seal(body)))[0] == 200
        kept: list[Path] = []
        for _ in range(300):
            kept = await asyncio.to_thread(pictures, tmp_path)
            if kept:
                break
            await asyncio.sleep(0.02)
        assert kept


def pictures(folder: Path) -> list[Path]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return [path for path in files if path.read_bytes()[:3] == b"\xff\xd8\xff"]
