"""The simulator's API: the made-up community speaks, the bot answers, everybody sees it live."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import msgspec
import pytest
import pytest_asyncio

from bot.app import DATA
from bot.models import Delivery
from bot.web.sandbox import HEADERS, LONGEST, MOST, MOST_BYTES, PICTURE_BYTES, WECOM_LONGEST
from tests.pictures import jpeg
from tests.web.doors import Door, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

GUARDED = {"X-Haitang-Sandbox": "1"}
QUESTION = "请问老人免费体检什么时候开始？"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    async with opened(tmp_path_factory.mktemp("sandbox")) as made:
        lines = len((DATA / "demo" / "talk.jsonl").read_text("utf-8").splitlines())
        for _ in range(500):
            if await played(made) == lines:
                break
            await asyncio.sleep(0.02)
        yield made


async def played(door: Door) -> int:
    """How much of the demo's talk is stored."""
    counts = await door.service.database.read(lambda store: store.traces.counts())
    return sum(counts.values())


async def say(door: Door, **words: Any) -> tuple[int, Any]:
    async with door.session.post(
        door.url + "/sandbox/api/say", json=words, headers=GUARDED
    ) as answer:
        return answer.status, msgspec.json.decode(await answer.read())


async def listed(door: Door, chat: str, limit: int = MOST) -> list[dict[str, Any]]:
    """The messages of a chat, once the bot has said what it is going to say."""
    for _ in range(100):
        counts = await door.service.database.read(lambda store: store.outbox.counts())
        told = await door.json("/sandbox/api/messages", chat=chat, limit=str(limit))
        found: list[dict[str, Any]] = told["messages"]
        if found and not counts.get(Delivery.QUEUED, 0) + counts.get(Delivery.SENDING, 0):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError("the bot never finished")


async def test_the_community_is_told_with_its_chats(door: Door) -> None:
    told = await door.json("/sandbox/api/community")
    assert told["bot"] == "海棠管家"
    assert told["wecom"] is True
    assert {chat["key"] for chat in told["chats"]} == {"g1", "g2", "g3", "g4", "aibot:group"}
    new = next(chat for chat in told["chats"] if chat["key"] == "g4")
    assert new["area_name"] == "未绑定"
    wang = next(person for person in told["people"] if person["user"] == "wang")
    assert (wang["name"], wang["role_name"], wang["chats"]) == (
        "王阿姨",
        "居民",
        ["g1", "g4", "aibot:group"],
    )


async def test_a_picture_goes_with_what_is_said(door: Door) -> None:
    picture = {"name": "灯.jpg", "data": base64.b64encode(jpeg()).decode()}
    words = {"who": "wang", "chat": "g1", "text": "7幢楼道灯又不亮了", "picture": picture}
    status, answer = await say(door, **words, id="p1")
    assert status == 200
    media = await door.service.database.read(lambda s: s.media.brought_by(answer["id"]))
    assert [each.name for each in media] == ["灯.jpg"]
    status, answer = await say(door, **(words | {"chat": "wecom:wang"}), id="p2")
    assert (status, "只收文字" in answer["error"]) == (400, True)


async def test_a_picture_in_a_notice_is_shown(door: Door) -> None:
    picture = {"name": "海报.jpg", "data": base64.b64encode(jpeg()).decode()}
    words = {"who": "chen", "chat": "g1", "text": "发布 紧急 立即 活动见图", "picture": picture}
    await say(door, **words, id="n1")
    shown: list[str] = []
    for number in range(100):
        await say(door, who="chen", chat="g1", text="确认", id=f"n2-{number}")
        told = await listed(door, "g1")
        shown = [message["picture"] for message in told if message.get("picture")]
        if shown:
            break
        await asyncio.sleep(0.05)
    async with door.session.get(door.url + shown[-1]) as answer:
        assert (answer.status, answer.content_type) == (200, "image/jpeg")
        assert (await answer.read()).startswith(b"\xff\xd8\xff")
    async with door.session.get(f"{door.url}/sandbox/pictures/{'0' * 64}") as answer:
        assert (answer.status, await answer.text()) == (404, "没有这张图。")


