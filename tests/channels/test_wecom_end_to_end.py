"""A member writes to the app, the answer comes back: every step over HTTP, every fault once."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.models import Delivery, Person, Role
from bot.testing import FakeWecom
from bot.testing.wecom import TEXT_LIMIT_BYTES
from bot.testing.wecom.callbacks import CALLBACK_TRIES
from tests.web.doors import MAIN, Door, logged, opened, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

AREA = "海棠街道/春晓社区/第1微网格"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("wecom"), sandbox=False) as made:
        await made.service.database.write(
            lambda store: store.people.save(
                Person(
                    id="wecom_app/main:guan",
                    channel="wecom_app/main",
                    user="guan",
                    name="管家",
                    role=Role.STEWARD,
                    area=AREA,
                )
            )
        )
        yield made


async def states(door: Door) -> dict[Delivery, int]:
    return dict(await door.service.database.read(lambda store: store.outbox.counts()))


async def test_a_resident_reports_and_asks_how_it_goes(door: Door) -> None:
    await door.post(door.fake.callback("li", "3幢楼道灯不亮"))
    await until(lambda: bool(door.heard("li")))
    assert "已登记" in door.heard("li")[0]
    await door.post(door.fake.callback("li", "进度"))
    await until(lambda: len(door.heard("li")) == 2)


async def test_the_platform_tries_three_times_and_gets_one_message(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform's own rule: no 200 within its patience, so the same message comes again."""
    receive = door.service.engine.receive
    monkeypatch.setattr(door.service.engine, "receive", slowed(receive, 0.3))
    callback = door.fake.callback("slow", "帮助", "123")
    answer = await door.fake.post_callback(
        door.session, door.url + MAIN, callback, tries=CALLBACK_TRIES, patience=0.1
    )
    assert (answer.status, answer.tries) == (0, CALLBACK_TRIES)
    await until(lambda: bool(door.heard("slow")))
    await asyncio.sleep(0.5)
    assert await door.stored("slow") == ["帮助"]
    assert len(door.heard("slow")) == 1


def slowed(receive: object, seconds: float) -> object:
    async def wait(incoming: object) -> object:
        await asyncio.sleep(seconds)
        return await receive(incoming)  # type: ignore[operator]

    return wait


async def test_a_crowd_is_answered_one_by_one(door: Door) -> None:
    users = [f"crowd{number}" for number in range(40)]
    answers = await asyncio.gather(*(door.post(door.fake.callback(user, "帮助")) for user in users))
    assert {status for status, _ in answers} == {200}
    await until(lambda: all(len(door.heard(user)) == 1 for user in users), 10)


async def test_messages_of_one_member_are_answered_in_their_order(door: Door) -> None:
    for text in ("帮助", "5幢电梯停了没人管", "帮助"):
        await door.post(door.fake.callback("steady", text))
    await until(lambda: len(door.heard("steady")) == 3)
    first, second, third = door.heard("steady")
    assert first == third
    assert "已登记" in second


async def test_an_answer_that_was_perhaps_delivered_is_not_repeated(door: Door) -> None:
    before = (await states(door)).get(Delivery.UNCERTAIN, 0)
    door.fake.drop_connection_next(delivered=True)
    await door.post(door.fake.callback("unsure", "帮助"))
    await until(lambda: bool(door.heard("unsure")))
    for _ in range(200):
        if (await states(door)).get(Delivery.UNCERTAIN, 0) > before:
            break
        await asyncio.sleep(0.01)
    assert (await states(door))[Delivery.UNCERTAIN] == before + 1
    assert len(door.heard("unsure")) == 1


async def test_a_member_out_of_reach_does_not_stop_the_others(door: Door) -> None:
    door.fake.unknown_users.add("hidden")
    await door.post(door.fake.callback("hidden", "帮助"))
    await door.post(door.fake.callback("visible", "帮助"))
    await until(lambda: bool(door.heard("visible")))
    assert door.heard("hidden") == []


@pytest.mark.parametrize(
    "text",
    [
        "\u202e反着写\u202c",
        "a\x00b",
        "👨‍👩‍👧" * 300,
        "长" * 5000,
        "]]>",
        "<!DOCTYPE x>",
        "@all",
        " ",
    ],
)
async def test_hostile_words_are_stored_and_answered_with_a_plain_text(
    door: Door, text: str
) -> None:
    user = f"hostile-{text.encode().hex()[:20]}"
    assert (await door.post(door.fake.callback(user, text)))[0] == 200
    stored = await door.stored(user)
    assert len(stored) == 1
    assert "\x00" not in stored[0]
    assert "\u202e" not in stored[0]
    await asyncio.sleep(0.05)
    for said in door.heard(user):
        assert len(said.encode()) <= TEXT_LIMIT_BYTES
        assert "@all" not in said


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What a running service writes to its log, at its most talkative."""
    with logged() as stream:
        yield stream


async def test_nothing_private_reaches_the_log(
    lines: io.StringIO, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Canaries through every way: words, refusals, sends that fail, handlers that fail."""
    phone, identity = "13900001234", "11010519491231002X"
    fake = FakeWecom(secret="canary-secret-of-ours", token="canaryTokenOfOurs")
    words = f"我的电话{phone}，身份证{identity}"
    async with opened(tmp_path, fake=fake) as door:
        await door.post(fake.callback("one", words))
        await until(lambda: bool(door.heard("one")))
        for fault in (45009, 40001, 81013, 60020):
            fake.fail_next(fault)
            await door.post(fake.callback(f"fault{fault}", words))
        fake.drop_connection_next()
        await door.post(fake.callback("dropped", words))
        fake.expire_token()
        fake.http_error_next(500, call="gettoken")
        await door.post(fake.callback("expired", words))
        good = fake.callback("forged", words)
        async with door.session.post(
            door.url + MAIN, params=good.query | {"nonce": phone}, data=good.body
        ) as answer:
            assert answer.status == 403
        async with door.session.get(f"{door.url}/{phone}/{fake.token}?secret={fake.secret}"):
            pass
        with monkeypatch.context() as broken:
            broken.setattr("bot.engine.engine._settle", _fail(words))
            await door.post(fake.callback("broken", words))
        async with door.session.post(
            door.url + "/sandbox/api/say",
            json={"who": "wang", "chat": "wecom:wang", "text": words},
            headers={"X-Haitang-Sandbox": "1"},
        ) as answer:
            assert answer.status == 200
        await asyncio.sleep(0.3)
        access_token = fake._access_token
    told = lines.getvalue()
    assert "callback refused" in told
    assert "message not stored" in told
    assert "message not sent" in told or "message uncertain" in told
    canaries = (phone, identity, fake.secret, fake.token, fake.encoding_aes_key, access_token)
    assert [canary for canary in canaries if canary and canary in told] == []


def _fail(words: str) -> object:
    def settle(*args: object) -> None:
        raise ValueError(f"cannot settle {words}")

    return settle
