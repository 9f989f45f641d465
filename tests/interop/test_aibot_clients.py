"""The platform's own clients talk to our stand-in, so it is faithful; then ours does the same."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.models import Incoming, MediaKind
from bot.testing.wecom import FakeAibot
from tests.channels.wecom_aibot.kit import connected, notice, reply_to
from tests.interop.programs import HERE, Told, node, python_with, running
from tests.web.doors import until

pytestmark = pytest.mark.interop

PICTURE = b"\x89PNG of a broken lamp" * 100
DIGEST = hashlib.sha256(PICTURE).hexdigest()


@asynccontextmanager
async def client(kind: str, fake: FakeAibot) -> AsyncIterator[Told]:
    """One of the official clients, subscribed."""
    if kind == "node":
        command = (node(), "aibot_client.mjs")
    else:
        command = (python_with("aibot"), str(HERE / "aibot_client.py"))
    url = fake.settings().connection_url
    async with running(*command, url, fake.bot_id, fake.secret) as told:
        await told.until("authenticated")
        yield told


def check_talk(fake: FakeAibot) -> None:
    """What every bot must have said to `电梯坏了`."""
    assert [(said.how, said.chat) for said in fake.said] == [
        ("aibot_respond_msg", "wrGroup"),
        ("aibot_send_msg", "wrGroup"),
    ]
    assert fake.said[0].body["stream"]["finish"] is True
    assert fake.said[0].text.endswith("电梯坏了")
    assert fake.said[1].text == "主动说一句"


@pytest.mark.parametrize("kind", ["node", "python"])
async def test_an_official_client_answers_and_pushes(kind: str) -> None:
    fake = FakeAibot()
    async with fake.serve(), client(kind, fake) as told:
        await fake.push(fake.message("li", "电梯坏了", chat="wrGroup"))
        await told.until("answered")
        check_talk(fake)
        await fake.push(fake.event("li", "enter_chat"))
        await told.until("welcomed")
        assert fake.said[-1].how == "aibot_respond_welcome_msg"


@pytest.mark.parametrize("kind", ["node", "python"])
async def test_an_official_client_opens_our_pictures(kind: str) -> None:
    fake = FakeAibot()
    async with fake.serve(), client(kind, fake) as told:
        await fake.push(fake.message("li", kind="image", image=fake.picture(PICTURE, "灯.png")))
        found = await told.until("downloaded")
        assert found["sha256"] == DIGEST
        if kind == "node":
            assert found["filename"] == "灯.png"
            uploaded = await told.until("uploaded")
            file = fake.media.uploaded[uploaded["mediaId"]]
            assert (file.name, len(file.data)) == ("月报.pdf", 1_300_000)
            assert fake.said[-1].text == uploaded["mediaId"]


async def test_the_node_client_stays_away_when_it_was_driven_out() -> None:
    fake = FakeAibot()
    async with fake.serve(), client("node", fake) as told:
        await fake.kick()
        await told.until("disconnected")
        await asyncio.sleep(0.5)
        assert len(fake.subscriptions) == 1


async def test_the_node_client_comes_back_after_a_clean_end() -> None:
    fake = FakeAibot()
    async with fake.serve(), client("node", fake) as told:
        await fake.close(1000)
        await told.until("authenticated")


async def test_ours_says_and_sees_the_same() -> None:
    async with connected() as rig:
        await rig.live()
        heard = await rig.hears("li", "电梯坏了", chat="wrGroup")
        await rig.channel.send(reply_to(heard, f"听到：{heard.text}"))
        await rig.channel.send(notice("主动说一句", chat="wrGroup"))
        check_talk(rig.fake)
        image = rig.fake.picture(PICTURE, "灯.png")
        await rig.fake.push(rig.fake.message("li", kind="image", image=image))
        await until(lambda: len(rig.received) == 2)
        seen: Incoming = rig.received[-1]
        fetched = await rig.channel.fetch(seen.attachments[0], 10_000)
        assert (hashlib.sha256(fetched.data).hexdigest(), fetched.name) == (DIGEST, "灯.png")
        media_id = await rig.channel.upload(MediaKind.FILE, "月报.pdf", bytes(1_300_000))
        assert len(rig.fake.media.uploaded[media_id].data) == 1_300_000