@pytest.mark.parametrize(
    ("size", "sentence"), [(PICTURE_BYTES + 1, "照片太大了"), (MOST_BYTES, "消息太长")]
)
async def test_a_picture_that_is_too_large_is_refused(door: Door, size: int, sentence: str) -> None:
    picture = {"name": "a.jpg", "data": base64.b64encode(b"x" * size).decode()}
    words = {"who": "wang", "chat": "g1", "text": "灯坏了", "picture": picture}
    async with door.session.post(
        door.url + "/sandbox/api/say",
        data=io.BytesIO(msgspec.json.encode(words)),
        headers=GUARDED,
    ) as answer:
        assert answer.status == 400
        assert sentence in await answer.text()


async def test_a_new_group_is_bound_in_its_chat(door: Door) -> None:
    await say(door, who="wang", chat="g4", text="早上好", id="b0")
    (said,) = (await door.json("/sandbox/api/messages?chat=g4"))["messages"]
    assert said["text"] == "（这个群还没绑定，没有叫机器人的话不保存）"
    await say(door, who="xu", chat="g4", text="绑定 第3微网格", id="b1")
    told = await door.json("/sandbox/api/community")
    new = next(chat for chat in told["chats"] if chat["key"] == "g4")
    assert (new["name"], new["area_name"]) == ("海棠苑新群", "第3微网格")


async def test_a_newcomer_finds_a_morning_of_talk(door: Door) -> None:
    talk = await listed(door, "g2")
    assert any(message["bot"] for message in talk)
    assert any(not message["bot"] for message in talk)


async def test_a_question_is_followed_by_its_answer(door: Door) -> None:
    status, said = await say(door, who="wang", chat="g1", text=QUESTION, id="q1")
    assert status == 200
    talk = await listed(door, "g1")
    ids = [message["id"] for message in talk]
    question = talk[ids.index(said["id"])]
    answer = talk[ids.index(said["id"]) + 1]
    assert (question["name"], question["text"], question["outcome"]) == (
        "王阿姨",
        QUESTION,
        "answered",
    )
    assert answer["bot"] is True
    assert answer["cause"] == said["id"]
    assert "【老年体检】" in answer["text"]
    # An answer stands behind its question, however late it was sent: only questions have order.
    asked = [message["at"] for message in talk if not message["bot"]]
    assert asked == sorted(asked)


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_the_newest_are_shown(door: Door, limit: int) -> None:
    await say(door, who="wang", chat="g1", text=QUESTION)
    everything = await listed(door, "g1")
    assert await listed(door, "g1", limit) == everything[-limit:]


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"chat": ""},
        {"chat": "@"},
        {"chat": "wecom:"},
        {"chat": "g1", "limit": "0"},
        {"chat": "g1", "limit": "-1"},
        {"chat": "g1", "limit": "501"},
        {"chat": "g1", "limit": "x"},
        {"chat": "g1", "limit": "²"},
        {"chat": "g1", "limit": "9" * 5000},
    ],
)
async def test_a_wrong_request_for_messages_is_explained(door: Door, query: dict[str, str]) -> None:
    status, body = await door.get("/sandbox/api/messages", **query)
    assert status == 400
    assert "会话" in msgspec.json.decode(body)["error"]


async def test_an_unknown_chat_is_empty(door: Door) -> None:
    assert await door.json("/sandbox/api/messages", chat="nowhere") == {"messages": []}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"who": "nobody"}, "没有这个人"),
        ({"who": ""}, "没有这个人"),
        ({"chat": "g2"}, "王阿姨不在这个群里"),
        ({"chat": "nowhere"}, "王阿姨不在这个群里"),
        ({"chat": "@lin"}, "私聊只能由本人说话"),
        ({"chat": "wecom:lin"}, "私聊只能由本人说话"),
        ({"chat": ""}, "没有这个会话"),
        ({"chat": "@"}, "没有这个会话"),
        ({"chat": "wecom:"}, "没有这个会话"),
        ({"text": ""}, "还没写内容"),
        ({"text": " \n\t　"}, "还没写内容"),
        ({"text": "长" * (LONGEST + 1)}, "太长了"),
        ({"chat": "wecom:wang", "text": "长" * (WECOM_LONGEST + 1)}, "太长了"),
        ({"id": "x" * 65}, "太长了"),
        ({"text": 5}, "格式不对"),
        ({"extra": 1}, "格式不对"),
        ({"text": "长" * 100_000}, "太长了"),
    ],
)
async def test_what_cannot_be_said_is_explained(
    door: Door, change: dict[str, Any], sentence: str
) -> None:
    before = await listed(door, "g1")
    status, told = await say(door, **({"who": "wang", "chat": "g1", "text": "在吗"} | change))
    assert status == 400
    assert sentence in told["error"]
    assert await listed(door, "g1") == before


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"who":"\xff"}', b"[" * 100_000]
)
async def test_what_is_not_json_is_refused(door: Door, body: bytes) -> None:
    async with door.session.post(
        door.url + "/sandbox/api/say", data=body, headers=GUARDED
    ) as answer:
        assert answer.status == 400
        assert "格式不对" in msgspec.json.decode(await answer.read())["error"]


async def test_what_is_badly_packed_is_refused(door: Door) -> None:
    headers = GUARDED | {"Content-Encoding": "gzip"}
    async with door.session.post(
        door.url + "/sandbox/api/say", data=b"not gzip", headers=headers
    ) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("headers", [{}, {"X-Haitang-Sandbox": "0"}, {"Origin": "http://evil"}])
async def test_other_pages_cannot_speak(door: Door, headers: dict[str, str]) -> None:
    before = await listed(door, "g1")
    words = {"who": "wang", "chat": "g1", "text": "在吗"}
    async with door.session.post(
        door.url + "/sandbox/api/say", json=words, headers=headers
    ) as answer:
        assert answer.status == 403
    assert await listed(door, "g1") == before


async def test_other_origins_get_no_permission_to_try(door: Door) -> None:
    headers = {
        "Origin": "http://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-haitang-sandbox",
    }
    async with door.session.options(door.url + "/sandbox/api/say", headers=headers) as answer:
        assert answer.status == 405
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("chat", ["g1", "@wang", "wecom:wang"])
async def test_a_repeat_is_the_same_message(door: Door, chat: str) -> None:
    words = {"who": "wang", "chat": chat, "text": QUESTION, "id": f"0a1b2c{chat[:1]}"}
    first = await say(door, **words)
    talk = await listed(door, chat)
    again = await asyncio.gather(*(say(door, **words) for _ in range(3)))
    assert first[0] == 200
    assert first[1]["id"]
    assert again == [first] * 3
    assert await listed(door, chat) == talk


async def test_a_private_chat_is_answered_in_private(door: Door) -> None:
    _, said = await say(door, who="zhou", chat="@zhou", text=QUESTION)
    private = await listed(door, "@zhou")
    assert [message["bot"] for message in private] == [False, True]
    assert said["id"] not in {message["id"] for message in await listed(door, "g2")}


async def trace(door: Door, message: str) -> Any:
    return await door.json("/sandbox/api/trace", message=message)


async def test_the_trace_of_an_answer(door: Door) -> None:
    _, said = await say(door, who="lin", chat="g1", text=QUESTION)
    await listed(door, "g1")
    told = await trace(door, said["id"])
    assert told["outcome"] == "answered"
    assert told["outcome_name"] == "回了"
    assert told["steps"]
    assert [(reply["to"], reply["state"]) for reply in told["replies"]] == [("海棠苑一群", "sent")]
    assert told["appeal"] is None


async def test_the_trace_of_silence(door: Door) -> None:
    _, said = await say(door, who="gu", chat="g3", text="今天天气不错")
    told = await trace(door, said["id"])
    assert (told["outcome"], told["replies"], told["appeal"]) == ("silent", [], None)
    assert told["steps"]


async def test_the_trace_of_an_appeal(door: Door) -> None:
    _, said = await say(door, who="tang", chat="g2", text="12幢3单元楼道灯又坏了", mention=True)
    await listed(door, "g2")
    told = await trace(door, said["id"])
    assert told["appeal"] is not None
    assert told["appeal"]["number"].startswith("SQ")
    assert told["appeal"]["place"].startswith("12幢")
    assert told["appeal"]["state"] == "待受理"


@pytest.mark.parametrize("query", [{}, {"message": ""}, {"message": "unknown"}])
async def test_no_trace_of_what_never_was(door: Door, query: dict[str, str]) -> None:
    status, body = await door.get("/sandbox/api/trace", **query)
    assert status == 404
    assert "找不到" in msgspec.json.decode(body)["error"]


class Listener:
    """Somebody who has the simulator open."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def event(self) -> tuple[str, Any]:
        """The next event's name and data."""
        async with asyncio.timeout(5):
            name = (await self._response.content.readline()).decode().strip()
            data = (await self._response.content.readline()).decode().strip()
            assert await self._response.content.readline() == b"\n"
        return name.removeprefix("event: "), msgspec.json.decode(data.removeprefix("data: "))


async def test_everyone_sees_both_sides_live(door: Door) -> None:
    url = door.url + "/sandbox/api/events"
    async with door.session.get(url) as one, door.session.get(url) as two:
        assert one.content_type == "text/event-stream"
        listeners = [Listener(one), Listener(two)]
        for listener in listeners:
            assert (await listener.event())[0] == "ping"
        _, said = await say(door, who="wang", chat="g1", text=QUESTION)
        for listener in listeners:
            seen = [await listener.event(), await listener.event()]
            assert {name for name, _ in seen} == {"message"}
            human = next(data for _, data in seen if not data["bot"])
            bot = next(data for _, data in seen if data["bot"])
            assert (human["id"], human["outcome"], human["chat"]) == (said["id"], "answered", "g1")
            assert (bot["cause"], bot["chat"]) == (said["id"], "g1")


async def test_line_ends_in_a_text_do_not_break_the_stream(door: Door) -> None:
    async with door.session.get(door.url + "/sandbox/api/events") as response:
        listener = Listener(response)
        await listener.event()
        text = "一\n\nevent: evil\ndata: {}\r\n二"
        await say(door, who="wang", chat="g1", text=text)
        name, data = await listener.event()
        assert (name, data["text"]) == ("message", "一\n\nevent: evil\ndata: {}\n二")


async def test_the_stand_in_is_reached_through_the_encrypted_door(door: Door) -> None:
    assert door.service.standins is not None
    fake = door.service.standins.app
    assert fake is not None
    calls = fake.send_calls
    status, said = await say(door, who="wang", chat="wecom:wang", text=QUESTION)
    assert status == 200
    talk = await listed(door, "wecom:wang")
    assert talk[-2]["id"] == said["id"]
    assert talk[-1]["bot"] is True
    assert fake.send_calls == calls + 1
    assert (fake.sent[-1].to, fake.sent[-1].text) == ("wang", talk[-1]["text"])
    stored = await door.service.database.read(lambda store: store.inbox.get(said["id"]))
    assert stored is not None
    assert stored.channel == "wecom_app/demo"


async def test_the_ai_bots_group_goes_over_the_long_connection(door: Door) -> None:
    assert door.service.standins is not None
    fake = door.service.standins.aibot
    status, said = await say(
        door, who="wang", chat="aibot:group", text="3幢楼道灯不亮", mention=True, id="a1"
    )
    assert status == 200
    talk = await listed(door, "aibot:group")
    assert [one["id"] for one in talk if not one["bot"]] == [said["id"]]
    assert (talk[0]["name"], talk[0]["mention"], talk[0]["text"]) == (
        "王阿姨",
        True,
        "3幢楼道灯不亮",
    )
    assert "已登记" in talk[-1]["text"]
    assert fake.said[-1].how == "aibot_respond_msg"
    assert fake.heard("wrDemoGroup")[-1] == talk[-1]["text"]
    again = await say(
        door, who="wang", chat="aibot:group", text="3幢楼道灯不亮", mention=True, id="a1"
    )
    assert again == (200, said)


async def test_in_the_ai_bots_group_only_a_mention_is_handed_over(door: Door) -> None:
    status, told = await say(door, who="wang", chat="aibot:group", text="3幢楼道灯不亮")
    assert (status, "没 @ 的它听不到" in told["error"]) == (400, True)


async def test_a_frame_that_never_arrives_is_told(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(user: str, text: str, message_id: str) -> None:
        """Nothing arrives."""

    assert door.service.sandbox is not None
    monkeypatch.setattr(door.service.sandbox, "post_aibot", lost)
    monkeypatch.setattr("bot.web.sandbox.ARRIVES_WITHIN", 0.1)
    status, told = await say(door, who="wang", chat="aibot:group", text="在吗", mention=True)
    assert (status, "再发一次" in told["error"]) == (502, True)


async def test_a_stand_in_that_refuses_is_told(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lost(user: str, text: str, message_id: str) -> None:
        """Nothing arrives."""

    assert door.service.sandbox is not None
    monkeypatch.setattr(door.service.sandbox, "post_wecom", lost)
    status, told = await say(door, who="wang", chat="wecom:wang", text="在吗")
    assert status == 502
    assert "再发一次" in told["error"]


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", "\"};alert(1)//'"],
)
async def test_words_of_residents_travel_as_json_only(door: Door, text: str) -> None:
    await say(door, who="wang", chat="@wang", text=text)
    async with door.session.get(
        door.url + "/sandbox/api/messages", params={"chat": "@wang"}
    ) as answer:
        assert answer.content_type == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        talk = msgspec.json.decode(await answer.read())["messages"]
    assert text in {message["text"] for message in talk}
    _, page = await door.get("/sandbox")
    assert text.encode() not in page


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sandbox"),
        ("GET", "/sandbox/"),
        ("GET", "/sandbox/api/community"),
        ("GET", "/sandbox/api/messages"),
        ("GET", "/sandbox/api/trace"),
        ("GET", "/sandbox/api/events"),
        ("POST", "/sandbox/api/say"),
        ("GET", "/sandbox/api/nothing"),
        ("PUT", "/sandbox/api/say"),
        ("GET", "/sandbox/static/app.js"),
        ("GET", "/sandbox/static/nothing.js"),
        ("GET", "/sandbox/wecom/cgi-bin/gettoken"),
    ],
)
async def test_every_answer_carries_the_security_headers(
    door: Door, method: str, path: str
) -> None:
    async with door.session.request(method, door.url + path) as answer:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/sandbox", "text/html"),
        ("/sandbox/static/app.js", "text/javascript"),
        ("/sandbox/static/sandbox.css", "text/css"),
        ("/sandbox/static/logo.svg", "image/svg+xml"),
    ],
)
async def test_files_have_their_kind(door: Door, path: str, kind: str) -> None:
    async with door.session.get(door.url + path) as answer:
        assert (answer.status, answer.content_type) == (200, kind)
        assert len(await answer.read()) > 100


async def test_everything_the_page_names_is_there(door: Door) -> None:
    _, page = await door.get("/sandbox")
    names = [part.split(b'"')[0] for part in page.split(b'"/sandbox/static/')[1:]]
    assert len(names) > 5
    for name in names:
        assert (await door.get(f"/sandbox/static/{name.decode()}"))[0] == 200


@pytest.mark.parametrize(
    "name",
    ["", "%2e%2e%2fsandbox.py", "..%2f..%2fcallbacks.py", "%2fetc%2fpasswd", "app.py"],
)
async def test_no_way_out_of_the_folder(door: Door, name: str) -> None:
    status, _ = await door.get("/sandbox/static/" + name)
    assert status == 404


async def test_the_front_door_leads_to_the_simulator(door: Door) -> None:
    async with door.session.get(door.url + "/", allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "/sandbox")


async def test_without_the_simulator_nothing_of_it_is_there(tmp_path: Path) -> None:
    async with opened(tmp_path, sandbox=False) as door:
        assert b"/sandbox" not in (await door.get("/"))[1]  # the console's sign-in page
        for path in (
            "/sandbox",
            "/sandbox/",
            "/sandbox/api/community",
            "/sandbox/api/events",
            "/sandbox/static/app.js",
            "/sandbox/wecom/cgi-bin/gettoken",
        ):
            assert (await door.get(path))[0] == 404
        assert (await door.get("/callback/wecom_app/demo"))[0] == 404
        assert door.service.standins is None
        assert "wecom_app/demo" not in door.service.channels
        assert "wecom_aibot/demo" not in door.service.channels
